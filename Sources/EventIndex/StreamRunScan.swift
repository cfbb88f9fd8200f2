internal import EventModel
internal import LMDB

/// Goes through the streams of one run in order, one leaf in memory at a time.
///
/// A stream that is cut comes in several groups, one after the other.
struct StreamRunScan {
    private struct Group {
        let stream: KeyHash
        let before: Int
        let offsets: Range<Int>
    }

    private let file: IndexFile
    let run: IndexRun
    private var groups: [Group] = []
    private var all: [UInt32] = []
    private var decoded: [UInt32] = []
    private var index = 0
    /// Where the next leaf begins, nil behind the last.
    private var next: StreamPoint? = .first
    private var key: [UInt8] = []
    /// The leaves that have been read.
    private(set) var leavesRead = 0

    init(_ file: IndexFile, _ run: IndexRun) {
        self.file = file
        self.run = run
    }

    /// The stream of the group that the scan stands on.
    var stream: KeyHash { groups[index - 1].stream }

    /// How many entries the group that the scan stands on says come before it in the run.
    var before: Int { groups[index - 1].before }

    /// The offsets of the group that the scan stands on, ascending.
    var offsets: ArraySlice<UInt32> { all[groups[index - 1].offsets] }

    /// Moves to the next group and tells whether there is one.
    mutating func advance(
        in transaction: borrowing ReadTransaction
    ) throws(IndexError) -> Bool {
        while index == groups.count {
            guard let start = next else { return false }
            try read(start, in: transaction)
        }
        index += 1
        return true
    }

    private mutating func read(
        _ start: StreamPoint, in transaction: borrowing ReadTransaction
    ) throws(IndexError) {
        let leaf = try file.streamLeaf(of: run, covering: start, &key, in: transaction)
        guard leaf.lowest == start else { throw file.damaged("leaves of streams overlap") }
        groups.removeAll(keepingCapacity: true)
        all.removeAll(keepingCapacity: true)
        var place = StreamLeaf.start
        while let group = leaf.group(at: &place) {
            guard group.decode(into: &decoded) else { throw file.damagedStreams(run) }
            groups.append(
                Group(
                    stream: group.stream, before: group.before,
                    offsets: all.count..<all.count + decoded.count))
            all.append(contentsOf: decoded)
        }
        guard leaf.isEnd(place) else { throw file.damagedStreams(run) }
        index = 0
        next = leaf.highest.successor
        leavesRead += 1
    }
}
