internal import EventIndex
internal import Glibc
internal import LMDB

/// Taking away what is damaged and can be made anew: indexes, filters, views. The next start of
/// the daemon makes them again from the log.
public enum Repair {
    /// Removes the files that a report calls damaged and that are disposable; nothing else.
    ///
    /// - Parameters:
    ///   - store: The store, held: no daemon has it open.
    ///   - report: What a verification has found since it is held.
    /// - Returns: The files that were removed, as they lay in the store's folder.
    /// - Throws: `storage`, `system`: some files may be removed then.
    public static func run(
        _ store: StoreFolder, _ report: VerificationReport
    ) throws(EventLogError) -> [String] {
        let damaged = Set(report.faults.filter(\.isDisposable).map(\.file))
        var removed: [String] = []
        for file in damaged.sorted() {
            let path = store.path + "/" + file
            guard unsafe access(path, F_OK) == 0 else { continue }
            do throws(LMDBError) {
                try Environment.remove(path: path)
            } catch {
                throw .storage(error)
            }
            removed.append(file)
        }
        return removed
    }
}
