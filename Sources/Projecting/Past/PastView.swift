public import EventModel
public import Views

/// A view as of a past moment: rows in memory, and beside them rows of the view in use that have not
/// changed since. One thread uses it.
public struct PastView<Fold: Projection & ~Copyable & SendableMetatype>: ViewReader {
    private let state: PastState<Fold>
    /// The last position it reflects.
    public let position: Position

    init(_ state: PastState<Fold>, position: Position) {
        self.state = state
        self.position = position
    }

    /// Shows a row, if there is one.
    public func row(
        _ key: [UInt8], _ body: (RawSpan) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try state.row(key, body)
    }

    /// Shows rows in key order. Interactions that have not changed since the state it was folded
    /// from are not among them: they are found by their key alone.
    public func rows(
        from start: [UInt8], below end: [UInt8],
        _ body: (_ key: RawSpan, _ row: RawSpan) throws(ViewFault) -> Bool
    ) throws(ViewFault) {
        let near = try state.rows(from: start, asOf: position)
        var next = near.place(atLeast: start)
        let bound = near.place(atLeast: end)
        var goesOn = true
        try state.unchangedRows(from: start, below: end) { (key, row) throws(ViewFault) in
            while goesOn, next < bound, key.follows(near.keys[next]) {
                goesOn = try near.show(next, body)
                next += 1
            }
            if goesOn { goesOn = try body(key, row) }
            return goesOn
        }
        while goesOn, next < bound {
            goesOn = try near.show(next, body)
            next += 1
        }
    }

    /// Shows rows against key order; as `rows`.
    public func rowsBackward(
        from start: [UInt8], below end: [UInt8],
        _ body: (_ key: RawSpan, _ row: RawSpan) throws(ViewFault) -> Bool
    ) throws(ViewFault) {
        let near = try state.rows(from: start, asOf: position)
        var next = near.place(atLeast: end) - 1
        let bound = near.place(atLeast: start)
        var goesOn = true
        try state.unchangedRowsBackward(from: start, below: end) { (key, row) throws(ViewFault) in
            while goesOn, next >= bound, !key.follows(near.keys[next]) {
                goesOn = try near.show(next, body)
                next -= 1
            }
            if goesOn { goesOn = try body(key, row) }
            return goesOn
        }
        while goesOn, next >= bound {
            goesOn = try near.show(next, body)
            next -= 1
        }
    }
}

extension RawSpan {
    /// Whether it comes behind another key.
    fileprivate func follows(_ other: [UInt8]) -> Bool {
        for offset in 0..<min(byteCount, other.count) where self[offset] != other[offset] {
            return self[offset] > other[offset]
        }
        return byteCount > other.count
    }
}
