internal import ContactCentre
internal import EventModel

/// What one queue has had to do with interactions, all of them counted once.
///
///     key  'q', text queue
///     row  u8 version = 2; then, as ints, in this order: waiting, in service, contacts, offered,
///          answered, abandoned, flowed out, failed, expired, refused;
///          num priorities with waits, then each, by falling priority: int priority, int waiting
struct QueueCounts: RowRecord, Equatable {
    static let prefix = UInt8(ascii: "q")
    static let version: UInt8 = 2

    /// Interactions waiting now.
    var waiting: Int64 = 0
    /// Interactions with an agent now.
    var inService: Int64 = 0
    /// Interactions that began for the queue.
    var contacts: Int64 = 0
    /// Stays, those of waiting call backs left out, as in all that follow.
    var offered: Int64 = 0
    var answered: Int64 = 0
    var abandoned: Int64 = 0
    var flowedOut: Int64 = 0
    var failed: Int64 = 0
    var expired: Int64 = 0
    /// Contacts that were not let in.
    var refused: Int64 = 0
    /// How many wait at each priority, the greatest first.
    private(set) var priorities: [PriorityCount] = []

    struct PriorityCount: Equatable {
        var priority: Int64
        var waiting: Int64
    }

    init() {}

    var isEmpty: Bool { self == QueueCounts() }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "queue row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("queue row version", at: 0)
        }
        waiting = try reader.zigzag()
        inService = try reader.zigzag()
        contacts = try reader.zigzag()
        offered = try reader.zigzag()
        answered = try reader.zigzag()
        abandoned = try reader.zigzag()
        flowedOut = try reader.zigzag()
        failed = try reader.zigzag()
        expired = try reader.zigzag()
        refused = try reader.zigzag()
        for _ in 0..<(try reader.count()) {
            priorities.append(
                PriorityCount(priority: try reader.zigzag(), waiting: try reader.zigzag()))
        }
        guard reader.isAtEnd else { throw MalformedBytes("queue row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(zigzag: waiting)
        row.append(zigzag: inService)
        row.append(zigzag: contacts)
        row.append(zigzag: offered)
        row.append(zigzag: answered)
        row.append(zigzag: abandoned)
        row.append(zigzag: flowedOut)
        row.append(zigzag: failed)
        row.append(zigzag: expired)
        row.append(zigzag: refused)
        row.append(varint: UInt64(priorities.count))
        for count in priorities {
            row.append(zigzag: count.priority)
            row.append(zigzag: count.waiting)
        }
    }

    /// Adds `sign` times the counts of another; wraps rather than traps on a damaged row.
    mutating func add(_ other: QueueCounts, sign: Int64) {
        waiting &+= sign &* other.waiting
        inService &+= sign &* other.inService
        contacts &+= sign &* other.contacts
        offered &+= sign &* other.offered
        answered &+= sign &* other.answered
        abandoned &+= sign &* other.abandoned
        flowedOut &+= sign &* other.flowedOut
        failed &+= sign &* other.failed
        expired &+= sign &* other.expired
        refused &+= sign &* other.refused
        for count in other.priorities { add(count.waiting, at: count.priority, sign: sign) }
    }

    fileprivate mutating func add(_ waiting: Int64, at priority: Int64, sign: Int64) {
        let place = priorities.firstIndex { $0.priority <= priority } ?? priorities.count
        if place == priorities.count || priorities[place].priority != priority {
            priorities.insert(PriorityCount(priority: priority, waiting: 0), at: place)
        }
        priorities[place].waiting &+= sign &* waiting
        if priorities[place].waiting == 0 { priorities.remove(at: place) }
    }

    static func key(_ queue: String) -> [UInt8] {
        var key: [UInt8] = []
        writeKey(queue, to: &key)
        return key
    }

    static func writeKey(_ queue: String, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keyText: queue)
    }
}

/// What one interaction adds to one queue.
struct QueueShare: Equatable {
    var queue: String
    var counts: QueueCounts

    /// Returns what an interaction adds to the queues it had to do with.
    ///
    /// Contacts that count in no metric add to what goes on now, and to nothing else.
    static func shares(of interaction: Interaction) -> [QueueShare] {
        var shares: [QueueShare] = []
        func add(_ queue: String, _ body: (inout QueueCounts) -> Void) {
            guard !queue.isEmpty else { return }
            if let index = shares.firstIndex(where: { $0.queue == queue }) {
                body(&shares[index].counts)
            } else {
                var counts = QueueCounts()
                body(&counts)
                shares.append(QueueShare(queue: queue, counts: counts))
            }
        }
        let isCounted = interaction.classification.isCounted
        if isCounted, interaction.isContact { add(interaction.queue) { $0.contacts += 1 } }
        for stay in interaction.stays {
            add(stay.queue) { $0.add(stay, isCounted: isCounted) }
        }
        if let open = interaction.openConnection {
            add(interaction.connections[open].queue) { $0.inService += 1 }
        }
        return shares
    }
}

extension QueueCounts {
    fileprivate mutating func add(_ stay: Stay, isCounted: Bool) {
        if stay.ended == nil {
            waiting += 1
            add(1, at: stay.priority, sign: 1)
        }
        guard isCounted, stay.isOffered else { return }
        offered += 1
        switch stay.outcome {
        case .answered: answered += 1
        case .abandoned: abandoned += 1
        case .flowedOut: flowedOut += 1
        case .failed: failed += 1
        case .expired: expired += 1
        case nil: break
        }
    }
}
