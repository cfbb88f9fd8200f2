internal import EventModel
internal import Glibc
internal import LMDB

/// The first half of a merge: the runs of one index file become the one run of another, with what is to
/// change on the way.
struct RunMerge {
    private let source: IndexFile
    private let changes: IndexChanges
    private let target: OpenIndex
    private let leaves: Int
    private let progress: (IndexMerge.Progress) -> Void
    private var leavesRead = 0

    private static let leavesPerReport = 1_024

    /// Writes the file at `path`, which must not exist, and lets go of it.
    static func run(
        _ source: IndexFile, _ changes: IndexChanges, to path: String,
        progress: (IndexMerge.Progress) -> Void
    ) throws(IndexError) {
        let target = try OpenIndex.growing(path, isNew: true)
        try withoutActuallyEscaping(progress) { (progress) throws(IndexError) in
            let transaction = try source.beginRead()
            var merge = RunMerge(
                source: source, changes: changes, target: target,
                leaves: try source.leafCount(in: transaction), progress: progress)
            try merge.write(in: transaction)
        }
        do throws(LMDBError) {
            try target.environment.sync()
        } catch {
            throw IndexError(error)
        }
    }

    private mutating func write(
        in transaction: borrowing ReadTransaction
    ) throws(IndexError) {
        var sink = try LeafSink(
            target.environment, leavesPerCommit: IndexLimits.leavesPerMergeCommit)
        try mergeIDs(in: transaction, to: &sink)
        let streams = try mergeStreams(in: transaction, to: &sink)
        let count = UInt32(source.end.rawValue - source.first.rawValue)
        let run = IndexRun(
            number: 0, start: 0, count: count, streamCount: UInt32(streams), filters: nil)
        // In the last commit: a file that a crash has cut short says that it holds nothing.
        try IndexFile.writeHead(
            source.store, source.first, [run], target.databases[3], to: &sink)
        try sink.commit()
        progress(IndexMerge.Progress(leavesRead: leaves, leaves: leaves))
    }

    private mutating func mergeIDs(
        in transaction: borrowing ReadTransaction, to sink: inout LeafSink
    ) throws(IndexError) {
        var scans = source.runs.map { IDRunScan(source, $0) }
        var heap = RunHeap<UInt64>()
        for index in scans.indices where try scans[index].advance(in: transaction) {
            heap.insert(scans[index].hash, run: index)
        }
        var builder = IDLeafBuilder(target.databases[0], run: 0)
        while let lowest = heap.lowest {
            try builder.append(
                hash: scans[lowest].hash, offset: scans[lowest].offset, to: &sink)
            let read = scans[lowest].leavesRead
            let isThere = try scans[lowest].advance(in: transaction)
            heap.replaceLowest(isThere ? scans[lowest].hash : nil)
            report(scans[lowest].leavesRead - read)
        }
        try builder.finish(to: &sink)
    }

    private mutating func mergeStreams(
        in transaction: borrowing ReadTransaction, to sink: inout LeafSink
    ) throws(IndexError) -> Int {
        var scans = source.runs.map { StreamRunScan(source, $0) }
        var heap = RunHeap<KeyHash>()
        for index in scans.indices where try scans[index].advance(in: transaction) {
            heap.insert(scans[index].stream, run: index)
        }
        var builder = StreamLeafBuilder(target.databases[1], run: 0)
        var last: KeyHash?
        var changing = changes.streams[...]
        while true {
            let lowest = heap.lowest
            let found = lowest.map { scans[$0].stream }
            if let next = changing.first, found.map({ next <= $0 }) ?? true {
                changing.removeFirst()
                var offsets: [UInt32] = []
                while let lowest = heap.lowest, scans[lowest].stream == next {
                    offsets += scans[lowest].offsets
                    try advance(&scans[lowest], &heap, in: transaction)
                }
                offsets = changes.applied(to: next, offsets, first: source.first)
                if !offsets.isEmpty { builder.begin(next) }
                for offset in offsets { try builder.append(offset, to: &sink) }
                continue
            }
            guard let lowest, let stream = found else { break }
            if stream != last { builder.begin(stream) }
            last = stream
            for offset in scans[lowest].offsets { try builder.append(offset, to: &sink) }
            try advance(&scans[lowest], &heap, in: transaction)
        }
        try builder.finish(to: &sink)
        return builder.streamCount
    }

    /// Moves the scan that the heap has lowest.
    private mutating func advance(
        _ scan: inout StreamRunScan, _ heap: inout RunHeap<KeyHash>,
        in transaction: borrowing ReadTransaction
    ) throws(IndexError) {
        let read = scan.leavesRead
        let isThere = try scan.advance(in: transaction)
        heap.replaceLowest(isThere ? scan.stream : nil)
        report(scan.leavesRead - read)
    }

    private mutating func report(_ more: Int) {
        let before = leavesRead / Self.leavesPerReport
        leavesRead += more
        if leavesRead / Self.leavesPerReport > before {
            progress(IndexMerge.Progress(leavesRead: leavesRead, leaves: leaves))
        }
    }
}
