internal import ContactCentre
internal import EventModel

/// What documents of queues read of the view.
extension QueuesView {
    /// Returns what a queue counts and its staff; nil for one that neither anybody has come to nor
    /// anybody serves.
    static func counts<Reader: ViewReader & ~Copyable>(
        of queue: String, _ reader: borrowing Reader
    ) throws(ViewFault) -> (counts: QueueCounts, staff: QueueStaff)? {
        var key: [UInt8] = []
        QueueStaff.writeKey(queue, to: &key)
        let staff = try QueueStaff.decoded(try reader.row(key))
        let counts = try QueueCounts.decoded(try reader.row(QueueCounts.key(queue)))
        guard counts != nil || staff != nil else { return nil }
        return (counts ?? QueueCounts(), staff ?? QueueStaff())
    }

    /// Returns the first who wait in a queue, in the order of being served.
    static func waiting<Reader: ViewReader & ~Copyable>(
        in queue: String, _ reader: borrowing Reader, atMost most: Int
    ) throws(ViewFault) -> [(interaction: String, place: WaitingRow.Place)] {
        var start = [WaitingRow.prefix]
        start.append(keyText: queue)
        let nameOffset = WaitingRow.interactionOffset(inKeyOf: queue)
        var found: [(String, WaitingRow.Place)] = []
        guard most > 0 else { return found }
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, row throws(ViewFault) in
            guard var place = try WaitingRow.decoded(row).place else { return true }
            place.queue = queue
            found.append((try key.keyText(at: nameOffset).text, place))
            return found.count < most
        }
        return found
    }

    /// Returns the first who are being served for a queue, by interaction.
    static func served<Reader: ViewReader & ~Copyable>(
        in queue: String, _ reader: borrowing Reader, atMost most: Int
    ) throws(ViewFault) -> [(interaction: String, place: ServiceRow.Place)] {
        var start = [ServiceRow.prefix]
        start.append(keyText: queue)
        var found: [(interaction: String, place: ServiceRow.Place)] = []
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, row throws(ViewFault) in
            guard let place = try ServiceRow.decoded(row).place else { return true }
            found.append((try key.keyText(at: start.count).text, place))
            return found.count < most
        }
        return found
    }

    /// Returns who has waited longest in a queue, as far as is known, or nil.
    static func oldest<Reader: ViewReader & ~Copyable>(
        in queue: String, _ counts: QueueCounts, _ feeds: FeedState, _ reader: borrowing Reader
    ) throws(ViewFault) -> (interaction: String, entered: Timestamp)? {
        guard counts.waiting > 0 else { return nil }
        var start = [OldestRow.prefix]
        start.append(keyText: queue)
        var found: (String, Timestamp)?
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, row throws(ViewFault) in
            guard !feeds.isSilent(try OldestRow.decoded(row).source) else { return true }
            let entered = Int64(bitPattern: try key.keyNumber(at: start.count) ^ 1 << 63)
            found = (
                try key.keyText(at: start.count + 8).text, Timestamp(milliseconds: entered)
            )
            return false
        }
        return found
    }

    /// Tells whether nobody knows of a wait because the feed that told of it is silent.
    static func isUnknown<Reader: ViewReader & ~Copyable>(
        _ place: WaitingRow.Place, _ interaction: String, _ feeds: FeedState,
        _ reader: borrowing Reader
    ) throws(ViewFault) -> Bool {
        guard feeds.anySilent else { return false }
        var (name, key): ([UInt8], [UInt8]) = ([], [])
        name.append(keyText: interaction)
        OldestRow.writeKey(place, name[...], to: &key)
        return feeds.isSilent(try OldestRow.decoded(try reader.row(key))?.source)
    }

    /// Returns the staff of queues that have any, by queue: of one more than a page has.
    static func staff<Reader: ViewReader & ~Copyable>(
        _ query: QueuesQuery, _ reader: borrowing Reader
    ) throws(ViewFault) -> [String: QueueStaff] {
        var staff: [String: QueueStaff] = [:]
        let prefix = [QueueStaff.prefix]
        try reader.rows(
            from: query.start(prefix), below: prefix.keyAfterPrefix
        ) { key, row throws(ViewFault) in
            staff[try key.keyText(at: 1).text] = try QueueStaff.decoded(row)
            return staff.count <= query.count
        }
        return staff
    }

    /// Returns the counts of queues that have any, in order: of one more than a page has.
    static func counts<Reader: ViewReader & ~Copyable>(
        _ query: QueuesQuery, _ reader: borrowing Reader
    ) throws(ViewFault) -> [(name: String, counts: QueueCounts)] {
        var queues: [(name: String, counts: QueueCounts)] = []
        let prefix = [QueueCounts.prefix]
        try reader.rows(
            from: query.start(prefix), below: prefix.keyAfterPrefix
        ) { key, row throws(ViewFault) in
            queues.append((try key.keyText(at: 1).text, try QueueCounts.decoded(row)))
            return queues.count <= query.count
        }
        return queues
    }
}

/// A page of all queues.
public struct QueuesQuery: Sendable {
    /// The first name that may be shown; nil for the first there is.
    let from: String?
    /// Lines at most.
    public let count: Int

    /// Asks for so many queues from a name on.
    public init(from: String? = nil, count: Int) {
        self.from = from
        self.count = count
    }

    /// Where the rows under a prefix begin.
    fileprivate func start(_ prefix: [UInt8]) -> [UInt8] {
        var key = prefix
        if let from { key.append(keyText: from) }
        return key
    }
}
