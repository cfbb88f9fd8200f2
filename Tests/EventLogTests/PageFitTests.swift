import EventModel
import LMDB
import Testing

@testable import EventLog

@Suite("Blocks of sealed segments fill LMDB's pages")
struct PageFitTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(
        "pages of a segment that was sealed have next to no room left", arguments: [20, 100, 300])
    func pages(bytes: Int) throws {
        // What a way of guessing reaches moves by a point or two with what it is given.
        let seed: UInt64 = 1
        var random = SeededRandom(seed: seed)
        let opened = try OpenLog(folder.path)
        for round in 0..<120 {
            try opened.append(
                (1...20).map { number in
                    var said = Said("\(round).\(number)")
                    said.open = [Attribute("queue", .ref("q-\(number % 5)"))]
                    // Bytes of which a half says nothing new.
                    said.data = random.bytes(Int.random(in: 1...bytes, using: &random))
                    said.data += [UInt8](repeating: 7, count: said.data.count)
                    return said
                })
        }
        opened.writer.endSegment()
        opened.log.settleSealing()
        let segment = try opened.log.segments.place(of: Position(1)).segment
        let end = try #require(segment.end)
        #expect(end.last == Position(2_400))
        let transaction = try segment.environment.beginRead()
        var (values, apart, needed) = (0, 0, 0)
        try transaction.forEach(in: segment.blocks, from: 0) { _, value in
            values += 1
            let isShared = value.byteCount <= PageFit.sharingBytesMax
            if !isShared { apart += 1 }
            needed += PageFit.entryBytes + (isShared ? value.byteCount : 8)
            return true
        }
        let pages = Int(try transaction.statistics(segment.blocks).leafPages)
        let room = pages * PageFit.pageBytes
        // Where most blocks have pages of their own there is nothing to fit.
        guard apart * 2 < values else { return }
        #expect(
            needed * 100 >= room * 93,
            "\(values) blocks of \(needed) bytes on \(pages) pages, seed \(seed)")
    }

    @Test("what fits is what liblmdb puts on a page")
    func fit() throws {
        let environment = try Environment.open(
            path: folder.path + "/pages", options: .init(durability: .noSync, creation: .always))
        let database = try environment.openDatabases([.init("blocks", keys: .integer)])[0]
        var random = SeededRandom(seed: Scale.seed)
        var fit = PageFit()
        var transaction = try environment.beginWrite()
        var pages = 0
        for key in 1...3_000 as ClosedRange<UInt64> {
            let bytes = Int.random(in: 85...2_300, using: &random)
            let holds = fit.holds(bytes)
            let value = [UInt8](repeating: 1, count: bytes)
            try transaction.put(database, key: key, value: value.rawSpan, .append)
            fit.put(valueBytes: bytes, rawBytes: bytes * 4)
            let now = Int(try transaction.statistics(database).leafPages)
            // Values with pages of their own leave a number on this one, which may begin it too.
            if bytes <= PageFit.sharingBytesMax, key > 1 {
                #expect(holds == (now == pages), "entry \(key) of \(bytes) bytes, \(Scale.seed)")
            }
            pages = now
        }
    }
}
