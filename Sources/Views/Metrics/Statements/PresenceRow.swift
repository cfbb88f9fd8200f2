internal import ContactCentre
internal import EventModel

/// Where an agent was said to be on a day: at work, ready, at rest; and which offers did not reach them.
///
///     key  'y', text agent, i32 day
///     row  u8 version = 2; num changes, then each, by when it happened: num milliseconds into the
///          day; num position; u8 presence, 128 for an offer that was missed or failed, 129 for one
///          that was rejected
///
/// Who logs in is available until something else is said, as in the view of queues. What is said late
/// finds its place: no figure is kept of it.
struct PresenceRow: RowRecord {
    static let prefix = UInt8(ascii: "y")
    private static let version: UInt8 = 2

    /// What is told of an agent.
    enum Said: Equatable {
        case presence(Presence)
        /// An offer was missed, or did not reach them: they do not respond, until they do.
        case unanswered
        /// An offer was rejected: they do respond.
        case responded

        fileprivate var byte: UInt8 {
            switch self {
            case .presence(let presence): presence.rawValue
            case .unanswered: 128
            case .responded: 129
            }
        }

        fileprivate init?(byte: UInt8) {
            switch byte {
            case 128: self = .unanswered
            case 129: self = .responded
            default:
                guard let presence = Presence(rawValue: byte) else { return nil }
                self = .presence(presence)
            }
        }
    }

    struct Change: Equatable {
        var moment: Int64
        var position: Position
        var said: Said
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

    mutating func take(_ event: borrowing EventView, _ said: Said) {
        let day = Int64(MetricInterval.day(of: event.occurred))
        let change = Change(
            moment: event.occurred.rawValue - day * MetricInterval.dayMilliseconds,
            position: event.position, said: said)
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
                let said = Said(byte: try reader.byte())
            else { throw MalformedBytes("presence row", at: reader.offset) }
            changes.append(Change(moment: moment, position: position, said: said))
        }
        guard reader.isAtEnd else { throw MalformedBytes("presence row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: UInt64(changes.count))
        for change in changes {
            row.append(varint: UInt64(change.moment))
            row.append(varint: change.position.rawValue)
            row.append(change.said.byte)
        }
    }
}
