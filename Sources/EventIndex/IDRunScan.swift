internal import EventModel
internal import LMDB

/// Goes through the ids of one run in order, one leaf in memory at a time.
struct IDRunScan {
    private let file: IndexFile
    let run: IndexRun
    private var hashes: [UInt64] = []
    private var offsets: [UInt32] = []
    private var index = 0
    /// Where the next leaf begins, nil behind the last.
    private var next: UInt64? = 0
    private var key: [UInt8] = []
    /// The leaves that have been read.
    private(set) var leavesRead = 0

    init(_ file: IndexFile, _ run: IndexRun) {
        self.file = file
        self.run = run
    }

    /// The entry that the scan stands on, after `advance` has said that there is one.
    var hash: UInt64 { hashes[index - 1] }
    var offset: UInt32 { offsets[index - 1] }

    /// Moves to the next entry and tells whether there is one.
    mutating func advance(
        in transaction: borrowing ReadTransaction
    ) throws(IndexError) -> Bool {
        while index == hashes.count {
            guard let start = next else { return false }
            try read(start, in: transaction)
        }
        index += 1
        return true
    }

    private mutating func read(
        _ start: UInt64, in transaction: borrowing ReadTransaction
    ) throws(IndexError) {
        let leaf = try file.idLeaf(of: run, covering: start, &key, in: transaction)
        guard leaf.lowest == start else { throw file.damaged("leaves of ids overlap") }
        hashes.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
        for entry in 0..<leaf.count {
            hashes.append(leaf.hash(at: entry))
            offsets.append(leaf.offset(at: entry))
        }
        index = 0
        next = leaf.highest < .max ? leaf.highest + 1 : nil
        leavesRead += 1
    }
}
