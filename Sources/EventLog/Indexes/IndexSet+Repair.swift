internal import EventIndex
internal import EventModel
internal import Synchronization

/// Damage that is met while a store is open.
extension IndexSet {
    /// Notes damage that was met in an index or its filter: for whoever repairs it, and for the next
    /// opening, should that not come to it.
    func note(_ error: IndexError) -> EventLogError {
        if case .damaged(let file, _) = error, let first = UInt64(file.prefix { $0 != "." }) {
            let first = Position(first)
            IndexMark.put(path(IndexFile.fileName(first: first)))
            damage.withLock { damage in
                damage.segments.insert(first)
                return damage.observer
            }?()
        }
        return Self.failure(error)
    }

    /// Has a closure called whenever damage is met, on the thread that meets it.
    func observeDamage(_ observer: @escaping @Sendable () -> Void) {
        damage.withLock { $0.observer = observer }
    }

    /// Whether damage has been met in a segment's index and not been repaired.
    func isDamaged(_ first: Position) -> Bool {
        damage.withLock { $0.segments.contains(first) }
    }

    /// Puts what a repair has made of the log into the place of a damaged index.
    func replaceDamaged(with runs: IndexFile, end: Position) throws(EventLogError) {
        try merge(runs, end: end)
        _ = damage.withLock { $0.segments.remove(runs.first) }
        try IndexMark.remove(path(IndexFile.fileName(first: runs.first)))
    }

    /// Makes an empty file for the runs of a repair, beside the index.
    func beginRepair(first: Position) throws(EventLogError) -> (file: IndexFile, path: String) {
        let path = path(IndexFile.fileName(first: first)) + Self.repairEnding
        do throws(IndexError) {
            try IndexFile.remove(path: path)
            let file = try IndexFile.open(path: path, store: store, first: first)
            return (file, path)
        } catch {
            throw Self.failure(error)
        }
    }
}
