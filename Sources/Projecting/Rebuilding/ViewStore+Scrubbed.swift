internal import EventModel
internal import LMDB
internal import Views

/// Up to where erasures had been carried out in the log when folding a view began, which tells
/// whether it has to be folded once more: database `meta`, `scrubbed` → u64 LE position.
extension ViewStore {
    private static let scrubbedKey = Array("scrubbed".utf8)

    /// Notes it as folding begins.
    func note(scrubbed position: Position) throws(ViewFault) {
        var value: [UInt8] = []
        value.append(littleEndian: position.rawValue)
        var transaction = try begin()
        do throws(LMDBError) {
            try transaction.put(meta, key: Self.scrubbedKey.rawSpan, value: value.rawSpan)
            try transaction.commit()
        } catch {
            throw fault(error)
        }
    }

    /// What was noted; nil where nothing was: the view began empty, with the log.
    func scrubbed() throws(ViewFault) -> Position? {
        do throws(LMDBError) {
            let transaction = try environment.beginRead()
            guard let value = try transaction.get(meta, key: Self.scrubbedKey.rawSpan),
                value.byteCount == 8
            else { return nil }
            return Position(value.load(littleEndian: UInt64.self, at: 0))
        } catch {
            throw fault(error)
        }
    }
}
