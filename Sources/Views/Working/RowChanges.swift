internal import EventModel

/// Rows that follow from something else and are written whole: nobody reads them to change them.
struct RowChanges {
    /// Keys and rows behind each other.
    private var bytes: [UInt8] = []
    private var keys: [KeyPlace] = []
    /// Each row's place, by the owner's number of its key; nil for a row that is to go.
    private var rows: [Range<Int>?] = []

    /// Stores a row, or removes it if it says nothing.
    mutating func put<Record: RowRecord>(_ key: [UInt8], _ record: Record) {
        append(key)
        let start = bytes.count
        if !record.isEmpty { record.encode(into: &bytes) }
        rows.append(record.isEmpty ? nil : start..<bytes.count)
    }

    /// Stores the row that `encode` writes, or removes it if that says that there is none.
    ///
    /// - Parameter range: Where the key stands in `keys`.
    @inline(__always)
    mutating func put(
        _ keys: [UInt8], _ range: Range<Int>, _ encode: (inout [UInt8]) -> Bool
    ) {
        self.keys.append(KeyPlace(start: bytes.count, count: range.count, owner: rows.count))
        unsafe bytes.append(keys.span.bytes.extracting(range))
        let start = bytes.count
        let isThere = encode(&bytes)
        rows.append(isThere ? start..<bytes.count : nil)
    }

    /// Removes a row.
    mutating func remove(_ key: [UInt8]) {
        append(key)
        rows.append(nil)
    }

    private mutating func append(_ key: [UInt8]) {
        keys.append(KeyPlace(start: bytes.count, count: key.count, owner: rows.count))
        unsafe bytes.append(key.span.bytes)
    }

    /// Hands over the rows in key order, of those under one key the last, and forgets them.
    mutating func take(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        bytes.sort(&keys)
        var key: [UInt8] = []
        var row: [UInt8] = []
        for (index, place) in keys.enumerated() {
            key.removeAll(keepingCapacity: true)
            let start = Int(place.start)
            unsafe key.append(bytes.span.bytes.extracting(start..<start + Int(place.count)))
            if index + 1 < keys.count {
                let next = keys[index + 1]
                if bytes.holds(key, at: Int(next.start), count: Int(next.count)) { continue }
            }
            guard let range = rows[Int(place.owner)] else {
                try body(key, nil)
                continue
            }
            row.removeAll(keepingCapacity: true)
            unsafe row.append(bytes.span.bytes.extracting(range))
            try body(key, row)
        }
        bytes.removeAll(keepingCapacity: true)
        keys.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
    }
}
