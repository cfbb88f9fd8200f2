public import EventModel

/// How a row of a view hangs together with time: what reading a past moment has to know of it.
public enum RowMoment: Equatable {
    /// Any event may change it: a snapshot has to keep it.
    case kept
    /// It is an interaction's row, and follows from the interaction's own events alone.
    case interaction(String)
    /// Only events recorded on that day, counted from 1970 in UTC, change it.
    case recordedDay(Int32)
    /// No past moment is asked for it, and a fold of one goes without: what follows from such rows
    /// is refused where a moment is named.
    case present

    /// The day that a moment lies on.
    public static func day(of moment: Timestamp) -> Int32 { MetricInterval.day(of: moment) }

    /// When a day begins.
    public static func start(ofDay day: Int32) -> Timestamp {
        Timestamp(milliseconds: Int64(day) * MetricInterval.dayMilliseconds)
    }

    /// What a key of an interaction's row says.
    static func interaction(key: RawSpan) throws(ViewFault) -> RowMoment {
        .interaction(try key.keyText(at: 1).text)
    }
}

extension Projection where Self: ~Copyable {
    /// Nothing is known of rows but that events change them.
    public static func moment(ofKey key: RawSpan) throws(ViewFault) -> RowMoment { .kept }

    /// None.
    public static var keepsSnapshots: Bool { false }
}

extension QueuesProjection {
    /// Interactions follow from their events; who waits and who serves is kept. What all of a
    /// person's contacts are, and when each interaction was heard of last, would be kept for ever.
    public static func moment(ofKey key: RawSpan) throws(ViewFault) -> RowMoment {
        guard key.byteCount > 0 else { return .kept }
        switch key[0] {
        case InteractionKey.prefix: return try .interaction(key: key)
        case PersonRow.prefix, SilenceRow.prefix: return .present
        default: return .kept
        }
    }

    /// Who waited and who served at a moment cannot be told without folding everything before it.
    public static var keepsSnapshots: Bool { true }
}

extension MetricsProjection {
    /// Interactions follow from their events, figures stand under the day they were recorded on;
    /// all others serve figures by contact, person, survey and source, which are told of the present.
    public static func moment(ofKey key: RawSpan) throws(ViewFault) -> RowMoment {
        guard key.byteCount > 0 else { return .kept }
        switch key[0] {
        case InteractionKey.prefix: return try .interaction(key: key)
        case MetricCell.prefix, LevelRow.prefix, LevelDayRow.prefix:
            return .recordedDay(try MetricPlace(key: key).recordedDay)
        default: return .present
        }
    }
}

extension CustomersProjection {
    /// Interactions follow from their events.
    public static func moment(ofKey key: RawSpan) throws(ViewFault) -> RowMoment {
        key.byteCount > 0 && key[0] == InteractionKey.prefix ? try .interaction(key: key) : .kept
    }
}
