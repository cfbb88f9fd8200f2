internal import ContactCentre
internal import EventModel

/// Where an agent was said to be on a day: at work, ready, at rest.
///
///     key  'y', text agent, i32 day
///     row  u8 version = 1; num changes, then each, by when it happened: num milliseconds into the
///          day; num position; u8 presence
///
/// Who logs in is available until something else is said, as in the view of queues. What is said late
/// finds its place: no figure is kept of it.
struct PresenceRow: RowRecord {
    static let prefix = UInt8(ascii: "y")
    private static let version: UInt8 = 1

    struct Change: Equatable {
        var moment: Int64
        var position: Position
        var presence: Presence
    }

    /// In the order in which they happened.
    private(set) var changes: [Change] = []

    init() {}

    var isEmpty: Bool { changes.isEmpty }

    /// Writes the key of the agent and day that an event is about; tells whether there is an agent.
    static func writeKey(_ event: borrowing EventView, to key: inout [UInt8]) -> Bool {
        guard let agent = event.bytes("agent") else { return false }
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keyText: agent)
        key.append(keySigned: MetricInterval.day(of: event.occurred))
        return true
    }

    /// What an event says of an agent's presence; nil where nothing. A rest from one queue is none.
    static func presence(_ event: borrowing EventView) -> Presence? {
        if event.type.equals("agent.loggedIn") { return .available }
        if event.type.equals("agent.loggedOut") { return .offline }
        guard event.type.equals("agent.presence"), event.bytes("queue") == nil else { return nil }
        return event.word("presence", Presence.self)
    }

    mutating func take(_ event: borrowing EventView, _ presence: Presence) {
        let day = Int64(MetricInterval.day(of: event.occurred))
        let change = Change(
            moment: event.occurred.rawValue - day * MetricInterval.dayMilliseconds,
            position: event.position, presence: presence)
        let place =
            changes.firstIndex { ($0.moment, $0.position) > (change.moment, change.position) }
            ?? changes.count
        guard changes.count < MetricLimits.presenceChangesMax else { return }
        changes.insert(change, at: place)
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "presence row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("presence row version", at: 0)
        }
        for _ in 0..<(try reader.count()) {
            let moment = Int64(clamping: try reader.varint())
            let position = Position(try reader.varint())
            guard moment < MetricInterval.dayMilliseconds,
                let presence = Presence(rawValue: try reader.byte())
            else { throw MalformedBytes("presence row", at: reader.offset) }
            changes.append(Change(moment: moment, position: position, presence: presence))
        }
        guard reader.isAtEnd else { throw MalformedBytes("presence row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: UInt64(changes.count))
        for change in changes {
            row.append(varint: UInt64(change.moment))
            row.append(varint: change.position.rawValue)
            row.append(change.presence.rawValue)
        }
    }
}

/// The presence of one agent over a window.
struct AgentPresence {
    /// What held when the window began.
    private(set) var first = Presence.offline
    /// What came within it, in order.
    private(set) var changes: [(moment: Timestamp, presence: Presence)] = []

    /// Reads what there is of an agent.
    init<Reader: ViewReader & ~Copyable>(
        of agent: String, _ window: Range<Timestamp>, in reader: borrowing Reader
    ) throws(ViewFault) {
        var start = [PresenceRow.prefix]
        start.append(keyText: agent)
        func key(_ day: Int32) -> [UInt8] {
            var key = start
            key.append(keySigned: day)
            return key
        }
        let day = MetricInterval.day(of: window.lowerBound)
        var before: Presence?
        try reader.rowsBackward(from: key(.min), below: key(day)) { _, row throws(ViewFault) in
            before = try PresenceRow.decoded(row).changes.last?.presence
            return false
        }
        if let before { first = before }
        var found: [(Timestamp, Presence)] = []
        let last = MetricInterval.day(of: window.upperBound)
        try reader.rows(from: key(day), below: key(last + 1)) { key, row throws(ViewFault) in
            guard key.byteCount == start.count + 4 else {
                throw .damaged(MalformedBytes("presence key", at: start.count))
            }
            let midnight =
                Int64(key.keySigned(at: start.count)) * MetricInterval.dayMilliseconds
            for change in try PresenceRow.decoded(row).changes {
                found.append(
                    (Timestamp(milliseconds: midnight + change.moment), change.presence))
            }
            return true
        }
        for (moment, presence) in found where moment < window.upperBound {
            if moment <= window.lowerBound {
                first = presence
            } else {
                changes.append((moment, presence))
            }
        }
    }
}
