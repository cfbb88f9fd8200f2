internal import EventModel

/// Rows that a fold has handed over and that no checkpoint holds yet: of each key the newest.
public final class UncommittedRows {
    private struct Entry {
        let keyStart: Int
        let keyCount: Int
        /// Where there is room for a row.
        var room = 0..<0
        /// The bytes of the row there; nil where it is to go.
        var count: Int?
    }

    /// Keys behind each other.
    private var keys: [UInt8] = []
    /// Rows behind each other; what has grown since has left its place.
    private var rows: [UInt8] = []
    private var entries: [Entry] = []
    private var byKey = KeyIndex()

    /// Makes one without rows.
    public init() {}

    /// Whether there are none.
    public var isEmpty: Bool { entries.isEmpty }

    private func entry(_ key: [UInt8], _ hash: UInt32) -> Int? {
        byKey.slot(hash) {
            keys.holds(key, at: entries[$0].keyStart, count: entries[$0].keyCount)
        }
    }

    /// Takes a row in the place of the one before; nil removes it.
    public func put(_ key: [UInt8], _ row: [UInt8]?) {
        let hash = KeyIndex.hash(key)
        let place = entry(key, hash) ?? begin(key, hash)
        entries[place].count = row?.count
        guard let row else { return }
        if row.count <= entries[place].room.count {
            let start = entries[place].room.lowerBound
            rows.replaceSubrange(start..<start + row.count, with: row)
        } else {
            entries[place].room = rows.count..<rows.count + row.count
            rows.append(contentsOf: row)
        }
    }

    /// Whether anything is known of a key: that it has a row, or is to have none.
    public func knows(_ key: [UInt8]) -> Bool {
        !entries.isEmpty && entry(key, KeyIndex.hash(key)) != nil
    }

    /// Shows the keys from `start` on that are below `end`, of rows that are to be there.
    public func keys(
        from start: [UInt8], below end: [UInt8],
        _ body: (RawSpan) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        for entry in entries where entry.count != nil {
            let key = keys[entry.keyStart..<entry.keyStart + entry.keyCount]
            guard !key.lexicographicallyPrecedes(start), key.lexicographicallyPrecedes(end)
            else { continue }
            unsafe try body(key.span.bytes)
        }
    }

    private func row(_ place: Int) -> Range<Int>? {
        let start = entries[place].room.lowerBound
        return entries[place].count.map { start..<start + $0 }
    }

    private func begin(_ key: [UInt8], _ hash: UInt32) -> Int {
        entries.append(Entry(keyStart: keys.count, keyCount: key.count))
        keys.append(contentsOf: key)
        byKey.insert(entries.count - 1, hash)
        return entries.count - 1
    }

    /// Shows the row under a key, where there is to be one.
    ///
    /// - Returns: Whether anything is known of the key; if not, what is stored counts.
    public func show(
        _ key: [UInt8], _ body: (RawSpan) throws(ViewFault) -> Void
    ) throws(ViewFault) -> Bool {
        guard !entries.isEmpty, let place = entry(key, KeyIndex.hash(key)) else { return false }
        if let row = row(place) {
            let rows = rows
            try unsafe body(rows.span.bytes.extracting(row))
        }
        return true
    }

    /// Hands all of them over in key order, and forgets them.
    public func take(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        var places = entries.indices.map {
            KeyPlace(start: entries[$0].keyStart, count: entries[$0].keyCount, owner: $0)
        }
        keys.sort(&places)
        var key: [UInt8] = []
        var row: [UInt8] = []
        for place in places {
            let entry = entries[Int(place.owner)]
            key.removeAll(keepingCapacity: true)
            key.append(contentsOf: keys[entry.keyStart..<entry.keyStart + entry.keyCount])
            guard let range = self.row(Int(place.owner)) else {
                try body(key, nil)
                continue
            }
            row.removeAll(keepingCapacity: true)
            row.append(contentsOf: rows[range])
            try body(key, row)
        }
        keys = []
        rows = []
        entries = []
        byKey = KeyIndex()
    }
}
