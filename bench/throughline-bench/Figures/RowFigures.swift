internal import EventModel
internal import Projecting
internal import Views

/// What the rows of a view take, by kind.
struct RowFigures {
    /// Rows under one first byte of a key.
    struct Kind {
        let prefix: UInt8
        let name: String
        var rows = 0
        var keyBytes = 0
        /// Without checksums.
        var rowBytes = 0
    }

    private(set) var kinds: [Kind] = []

    /// Reads all rows of a view.
    init(_ view: borrowing ViewSnapshot, of name: String) throws(ViewFault) {
        var kinds: [Kind] = []
        try view.rows(from: [0], below: [0xFF]) { (key, row) throws(ViewFault) in
            if kinds.last?.prefix != key[0] {
                kinds.append(Kind(prefix: key[0], name: RowKind.word(ofKey: key, in: name)))
            }
            kinds[kinds.count - 1].rows += 1
            kinds[kinds.count - 1].keyBytes += key.byteCount
            kinds[kinds.count - 1].rowBytes += row.byteCount
            return true
        }
        self.kinds = kinds
    }

    /// Prints a line for each kind: what LMDB keeps of a row beside key and row is 8 bytes of its own, 2 of
    /// the page and our checksum's 4.
    func tell(events: UInt64, fileBytes: UInt64) {
        var whole = 0
        for kind in kinds {
            let bytes = kind.keyBytes + kind.rowBytes + 14 * kind.rows
            whole += bytes
            let name = "\(Character(UnicodeScalar(kind.prefix))) \(kind.name)"
            print(
                Comparison.pad("    " + name, 36),
                "\(Comparison.thousands(Double(kind.rows))) rows, key",
                "\(decimal(kind.keyBytes, kind.rows)), row \(decimal(kind.rowBytes, kind.rows)),",
                "\(decimal(bytes, Int(events))) bytes an event")
        }
        print(
            "    pages are \(Comparison.decimal(100 * Double(whole) / Double(fileBytes), 0)) % full"
        )
        flushOutput()
    }

    private func decimal(_ bytes: Int, _ rows: Int) -> String {
        Comparison.decimal(Double(bytes) / Double(rows), 1)
    }
}
