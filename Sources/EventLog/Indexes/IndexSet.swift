internal import EventIndex
internal import EventModel
internal import Glibc
internal import LMDB
internal import Synchronization

/// The index files of a log's segments. They are made from the log and may be deleted while no
/// process has the store open.
final class IndexSet: Sendable {
    private let folder: String
    private let store: StoreID
    private let files = Mutex<[IndexFile]>([])
    private let changes = Atomic<UInt64>(0)
    /// The last position up to which everything is in an index file.
    let indexed = HeadSignal()

    init(folder: String, store: StoreID) {
        self.folder = folder
        self.store = store
    }

    /// Moves whenever a run is written: readers made before do not see it.
    var generation: UInt64 { changes.load(ordering: .sequentiallyConsistent) }

    /// All index files, in the order of their segments.
    var all: [IndexFile] { files.withLock { $0 } }

    /// Opens the index of the next segment, or makes it; one that cannot be trusted, or that ends
    /// behind the log, is made anew.
    ///
    /// - Parameter end: The position behind the last event that the segment can hold now.
    func open(first: Position, end: Position) throws(EventLogError) -> IndexFile {
        let path = folder + "/" + IndexFile.fileName(first: first)
        do throws(IndexError) {
            let file = try reopened(path, first, end)
            files.withLock { $0.append(file) }
            changes.add(1, ordering: .sequentiallyConsistent)
            return file
        } catch {
            throw Self.failure(error)
        }
    }

    private func reopened(
        _ path: String, _ first: Position, _ end: Position
    ) throws(IndexError) -> IndexFile {
        do throws(IndexError) {
            let file = try IndexFile.open(path: path, store: store, first: first)
            if file.end <= end { return file }
        } catch {
            if case .storage = error { throw error }
        }
        try IndexFile.remove(path: path)
        return try IndexFile.open(path: path, store: store, first: first)
    }

    /// Writes the next run.
    ///
    /// - Parameter segment: The first position of the segment it belongs to.
    func write(_ tail: TailIndex, of segment: Position) throws(EventLogError) {
        let known = files.withLock { $0.last { $0.first == segment } }
        let file: IndexFile
        if let known { file = known } else { file = try open(first: segment, end: tail.end) }
        do throws(IndexError) {
            try file.write(tail)
        } catch {
            throw Self.failure(error)
        }
        Failpoint.indexWritten.pass()
        // The position first: whoever sees the change sees a run for everything up to it.
        indexed.publish(Position(tail.end.rawValue - 1))
        changes.add(1, ordering: .sequentiallyConsistent)
    }

    static func failure(_ error: IndexError) -> EventLogError {
        if case .storage(let error) = error { return .storage(error) }
        return .damagedIndex("\(error)")
    }
}
