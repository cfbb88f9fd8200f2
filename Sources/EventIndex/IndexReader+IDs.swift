public import EventModel
internal import LMDB

extension IndexReader {
    /// Adds the positions whose id may have this hash: each is a candidate, since the index holds
    /// half of the hash, and has to be confirmed against its event. Newest run first.
    ///
    /// - Parameter run: The one run to ask, by its number; all without it.
    /// - Throws: `damaged`, `storage`; `list` may then hold some candidates.
    /// - Complexity: A filter for each run, and O(log n) where it says "perhaps"; no allocation
    ///   beyond the list's.
    @available(*, noasync)
    public mutating func candidates(
        id: KeyHash, run: Int? = nil, into list: inout [Position]
    ) throws(IndexError) {
        let asked = run.map { $0..<$0 + 1 } ?? runs.indices
        precondition(asked.upperBound <= runs.count, "a run that this reader sees")
        // Most ids are new: no transaction is begun for those that no filter knows.
        let perhaps = RunSet(asked) { runs[$0].mayContain(id: id) }
        guard !perhaps.isEmpty else { return }
        let transaction = try begin()
        for index in asked.reversed() where perhaps.contains(index) {
            try collect(id.high, of: runs[index], into: &list, in: transaction)
        }
        end(transaction)
    }

    private mutating func collect(
        _ hash: UInt64, of run: IndexRun, into list: inout [Position],
        in transaction: borrowing ReadTransaction
    ) throws(IndexError) {
        let leaf = try file.idLeaf(of: run, covering: hash, &key, in: transaction)
        var entry = leaf.firstIndex(atLeast: hash)
        while entry < leaf.count, leaf.hash(at: entry) == hash {
            list.append(file.position(leaf.offset(at: entry)))
            entry += 1
        }
    }
}
