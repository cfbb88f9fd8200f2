internal import EventModel

/// Which feeds tell of which queue's contacts: only these say how far its figures reach.
///
///     key  'q', text queue, text feed, i32 day of recording on which it first told of the queue
///     row  u8 version = 1
///
/// Under the empty name stand all feeds that tell of contacts, surveys or agents at all. The day is in the
/// key, so that what is known of a day that is over does not change any more.
struct FeedNotes {
    static let prefix = UInt8(ascii: "q")

    /// Keys without the day of what is known to be noted.
    private var known: Set<[UInt8]> = []
    private var changes = RowChanges()
    private var key: [UInt8] = []
    /// The feed noted last; it is known.
    private var last: [UInt8] = []
    /// Some of what is known, each at the place that its hash says: nearly every event says it anew.
    private var recent = [[UInt8]](repeating: [], count: 256)

    init() {}

    /// Notes that an event's feed tells of a queue.
    mutating func note<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, queue: RawSpan, _ context: borrowing Context
    ) throws(ViewFault) {
        begin()
        key.append(keyText: queue)
        key.append(keyText: event.source)
        let place = unsafe Int(truncatingIfNeeded: key.span.bytes.stableHash & 255)
        if recent[place] == key { return }
        let noted = key
        if try isNew(event, context) { try note(event, context) }
        recent[place] = noted
    }

    /// Notes that an event's feed tells of contacts, surveys or agents.
    mutating func note<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) {
        // Mostly it is the feed of the one before.
        if unsafe event.source.equals(last.span.bytes) { return }
        begin()
        key.append(keyText: "")
        key.append(keyText: event.source)
        _ = try isNew(event, context)
        last = event.source.copied()
    }

    private mutating func begin() {
        key.removeAll(keepingCapacity: true)
        key.append(Self.prefix)
    }

    /// Keeps what the key says, unless that is known; tells whether it was not.
    private mutating func isNew<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) -> Bool {
        guard !known.contains(key) else { return false }
        guard event.source.byteCount > 0, !Reserved.isSource(event.source) else { return false }
        known.insert(key)
        var isNoted = false
        try context.keys(from: key, below: key.keyAfterPrefix) { _ in isNoted = true }
        guard !isNoted else { return true }
        key.append(keySigned: MetricInterval.day(of: event.recorded))
        changes.put(key, FeedNoteRow())
        return true
    }

    /// Hands over the changed rows in key order: the prefix q.
    mutating func takeChanges(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try changes.take(body)
        // What has been handed over is found in the view.
        if known.count > MetricLimits.feedNotesKnownMax {
            known.removeAll()
            for place in recent.indices { recent[place] = [] }
        }
    }

    /// The feeds that tell of a queue; of contacts at all where its name is empty.
    static func feeds<Reader: ViewReader & ~Copyable>(
        of queue: String, in reader: borrowing Reader
    ) throws(ViewFault) -> Set<String> {
        var start = [prefix]
        start.append(keyText: queue)
        var feeds: Set<String> = []
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, _ throws(ViewFault) in
            feeds.insert(try key.keyText(at: start.count).text)
            return true
        }
        return feeds
    }

    /// The feeds of all queues, by name.
    static func all<Reader: ViewReader & ~Copyable>(
        in reader: borrowing Reader
    ) throws(ViewFault) -> [String: Set<String>] {
        var feeds: [String: Set<String>] = [:]
        try reader.rows(from: [prefix], below: [prefix + 1]) { key, _ throws(ViewFault) in
            let (queue, end) = try key.keyText(at: 1)
            feeds[queue, default: []].insert(try key.keyText(at: end).text)
            return true
        }
        return feeds
    }

    /// The day of recording that a key says.
    static func recordedDay(ofKey key: RawSpan) throws(ViewFault) -> Int32 {
        guard key.byteCount > 5 else { throw .damaged(MalformedBytes("feed note key", at: 0)) }
        return key.keySigned(at: key.byteCount - 4)
    }
}

/// That a feed tells of a queue; its key says everything.
private struct FeedNoteRow: RowRecord {
    private static let version: UInt8 = 1

    init() {}

    var isEmpty: Bool { false }

    init(row: RawSpan) throws(MalformedBytes) {
        guard row.byteCount == 1, row[0] == Self.version else {
            throw MalformedBytes("feed note row", at: 0)
        }
    }

    func encode(into row: inout [UInt8]) { row.append(Self.version) }
}
