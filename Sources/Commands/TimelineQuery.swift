internal import EventLog
internal import EventModel
internal import RESP
internal import Views

/// What TIMELINE is asked for: whose events, which of them, from where on.
struct TimelineQuery: Sendable {
    /// Whose events.
    enum Subject: Sendable {
        /// A stream of the log.
        case stream(StreamName)
        /// A person: their timeline lies in the customers view.
        case customer(CustomerID)
    }

    /// Where a page begins and which way it goes.
    enum Start: Sendable {
        /// From a position on, the oldest first.
        case from(Position)
        /// Before a position, the newest first; nil = from the newest on.
        case before(Position?)
    }

    let subject: Subject
    let start: Start
    let count: Int
    /// Bytes after which a page ends.
    let bytesMax: Int
    /// What is told of the past; nil for the present.
    let past: PastTimeline?
    private(set) var channel: [UInt8]?
    private let types: [TypePattern]

    init(
        _ subject: Subject, _ arguments: borrowing ArgumentReader, of command: CommandDefinition,
        _ past: PastTimeline?, bytesMax: Int
    ) throws(CommandError) {
        self.subject = subject
        self.bytesMax = bytesMax
        self.past = past
        count = Int(
            try arguments.integer("COUNT", in: 1...CommandLimits.eventsPerReplyMax)
                ?? CommandLimits.eventsPerReplyDefault)
        channel = arguments.bytes("CHANNEL")
        types = try EventFilter.words("TYPE", arguments, command).map { TypePattern($0) }
        start = try Self.start(arguments, of: command).ending(with: past?.last)
    }

    private static func start(
        _ arguments: borrowing ArgumentReader, of command: CommandDefinition
    ) throws(CommandError) -> Start {
        let before = try arguments.position("BEFORE")
        guard let from = try arguments.position("FROM") else { return .before(before) }
        guard before == nil else {
            throw .badArgument(
                command.name, argument: "FROM", expected: "left out where BEFORE stands")
        }
        return .from(max(from, Position(1)))
    }

    /// Whether events that are read may be many more than are shown.
    var isSelective: Bool { channel != nil || !types.isEmpty || past?.occurred != nil }

    /// Begins the document of a page, up to its events.
    func begin(
        _ subject: (field: StaticString, name: String), version: UInt64?, at position: Position,
        _ json: inout JSONWriter
    ) {
        json.beginObject()
        json.field("position", position)
        json.field(subject.field, subject.name)
        if let version { json.field("version", Int(version)) }
        json.key("events")
    }

    /// Ends the document of a page behind its events.
    ///
    /// - Parameter next: Where the next one begins; nil when this is the last.
    func end(_ next: Position?, _ json: inout JSONWriter) {
        if let next {
            switch start {
            case .from: json.field("from", next)
            case .before: json.field("before", next)
            }
        }
        json.field("occurred_by", past?.occurred)
        json.endObject()
    }

    /// Whether an event is of the stream and of a wanted type; its channel is another matter.
    func mayWant(_ event: borrowing EventView) -> Bool {
        if case .stream(let stream) = subject, !stream.contains(event) { return false }
        if let occurred = past?.occurred, event.occurred > occurred { return false }
        guard !types.isEmpty else { return true }
        for pattern in types where pattern.matches(event.type) { return true }
        return false
    }
}

/// The past moment that a timeline is told of.
struct PastTimeline: Sendable {
    /// The last event there was.
    let last: Position
    /// Only events count that had happened by then; nil where all do.
    let occurred: Timestamp?
}

extension TimelineQuery.Start {
    /// The same, but for events behind the last one.
    func ending(with last: Position?) -> Self {
        guard let last, case .before(let bound) = self else { return self }
        return .before(min(bound ?? last.next, last.next))
    }

    /// Where to go on behind a position that has been looked at.
    func behind(_ position: Position) -> Self {
        switch self {
        case .from: .from(position.next)
        case .before: .before(position)
        }
    }

    /// What the next page is asked with when this position was the last of one.
    func bound(behind position: Position) -> Position {
        switch self {
        case .from: position.next
        case .before: position
        }
    }

    /// What the next page is asked with when it is to begin with this position.
    func bound(beginningWith position: Position) -> Position {
        switch self {
        case .from: position
        case .before(let bound): bound ?? position.next
        }
    }
}
