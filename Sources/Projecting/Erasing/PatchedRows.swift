internal import EventModel
internal import LMDB
internal import Views

/// A view in which some rows are replaced, for who looks up single ones.
struct PatchedRows: ViewReader {
    private let view: HeldView
    private let replacements: RowReplacements

    init(_ view: HeldView, _ replacements: RowReplacements) {
        self.view = view
        self.replacements = replacements
    }

    var position: Position { view.rows.position }

    func row(
        _ key: [UInt8], _ body: (RawSpan) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        guard let replacement = replacements.replacement(key) else {
            return try view.rows.row(key, body)
        }
        if let row = replacement.after { try body(row.rawSpan) }
    }

    func rows(
        from start: [UInt8], below end: [UInt8],
        _ body: (_ key: RawSpan, _ row: RawSpan) throws(ViewFault) -> Bool
    ) throws(ViewFault) { preconditionFailure("who is who is looked up by single rows") }

    func rowsBackward(
        from start: [UInt8], below end: [UInt8],
        _ body: (_ key: RawSpan, _ row: RawSpan) throws(ViewFault) -> Bool
    ) throws(ViewFault) { preconditionFailure("who is who is looked up by single rows") }
}
