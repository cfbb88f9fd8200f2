internal import EventModel

/// The feeds that tell of a queue, for documents.
struct FeedState {
    private(set) var feeds: [(name: String, record: SourceRecord)] = []

    /// Reads those of a queue, at most `ViewLimits.queueFeedsShown`, by name.
    static func read<Reader: ViewReader & ~Copyable>(
        _ queue: String, _ reader: borrowing Reader
    ) throws(ViewFault) -> FeedState {
        var start = [QueueSourceRow.prefix]
        start.append(keyText: queue)
        var names: [String] = []
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, _ throws(ViewFault) in
            names.append(try key.keyText(at: start.count).text)
            return names.count < ViewLimits.queueFeedsShown
        }
        var state = FeedState()
        var key: [UInt8] = []
        for name in names {
            unsafe SourceRecord.writeKey(name.utf8Span.span.bytes, to: &key)
            guard let record = try SourceRecord.decoded(try reader.row(key)) else { continue }
            state.feeds.append((name, record))
        }
        return state
    }

    /// Tells whether a wait of a feed is unknown because the feed is silent.
    func isSilent(_ source: String?) -> Bool {
        guard let source else { return false }
        return feeds.contains { $0.name == source && $0.record.isSilent }
    }

    /// Whether any of them is silent.
    var anySilent: Bool { feeds.contains { $0.record.isSilent } }

    /// Until when everything has been told: the least over the feeds of which more is expected, or
    /// over all where of none is; nil without any.
    var complete: Timestamp? {
        let going = feeds.filter { !$0.record.isOver }
        return (going.isEmpty ? feeds : going).map(\.record.complete).min()
    }

    func write(to json: inout JSONWriter) {
        json.key("sources")
        json.beginArray()
        for (name, record) in feeds {
            json.beginObject()
            json.field("source", name)
            let state: StaticString =
                record.isSilent ? "silent" : record.isImporting ? "importing" : "live"
            json.field("state", word: state)
            json.field("covered_until", record.complete)
            json.field("heard", record.heard)
            json.field("clock_ahead_ms", record.clockAheadMilliseconds)
            json.endObject()
        }
        json.endArray()
        json.field("complete_until", complete)
    }
}
