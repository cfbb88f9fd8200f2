public import EventModel
public import Views

/// Rows of a view in memory, in key order.
public struct MemoryRows: ViewReader, Sendable {
    private var keys: [[UInt8]] = []
    private var values: [[UInt8]] = []
    /// The position the rows reflect.
    public var position = Position.zero

    /// Makes an empty view.
    public init() {}

    /// All rows, in key order.
    public var all: [(key: [UInt8], row: [UInt8])] { zip(keys, values).map { ($0, $1) } }

    /// Whether both views hold the same bytes.
    public func holdsSameRows(as other: MemoryRows) -> Bool {
        keys == other.keys && values == other.values
    }

    private func place(_ key: [UInt8]) -> Int {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle].lexicographicallyPrecedes(key) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    /// Takes the rows of another view, whose keys are none of its own.
    public mutating func merge(_ other: MemoryRows) {
        let all = (self.all + other.all).sorted { $0.key.lexicographicallyPrecedes($1.key) }
        keys = all.map(\.key)
        values = all.map(\.row)
    }

    /// Writes or removes a row.
    public mutating func apply(_ key: [UInt8], _ row: [UInt8]?) {
        let place = place(key)
        let isKnown = place < keys.count && keys[place] == key
        switch (row, isKnown) {
        case (let row?, true): values[place] = row
        case (let row?, false):
            keys.insert(key, at: place)
            values.insert(row, at: place)
        case (nil, true):
            keys.remove(at: place)
            values.remove(at: place)
        case (nil, false): break
        }
    }

    /// Shows a row, if there is one.
    public func row(
        _ key: [UInt8], _ body: (RawSpan) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        let place = place(key)
        guard place < keys.count, keys[place] == key else { return }
        let row = values[place]
        unsafe try body(row.span.bytes)
    }

    /// Shows rows in key order.
    public func rows(
        from start: [UInt8], below end: [UInt8],
        _ body: (_ key: RawSpan, _ row: RawSpan) throws(ViewFault) -> Bool
    ) throws(ViewFault) {
        var index = place(start)
        while index < keys.count, keys[index].lexicographicallyPrecedes(end) {
            let (key, row) = (keys[index], values[index])
            guard unsafe try body(key.span.bytes, row.span.bytes) else { return }
            index += 1
        }
    }

    /// Shows rows against key order.
    public func rowsBackward(
        from start: [UInt8], below end: [UInt8],
        _ body: (_ key: RawSpan, _ row: RawSpan) throws(ViewFault) -> Bool
    ) throws(ViewFault) {
        var index = place(end) - 1
        while index >= 0, !keys[index].lexicographicallyPrecedes(start) {
            let (key, row) = (keys[index], values[index])
            guard unsafe try body(key.span.bytes, row.span.bytes) else { return }
            index -= 1
        }
    }
}
