public import EventModel
internal import Glibc
internal import LMDB
public import Views

/// What is in a view's file, for who looks into it beside a daemon or without one.
extension StoredView {
    /// Returns what is wrong with the pages of a view's file, found with plain reads: liblmdb, which
    /// believes its pages, must not be led to such a one.
    public static func pageFaults(folder: String, file: String) throws(ViewFault) -> [String] {
        let path = folder + "/" + file
        let isShared = unsafe access(path + "-lock", R_OK | W_OK) == 0
        do throws(LMDBError) {
            let pages = try Environment.pageFaults(
                path: path, sharedMapBytes: isShared ? ProjectingLimits.viewMapBytes : nil)
            return pages.filter { !$0.isForWriting }.map { "\($0)" }
        } catch {
            throw .storage("\(error)")
        }
    }

    /// A state that is kept for questions about the past.
    public struct KeptState: Sendable {
        /// The position it reflects.
        public let position: Position
        /// The bytes it takes up, compressed.
        public let bytes: Int
    }

    /// Returns the states that a view's file keeps, oldest first.
    public static func keptStates(
        folder: String, file: String
    ) throws(ViewFault) -> [KeptState] {
        let store = try ViewStore.openReadOnly(path: folder + "/" + file, withSnapshots: true)
        var states: [KeptState] = []
        try store.forEachSnapshot { states.append(KeptState(position: $0, bytes: $1)) }
        return states
    }

    /// Shows the rows of the state that a view's file keeps of a position or before it, in key
    /// order, until `body` wants no more; returns that state's position, or nil where none is kept.
    public static func keptRows(
        folder: String, file: String, atOrBefore position: Position,
        _ body: (_ key: [UInt8], _ row: [UInt8]) -> Bool
    ) throws(ViewFault) -> Position? {
        let store = try ViewStore.openReadOnly(path: folder + "/" + file, withSnapshots: true)
        guard let kept = try store.snapshot(atOrBefore: position) else { return nil }
        for (key, row) in zip(kept.rows.keys, kept.rows.rows) {
            guard body(key, row) else { break }
        }
        return kept.position
    }
}
