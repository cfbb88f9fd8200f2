public import EventModel
internal import LMDB

/// Finds positions in an index file, for one thread at a time, while another writes the next run.
///
/// It sees the runs that were complete at its making or at its last `refresh()`. Between questions
/// it holds a reader slot and no pages. A thrown error leaves it usable.
public struct IndexReader: ~Copyable {
    let file: IndexFile
    private(set) var runs: [IndexRun]
    private var parked: ParkedReadTransaction?
    /// The offsets of one group, decoded; kept for its room.
    var offsets: [UInt32] = []
    var key: [UInt8] = []

    init(_ file: IndexFile) {
        self.file = file
        runs = file.runs
    }

    /// The position behind the last one that this reader sees.
    public var end: Position { file.position(runs.last?.end ?? 0) }

    /// How many runs this reader sees.
    public var runCount: Int { runs.count }

    /// Sees the runs that have been completed since.
    public mutating func refresh() { runs = file.runs }

    /// Begins to read the newest state, which holds every run this reader sees.
    mutating func begin() throws(IndexError) -> ReadTransaction {
        do throws(LMDBError) {
            if let parked = parked.take() { return try parked.resume() }
            return try file.environment.beginRead()
        } catch {
            throw IndexError(error)
        }
    }

    /// Lets go of the state and keeps the reader slot.
    mutating func end(_ transaction: consuming ReadTransaction) {
        parked = transaction.park()
    }
}

extension IndexFile {
    /// Returns the leaf of a run that covers a hash.
    @_lifetime(borrow transaction)
    func idLeaf(
        of run: IndexRun, covering hash: UInt64, _ key: inout [UInt8],
        in transaction: borrowing ReadTransaction
    ) throws(IndexError) -> IDLeaf {
        IDLeaf.write(run: run.number, lowest: hash, to: &key)
        do throws(LMDBError) {
            var cursor = try transaction.cursor(ids)
            if try cursor.seek(atOrBefore: key.rawSpan),
                let leaf = IDLeaf(run: run.number, key: cursor.key, value: cursor.value),
                leaf.lowest <= hash, hash <= leaf.highest
            {
                return leaf
            }
        } catch {
            throw IndexError(error)
        }
        throw damaged("the ids of run \(run.number) have a leaf that is missing or wrong")
    }

    /// Returns the leaf of a run that covers a stream's offset.
    @_lifetime(borrow transaction)
    func streamLeaf(
        of run: IndexRun, covering point: StreamPoint, _ key: inout [UInt8],
        in transaction: borrowing ReadTransaction
    ) throws(IndexError) -> StreamLeaf {
        point.write(run: run.number, to: &key)
        do throws(LMDBError) {
            var cursor = try transaction.cursor(streams)
            if try cursor.seek(atOrBefore: key.rawSpan),
                let leaf = StreamLeaf(run: run.number, key: cursor.key, value: cursor.value),
                leaf.lowest <= point, point <= leaf.highest
            {
                return leaf
            }
        } catch {
            throw IndexError(error)
        }
        throw damagedStreams(run)
    }

    func damagedStreams(_ run: IndexRun) -> IndexError {
        damaged("the streams of run \(run.number) have a leaf that is missing or wrong")
    }
}

extension Cursor {
    /// Moves to the pair with this key, else to the last one before it.
    @_lifetime(self: copy self)
    fileprivate mutating func seek(atOrBefore key: RawSpan) throws(LMDBError) -> Bool {
        if try seek(atLeast: key), self.key.equals(key) { return true }
        return try previous()
    }
}
