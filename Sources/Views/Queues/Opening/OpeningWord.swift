internal import ContactCentre
internal import EventModel

/// The last word on whether a queue or a channel is open.
///
///     key  'h', u8 0 = queue, 1 = channel; text name
///     row  u8 version = 1; u8 state; stamp; 0, or 1 and int until, ms UTC; text? reason
struct OpeningWord: RowRecord, Equatable {
    static let prefix = UInt8(ascii: "h")
    private static let version: UInt8 = 1

    /// What a word is about.
    enum Subject: UInt8 {
        case queue = 0
        case channel = 1
    }

    /// What it says. The raw value stands in rows: never renumber.
    enum State: UInt8, DomainWord {
        case opened = 0
        case closed = 1
        case degraded = 2
        case restored = 3

        /// The word as events and documents spell it.
        var word: StaticString {
            switch self {
            case .opened: "opened"
            case .closed: "closed"
            case .degraded: "degraded"
            case .restored: "restored"
            }
        }
    }

    var state = State.opened
    var stamp = Stamp()
    var until: Timestamp?
    var reason: String?

    init() {}

    var isEmpty: Bool { !stamp.isSaid }

    /// Whether it still holds.
    func holds(at now: Timestamp) -> Bool { until.map { now < $0 } ?? true }

    /// Writes the key of what an event says, and returns that; nil for an event of another type.
    static func read(_ event: borrowing EventView, to key: inout [UInt8]) -> OpeningWord? {
        let type = event.type
        let subject: Subject
        if type.starts(with: "queue.") {
            subject = .queue
        } else if type.starts(with: "channel.") {
            subject = .channel
        } else {
            return nil
        }
        let name = subject == .queue ? event.bytes("queue") : event.bytes("channel")
        let verb = type.extracting((subject == .queue ? 6 : 8)..<type.byteCount)
        guard let name, let state = State(verb) else { return nil }
        writeKey(subject, name, to: &key)
        var word = OpeningWord()
        word.state = state
        word.stamp = Stamp(event)
        word.until = event.time("until")
        word.reason = event.text("reason")
        return word
    }

    static func writeKey(_ subject: Subject, _ name: RawSpan, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(subject.rawValue)
        key.append(keyText: name)
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "opening row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("opening row version", at: 0)
        }
        state = try reader.word(State.self)
        stamp = try Stamp(from: &reader)
        until = try reader.optionalMoment()
        reason = try reader.optionalText()
        guard reader.isAtEnd else { throw MalformedBytes("opening row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(state.rawValue)
        stamp.encode(into: &row)
        row.append(optionalMoment: until)
        row.append(optionalText: reason)
    }
}
