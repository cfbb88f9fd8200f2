public import EventModel

/// How a row of a view hangs together with time: what reading a past moment has to know of it.
public enum RowMoment: Equatable {
    /// Any event may change it: a snapshot has to keep it.
    case kept
    /// It is an interaction's row, and follows from the interaction's own events alone.
    case interaction(String)
    /// Only events recorded on that day, counted from 1970 in UTC, change it, and the first one of a
    /// later day, which closes it.
    case recordedDay(Int32)
    /// A fold of a past moment goes without. Ranges of one person's are folded from the events of
    /// their interactions; what follows from other such rows is read from a view folded whole.
    case present

    /// The day that a moment lies on.
    public static func day(of moment: Timestamp) -> Int32 { MetricInterval.day(of: moment) }

    /// When a day begins.
    public static func start(ofDay day: Int32) -> Timestamp {
        MetricInterval.start(ofDay: day)
    }

    /// What a key of an interaction's row says.
    static func interaction(key: RawSpan) throws(ViewFault) -> RowMoment {
        .interaction(try key.keyText(at: 1).text)
    }
}

/// What a view keeps now and then of its rows as they are.
public enum KeptStates: Sendable {
    /// Nothing.
    case none
    /// A few rows, beside others that are known of any day.
    case beside
    /// All rows that a fold of a past moment begins with.
    case base
}

extension Projection where Self: ~Copyable {
    /// Nothing is known of rows but that events change them.
    public static func moment(ofKey key: RawSpan) throws(ViewFault) -> RowMoment { .kept }

    /// None is.
    public static func person(ofRange start: RawSpan) -> CustomerID? { nil }

    /// Nothing.
    public static var keptStates: KeptStates { .none }

    /// Any may.
    public static func changesKept(_ event: borrowing EventView) -> Bool { true }
}

extension QueuesProjection {
    /// Interactions follow from their events, what all of a person's contacts are from those of
    /// their interactions; who waits and who serves is kept. When each interaction was heard of
    /// last would be kept for ever.
    public static func moment(ofKey key: RawSpan) throws(ViewFault) -> RowMoment {
        guard key.byteCount > 0 else { return .kept }
        switch key[0] {
        case InteractionKey.prefix: return try .interaction(key: key)
        case PersonRow.prefix, SilenceRow.prefix: return .present
        default: return .kept
        }
    }

    /// What all contacts of a person are.
    public static func person(ofRange start: RawSpan) -> CustomerID? {
        guard start.byteCount >= 9, start[0] == PersonRow.prefix else { return nil }
        return CustomerID(rawValue: start.load(bigEndian: UInt64.self, at: 1))
    }

    /// Who waited and who served at a moment cannot be told without folding everything before it.
    public static var keptStates: KeptStates { .base }
}

extension MetricsProjection {
    /// Interactions follow from their events, figures stand under the day they were recorded on, and which
    /// feeds tell of a queue under that on which they first did; feeds and versions of definitions are kept; all others serve figures by contact, person and survey.
    public static func moment(ofKey key: RawSpan) throws(ViewFault) -> RowMoment {
        guard key.byteCount > 0 else { return .kept }
        switch key[0] {
        case InteractionKey.prefix: return try .interaction(key: key)
        case MetricCell.prefix, LevelRow.prefix, LevelDayRow.prefix, ClosedFigures.prefix,
            ClosedLevels.prefix:
            return .recordedDay(try MetricPlace(key: key).recordedDay)
        case FeedNotes.prefix: return .recordedDay(try FeedNotes.recordedDay(ofKey: key))
        case SourceRow.prefix, MetricsDefinitionKind.prefix: return .kept
        default: return .present
        }
    }

    /// How far feeds reached at a moment is known of no day.
    public static var keptStates: KeptStates { .beside }

    /// What a feed says of itself, and definitions.
    public static func changesKept(_ event: borrowing EventView) -> Bool {
        SourceRow.Change(event) != nil || event.type.equals("definition.set")
    }
}

extension CustomersProjection {
    /// Interactions follow from their events.
    public static func moment(ofKey key: RawSpan) throws(ViewFault) -> RowMoment {
        key.byteCount > 0 && key[0] == InteractionKey.prefix ? try .interaction(key: key) : .kept
    }
}
