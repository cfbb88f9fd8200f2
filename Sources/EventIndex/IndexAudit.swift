public import EventModel
internal import LMDB

/// Goes through everything an index holds, in the order it lies in, and checks what can be checked
/// without the log: leaves, their order and bounds, counts, and that no filter denies what is there.
///
/// One thread at a time uses it. Each run is read in one transaction.
public struct IndexAudit: ~Copyable {
    private let file: IndexFile
    private let filter: SegmentFilter?

    /// Looks into a file, and into the filter file beside it if there is one.
    public init(_ file: IndexFile, filter: SegmentFilter? = nil) {
        self.file = file
        self.filter = filter
    }

    /// How many runs there are.
    public var runCount: Int { file.runCount }

    /// The positions that a run covers.
    public func positions(ofRun number: Int) -> Range<UInt64> {
        let run = file.runs[number]
        return file.position(run.start).rawValue..<file.position(run.end).rawValue
    }

    /// Shows the ids of a run: the first half of each hash and the position.
    ///
    /// - Throws: `damaged`, which names the file that is: the index's or the filter's; `storage`.
    @available(*, noasync)
    public func ids(
        ofRun number: Int, _ body: (_ hash: UInt64, _ position: Position) -> Void
    ) throws(IndexError) {
        let run = file.runs[number]
        let transaction = try file.beginRead()
        var scan = IDRunScan(file, run)
        var count: UInt32 = 0
        var before: (hash: UInt64, offset: UInt32)?
        while try scan.advance(in: transaction) {
            let entry = (hash: scan.hash, offset: scan.offset)
            if let before, before >= entry {
                throw file.damaged("ids of run \(number) stand out of order")
            }
            try check(entry.offset, run)
            let hash = KeyHash(high: entry.hash, low: 0)
            guard run.mayContain(id: hash) else { throw denied("an id", entry.offset) }
            if let filter, try !filter.mayContain(id: hash) {
                throw denied("an id", entry.offset, by: filter)
            }
            body(entry.hash, file.position(entry.offset))
            before = entry
            count += 1
        }
        guard count == run.count else {
            throw file.damaged(
                "run \(number) holds \(count) ids for \(run.count) positions")
        }
    }

    /// Shows the streams of a run: each hash with each of its positions.
    ///
    /// - Throws: as `ids`.
    @available(*, noasync)
    public func streams(
        ofRun number: Int, _ body: (_ stream: KeyHash, _ position: Position) -> Void
    ) throws(IndexError) {
        let run = file.runs[number]
        let transaction = try file.beginRead()
        var scan = StreamRunScan(file, run)
        var count: UInt32 = 0
        var before: (stream: KeyHash, offset: UInt32, entries: Int)?
        while try scan.advance(in: transaction) {
            let stream = scan.stream
            guard let last = scan.offsets.last, let first = scan.offsets.first else { continue }
            let goesOn = before?.stream == stream
            if let before, goesOn ? before.offset >= first : before.stream > stream {
                throw file.damaged("streams of run \(number) stand out of order")
            }
            guard scan.before == (goesOn ? before?.entries : 0) else {
                throw file.damaged("a stream of run \(number) is counted wrong")
            }
            try check(first, run)
            try check(last, run)
            if !goesOn {
                count += 1
                guard run.mayContain(stream: stream) else { throw denied("a stream", first) }
                if let filter, try !filter.mayContain(stream: stream) {
                    throw denied("a stream", first, by: filter)
                }
            }
            for offset in scan.offsets { body(stream, file.position(offset)) }
            before = (stream, last, (goesOn ? before?.entries ?? 0 : 0) + scan.offsets.count)
        }
        guard count == run.streamCount else {
            throw file.damaged(
                "run \(number) holds \(count) streams, it says \(run.streamCount)")
        }
    }

    private func check(_ offset: UInt32, _ run: IndexRun) throws(IndexError) {
        guard offset >= run.start, offset < run.end else {
            throw file.damaged("run \(run.number) names a position outside of it")
        }
    }

    private func denied(
        _ what: String, _ offset: UInt32, by filter: SegmentFilter? = nil
    ) -> IndexError {
        .damaged(
            file: filter?.name ?? file.name,
            what: "a filter denies \(what) of position \(file.position(offset))")
    }
}

extension IndexFile {
    /// Opens the index of a segment that another process may be writing, for reading only; see
    /// `Environment.openReadOnlyShared`.
    ///
    /// - Throws: as `open`; a missing file is `storage`.
    public static func openShared(
        path: String, store: StoreID, first: Position
    ) throws(IndexError) -> IndexFile {
        try checked(OpenIndex.shared(path), store, first)
    }
}
