internal import EventModel
internal import LMDB

/// The second half of a merge: the filter file of an index with one run, from what its leaves say,
/// each of which is read back and checked by that.
enum FilterBuild {
    /// The pages that are written at once.
    private static let pagesPerWrite = 64

    /// Writes the file at `path`, which must not exist; it is on disk when this returns.
    static func run(_ index: IndexFile, to path: String) throws(IndexError) {
        let run = index.runs[0]
        let head = FilterPage.Head(positions: Int(run.count), streams: Int(run.streamCount))
        let transaction = try index.beginRead()
        let file = try PlainFile(creating: path)
        var page: [UInt8] = []
        head.append(to: &page)
        FilterPage.finish(&page, number: 0, store: index.store, first: index.first)
        try file.write(page)
        let ids = try ids(of: index, run, pages: head.idPages, in: transaction)
        try write(ids, of: index, firstPage: 1, to: file)
        let streams = try streams(of: index, run, pages: head.streamPages, in: transaction)
        try write(streams, of: index, firstPage: 1 + head.idPages, to: file)
        try file.sync()
    }

    private static func ids(
        of index: IndexFile, _ run: IndexRun, pages: Int,
        in transaction: borrowing ReadTransaction
    ) throws(IndexError) -> IndexFilter {
        var filter = IndexFilter(blocks: pages * FilterPage.blocks)
        var scan = IDRunScan(index, run)
        var count: UInt32 = 0
        while try scan.advance(in: transaction) {
            filter.insert(scan.hash)
            count += 1
        }
        guard count == run.count else {
            throw index.damaged("it holds \(count) ids for \(run.count) positions")
        }
        return filter
    }

    private static func streams(
        of index: IndexFile, _ run: IndexRun, pages: Int,
        in transaction: borrowing ReadTransaction
    ) throws(IndexError) -> IndexFilter {
        var filter = IndexFilter(blocks: pages * FilterPage.blocks)
        var scan = StreamRunScan(index, run)
        while try scan.advance(in: transaction) { filter.insert(scan.stream.high) }
        return filter
    }

    private static func write(
        _ filter: IndexFilter, of index: IndexFile, firstPage: Int, to file: borrowing PlainFile
    ) throws(IndexError) {
        var pages: [UInt8] = []
        for number in 0..<filter.blockCount / FilterPage.blocks {
            var page: [UInt8] = []
            page.reserveCapacity(FilterPage.byteCount)
            let start = number * FilterPage.wordsPerPage
            for word in filter.words[start..<start + FilterPage.wordsPerPage] {
                page.append(littleEndian: word)
            }
            FilterPage.finish(
                &page, number: firstPage + number, store: index.store, first: index.first)
            pages += page
            if pages.count == pagesPerWrite * FilterPage.byteCount {
                try file.write(pages)
                pages.removeAll(keepingCapacity: true)
            }
        }
        try file.write(pages)
    }
}
