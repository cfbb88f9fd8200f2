public import EventModel
internal import LMDB
internal import Synchronization

/// The index of one segment on disk: positions by id and by stream, in runs. Disposable.
///
/// One LMDB file with four databases: `ids` (`IDLeaf`), `streams` (`StreamLeaf`), `filters`
/// (`RunFilterRecord`) and `meta` (`IndexMeta`). While the segment grows, one thread adds a run per
/// 65,536 events, each in one transaction that only appends; any number of threads read, each with
/// its own `IndexReader`. A sealed segment has an index with one run, which `IndexMerge` makes.
///
/// Commits use `.noMetaSync`: the pages are on disk before the meta page is written, so that the
/// file is whole after a power cut, which may undo the last commit. It then says that it ends
/// earlier, and those events are indexed again from the log. (`.noSync` could leave any state.)
public final class IndexFile: Sendable {
    /// The name of the file, which errors give.
    public let name: String
    /// The first position of the segment.
    public let first: Position
    /// The store it belongs to.
    public let store: StoreID

    let environment: Environment
    let ids: Database
    let streams: Database
    let filters: Database
    let meta: Database
    private let complete: Mutex<[IndexRun]>

    init(_ opened: OpenIndex, first: Position, store: StoreID, runs: [IndexRun]) {
        environment = opened.environment
        name = environment.name
        ids = opened.databases[0]
        streams = opened.databases[1]
        filters = opened.databases[2]
        meta = opened.databases[3]
        self.first = first
        self.store = store
        complete = Mutex(runs)
    }

    /// The runs that are complete, oldest first.
    var runs: [IndexRun] { complete.withLock { $0 } }

    /// How many runs are complete.
    public var runCount: Int { complete.withLock { $0.count } }

    /// The position behind the last one that is indexed here.
    public var end: Position { position(runs.last?.end ?? 0) }

    /// The bytes of the file in use.
    public var byteCount: UInt64 { environment.information.usedBytes }

    /// Clears the slots of readers that were killed, and returns how many there were.
    public func checkReaders() throws(IndexError) -> Int {
        do throws(LMDBError) {
            return try environment.checkReaders()
        } catch {
            throw IndexError(error)
        }
    }

    /// Returns a reader for one thread at a time.
    public func reader() -> IndexReader { IndexReader(self) }

    func position(_ offset: UInt32) -> Position { Position(first.rawValue + UInt64(offset)) }

    /// Makes a run that is committed visible to readers.
    func publish(_ run: IndexRun) { complete.withLock { $0.append(run) } }

    /// Begins to read the newest state.
    func beginRead() throws(IndexError) -> ReadTransaction {
        do throws(LMDBError) {
            return try environment.beginRead()
        } catch {
            throw IndexError(error)
        }
    }

    /// Returns how many leaves there are, of ids and of streams.
    func leafCount(in transaction: borrowing ReadTransaction) throws(IndexError) -> Int {
        do throws(LMDBError) {
            let leaves = try transaction.statistics(ids).entries
            return Int(try leaves + transaction.statistics(streams).entries)
        } catch {
            throw IndexError(error)
        }
    }

    func damaged(_ what: String) -> IndexError { .damaged(file: name, what: what) }
}
