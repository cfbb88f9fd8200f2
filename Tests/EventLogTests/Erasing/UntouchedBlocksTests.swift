import EventModel
import LMDB
import Testing
import Zstd

@testable import EventLog

/// Of 3,000 events in one segment seven go.
@Suite("Scrubbing: blocks of which nothing goes stay as they are")
struct UntouchedBlocksTests {
    private static let (count, phone) = (3_000, "+34911777001")
    private static let erased: [UInt64] = [1, 1_500, 1_501, 1_502, 1_503, 2_400, 3_000]
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func opened() throws -> OpenLog {
        var sizes = OpenLog.sizes
        sizes.segmentEvents = UInt64(Self.count)
        let opened = try OpenLog(folder.path, sizes: sizes)
        for id in 1...Self.count { try opened.append([said(id)]) }
        try opened.append([Said("erasure")])
        opened.log.settleSealing()
        #expect(opened.log.sealing.through == Position(UInt64(Self.count)))
        return opened
    }

    private func said(_ id: Int) -> Said {
        let isTheirs = Self.erased.contains(UInt64(id))
        var said = Said("order-\(id)")
        said.open = [Attribute("interaction", .ref("i-\(id % 400)"))]
        said.personal = [
            Attribute("text", .text(isTheirs ? "markedtext \(id)" : "the parcel has come")),
            Attribute("title", .text("a parcel")),
        ]
        said.identifiers = [
            Identifier(kind: "phone", value: isTheirs ? Self.phone : "+349110000\(id % 90 + 10)")
        ]
        return said
    }

    private func segment(_ opened: OpenLog) throws -> Segment {
        try opened.log.segments.place(of: Position(1)).segment
    }

    /// The blocks of the segment, by key.
    private func blocks(_ opened: OpenLog) throws -> [UInt64: [UInt8]] {
        let segment = try segment(opened)
        let transaction = try segment.environment.beginRead()
        var cursor = try transaction.cursor(segment.blocks)
        var blocks: [UInt64: [UInt8]] = [:]
        while try cursor.next() { blocks[cursor.integerKey] = cursor.value.copied() }
        return blocks
    }

    private func scrub(_ opened: OpenLog) throws {
        var positions = ErasedPositions()
        for position in Self.erased {
            positions.add(
                Position(position), .init([.init(identifier: 0, customer: 0, person: 0)]))
        }
        let erasure = Erasure(
            number: 1, position: opened.log.head.position,
            what: .person(Surrogate(drawing: { 77 << 20 }), erased: positions, quoted: .init()))
        opened.log.erasures.add(erasure)
        opened.log.scrub(through: erasure.position)
        opened.log.settleSealing()
    }

    @Test("the others keep their bounds, the dictionary stays, which nothing personal was in")
    func untouched() throws {
        try untouched(try opened())
        let report = try Verification.run(store: folder.path)
        #expect(report.isWhole, "\(report.faults)")
    }

    private func untouched(_ opened: OpenLog) throws {
        let before = try blocks(opened)
        let dictionary = try #require(try segment(opened).dictionary?.bytes)
        #expect(dictionary != FirstDictionary.bytes)
        try scrub(opened)
        #expect(opened.log.scrubbing.trouble == nil && opened.log.scrubbing.segments == 1)
        let after = try blocks(opened)
        #expect(after.keys.sorted() == before.keys.sorted())
        let starts = before.keys.sorted()
        let touched = Set(Self.erased.compactMap { position in starts.last { $0 <= position } })
        #expect(touched.count >= 4 && touched.count < starts.count / 4)
        for start in starts { #expect((after[start] == before[start]) != touched.contains(start)) }
        #expect(try segment(opened).dictionary?.bytes == dictionary)
        let words = String(decoding: dictionary, as: Unicode.ASCII.self)
        #expect(words.contains("parcel") && !words.contains("marked") && !words.contains("77700"))
        for (key, event) in try opened.events(through: UInt64(Self.count)).enumerated() {
            let isTheirs = Self.erased.contains(UInt64(key + 1))
            #expect(isTheirs || event.draft == said(key + 1).draft)
            #expect(!isTheirs || event.draft.attributes == said(key + 1).open)
        }
        try opened.writer.close()
    }

    @Test("the index says of their streams what one says that is made anew of the log")
    func index() throws {
        let opened = try opened()
        try scrub(opened)
        // The writer looks into the files from then on.
        var offset = 0
        while try !opened.writer.wipeJournal(at: &offset) {}
        var found: [Position] = []
        try opened.writer.positions(
            of: StreamName(.identifier, bytes("phone:\(Self.phone)")), from: Position(1),
            limit: 10, into: &found)
        #expect(found == [])
        let surrogate = Surrogate(drawing: { 77 << 20 })[0]
        try opened.writer.positions(
            of: StreamName(.identifier, bytes("erased:\(surrogate) \(surrogate)")),
            from: Position(1), limit: 10, into: &found)
        #expect(found == Self.erased.map { Position($0) })
        let again = try opened.append([said(1_500), said(1_499)])
        #expect(again == [.erased(Position(1_500)), .repeated(Position(1_499))])
    }

    @Test(
        "one that is damaged stays as it is where nothing of it goes, and holds nothing up; else it is told",
        arguments: [false, true])
    func damaged(_ isTouched: Bool) throws {
        try damaged(isTouched, try opened())
        guard !isTouched else { return }
        let report = try Verification.run(store: folder.path)
        #expect(report.faults.count == 1, "\(report.faults)")
    }

    private func damaged(_ isTouched: Bool, _ opened: OpenLog) throws {
        let before = try blocks(opened)
        let starts = before.keys.sorted()
        let touched = Set(Self.erased.compactMap { position in starts.last { $0 <= position } })
        // Behind it comes one that is not touched: the chain begins anew there.
        let key = try #require(
            isTouched
                ? touched.min()
                : zip(starts, starts.dropFirst()).first {
                    !touched.contains($0) && !touched.contains($1)
                }?.0)
        let block = try #require(before[key])
        let path = OpenLog.segmentPath(folder.path)
        let contents = try File.contents(path)
        let frame = block[BlockHeader.byteCount...]
        let places = (0..<contents.count - frame.count).filter {
            contents[$0] == frame[frame.startIndex]
                && contents[$0..<$0 + frame.count].elementsEqual(frame)
        }
        try #require(places.count == 1)
        try File.patch([contents[places[0] + 9] ^ 1], at: places[0] + 9, of: path)
        try scrub(opened)
        if isTouched {
            guard case .damagedBlock(Position(key), _)? = opened.log.scrubbing.trouble else {
                Issue.record("\(String(describing: opened.log.scrubbing.trouble))")
                return
            }
            #expect(opened.log.scrubbing.through < opened.log.head.position)
            #expect(try segment(opened).scrubbed == nil)
            return
        }
        #expect(opened.log.scrubbing.trouble == nil)
        #expect(opened.log.scrubbing.through == opened.log.head.position)
        let after = try blocks(opened)
        #expect(after.keys.sorted() == starts && after[key]?.count == block.count)
        for start in starts where start != key {
            #expect((after[start] == before[start]) != touched.contains(start))
        }
        try opened.writer.close()
    }
}
