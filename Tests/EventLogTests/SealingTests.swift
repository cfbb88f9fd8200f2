import EventIndex
import EventModel
import Glibc
import LMDB
import Testing
import Zstd

@testable import EventLog

@Suite("Sealing a segment that has ended")
struct SealingTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path }

    init() throws { folder = try TemporaryFolder() }

    private func sizes(_ events: UInt64) -> LogSizes {
        var sizes = OpenLog.sizes
        sizes.segmentEvents = events
        return sizes
    }

    private func said(_ id: Int) -> Said {
        var said = Said("\(id)")
        said.open = [Attribute("queue", .ref("q-\(id % 5)"))]
        said.personal = [Attribute("text", .text("where is the parcel number \(id)"))]
        said.identifiers = [Identifier(kind: "crm", value: "c-\(id % 300)")]
        return said
    }

    private func firsts(_ opened: OpenLog) -> [Position] { opened.log.segments.firsts }

    private func segment(_ opened: OpenLog, _ first: Position) throws -> Segment {
        try opened.log.segments.place(of: first).segment
    }

    @Test("every segment but the newest is sealed, says how it ends, and reads as before")
    func sealed() throws {
        let count = 2_000
        do {
            let opened = try OpenLog(path, sizes: sizes(300))
            for id in 1...count { try opened.append([said(id)]) }
            opened.log.settleSealing()
            #expect(opened.log.sealing.through == Position(1_800))
            #expect(opened.log.sealing.trouble == nil)
            #expect(opened.log.sealing.unsealed == 0)
            try check(opened, count)
        }
        let opened = try OpenLog(path, seed: 2, sizes: sizes(300))
        try check(opened, count + 1)
    }

    private func check(_ opened: OpenLog, _ count: Int) throws {
        #expect(try opened.events().map(\.draft) == (1...count).map { said($0).draft })
        let firsts = firsts(opened)
        for (first, next) in zip(firsts, firsts.dropFirst()) {
            let end = try #require(try segment(opened, first).end)
            #expect(end.last.next == next)
            #expect(try end.digest == segment(opened, next).start)
            for name in [IndexFile.fileName(first: first), SegmentFilter.fileName(first: first)] {
                #expect(File.exists(path + "/log/" + name))
            }
            let lock = path + "/log/" + Segment.fileName(first: first) + "-lock"
            #expect(!File.exists(lock))
        }
        #expect(try segment(opened, #require(firsts.last)).end == nil)
        let bytes = try firsts.map {
            try File.contents(opened.log.segments.path(of: $0)).count
        }
        #expect(opened.log.fileBytes == UInt64(bytes.reduce(0, +)))
        let again = try opened.append(stride(from: 1, through: count, by: 97).map { said($0) })
        #expect(
            again == stride(from: 1, through: count, by: 97).map { .repeated(Position(UInt64($0))) }
        )
        #expect(try opened.append([said(count + 1)]) == [.new(Position(UInt64(count) + 1))])
    }

    @Test("the digest chain of sealed segments is that of the events, block by block")
    func chain() throws {
        let opened = try OpenLog(path, sizes: sizes(500))
        for id in 1...1_100 { try opened.append([said(id)]) }
        let before = try opened.blocks()
        let reached = before.map { ($0.last, $0.digest) }
        opened.log.settleSealing()
        var digest = Digest.zero
        var reader = try opened.log.makeReader()
        var digests: [Position: Digest] = [:]
        try reader.events(from: Position(1), through: Position(1_000)) { event in
            let group = event.position.rawValue / LogLimits.positionsPerSeed
            let segment = try segment(opened, event.position)
            let seed = try #require(try segment.seed(ofGroup: group))
            digest = DigestChain().advance(digest, by: event, seed: seed.bytes.rawSpan)
            digests[event.position] = digest
            return true
        }
        for block in try opened.blocks() where block.last <= Position(1_000) {
            #expect(digests[block.last] == block.digest)
        }
        for (last, digest) in reached where last <= Position(1_000) {
            #expect(digests[last] == digest)
        }
    }

    @Test("the newest segment ends when that is asked for, however little is in it, and only once")
    func asked() throws {
        let opened = try OpenLog(path, sizes: sizes(300))
        #expect(opened.writer.endSegment() == .zero)
        for id in 1...7 { try opened.append([said(id)]) }
        try opened.stage(said(8))
        #expect(opened.writer.endSegment() == Position(8))
        try opened.commit()
        opened.writer.endSegment()
        opened.log.settleSealing()
        #expect(firsts(opened) == [Position(1), Position(9)])
        #expect(opened.log.sealing.through == Position(8))
        opened.writer.endSegment()
        opened.log.settleSealing()
        #expect(firsts(opened) == [Position(1), Position(9)])
        for id in 9...20 { try opened.append([said(id)]) }
        #expect(try opened.events().map(\.draft) == (1...20).map { said($0).draft })
        #expect(
            try opened.append([said(8), said(9)]) == [
                .repeated(Position(8)), .repeated(Position(9)),
            ])
    }

    @Test("a full segment ends when asked, though an event behind it was staged and taken back")
    func takenBack() throws {
        let opened = try OpenLog(path, sizes: sizes(4))
        for id in 1...4 { try opened.append([said(id)]) }
        let mark = opened.writer.mark()
        try opened.stage(said(5))
        opened.writer.takeBack(to: mark)
        #expect(opened.writer.endSegment() == Position(4))
        opened.log.settleSealing()
        #expect(opened.log.sealing.through == Position(4))
        #expect(firsts(opened) == [Position(1), Position(5)])
    }

    @Test("the next segment begins with the dictionary that the last one was sealed with")
    func dictionary() throws {
        let opened = try OpenLog(path, sizes: sizes(3_000))
        for id in 1...3_000 { try opened.append([said(id)]) }
        opened.writer.endSegment()
        opened.log.settleSealing()
        let first = try segment(opened, Position(1))
        let trained = try #require(first.dictionary?.bytes)
        #expect(trained != FirstDictionary.bytes)
        for id in 3_001...6_000 { try opened.append([said(id)]) }
        try opened.append([said(6_001)])
        opened.log.settleSealing()
        #expect(opened.log.segments.newest.dictionary?.bytes == trained)
        #expect(opened.log.segments.newest.first == Position(6_001))
    }

    @Test("a reader in the middle of a segment goes on while that is replaced")
    func readerGoesOn() throws {
        let opened = try OpenLog(path, sizes: sizes(400))
        for id in 1...400 { try opened.append([said(id)]) }
        opened.log.settle()
        var reader = try opened.log.makeReader()
        var seen: [String] = []
        try reader.events(from: Position(1)) { event in
            seen.append(event.id.text())
            if seen.count == 100 {
                try opened.append([said(401)])
                opened.log.settleSealing()
                #expect(opened.log.sealing.through == Position(400))
            }
            return true
        }
        #expect(seen == (1...400).map { "\($0)" })
    }

    @Test("a segment whose chain does not fit is left as it is and told, the others are sealed")
    func damaged() throws {
        let opened = try OpenLog(path, sizes: sizes(300))
        for id in 1...290 { try opened.append([said(id)]) }
        opened.log.settle()
        // Another seed than the one that was drawn: the events read well, their digests do not.
        let newest = opened.log.segments.newest
        var transaction = try newest.environment.beginWrite()
        let other = [UInt8](repeating: 7, count: SaltSeed.byteCount)
        try transaction.put(newest.seeds, key: 0, value: other.rawSpan)
        try transaction.commit()
        for id in 291...900 { try opened.append([said(id)]) }
        opened.writer.endSegment()
        opened.log.settleSealing()
        guard case .damagedBlock(let first, let reason)? = opened.log.sealing.trouble else {
            Issue.record("the wrong seed was not noticed")
            return
        }
        #expect(first == Position(1))
        #expect(reason.contains("digest"))
        #expect(try segment(opened, Position(1)).end == nil)
        #expect(try segment(opened, Position(301)).end != nil)
        #expect(opened.log.sealing.through == Position(900))
        #expect(try opened.events().count == 900)
    }

    @Test(
        "an older segment that cannot be opened takes its own events away and ends nothing",
        arguments: [false, true])
    func unopenable(isMissing: Bool) throws {
        do {
            let opened = try OpenLog(path, sizes: sizes(200))
            for id in 1...450 { try opened.append([said(id)]) }
            opened.log.settleSealing()
        }
        let file = path + "/log/" + Segment.fileName(first: Position(1))
        if isMissing {
            // A link that leads nowhere: the name is there, the file is not.
            try File.remove(file)
            #expect(unsafe symlink("nowhere", file) == 0)
        } else {
            let environment = try Environment.open(
                path: file, options: .init(maxDatabases: Segment.databasesMax))
            let meta = try environment.openDatabases(Segment.definitions)[2]
            var transaction = try environment.beginWrite()
            try SegmentMeta.format.put([9, 0, 0, 0], meta, in: &transaction)
            try transaction.commit()
        }
        let opened = try OpenLog(path, seed: 2, sizes: sizes(200))
        opened.log.settleSealing()
        #expect(opened.log.sealing.trouble != nil)
        #expect(opened.log.sealing.through == Position(400))
        #expect(try opened.events(from: 201).count == 250)
        for id in 451...700 { try opened.append([said(id)]) }
        opened.log.settleSealing()
        #expect(opened.log.sealing.through == Position(600))
    }

    @Test("an index or filter that is missing or damaged is made anew at the next start")
    func indexes() throws {
        do {
            let opened = try OpenLog(path, sizes: sizes(200))
            for id in 1...1_000 { try opened.append([said(id)]) }
            opened.log.settleSealing()
        }
        let firsts = [1, 201, 401, 601].map { Position($0) }
        try File.remove(path + "/log/" + IndexFile.fileName(first: firsts[0]))
        try File.remove(path + "/log/" + SegmentFilter.fileName(first: firsts[1]))
        try File.write([1, 2, 3], to: path + "/log/" + SegmentFilter.fileName(first: firsts[2]))
        try File.write([1, 2, 3], to: path + "/log/" + IndexFile.fileName(first: firsts[3]))
        try File.remove(path + "/log/" + SegmentFilter.fileName(first: firsts[3]))
        let opened = try OpenLog(path, seed: 2, sizes: sizes(200))
        let all = (1...1_000).map { LogWriter.Outcome.repeated(Position(UInt64($0))) }
        #expect(try opened.append((1...1_000).map { said($0) }) == all)
        opened.log.settleSealing()
        for first in firsts {
            for name in [IndexFile.fileName(first: first), SegmentFilter.fileName(first: first)] {
                #expect(try File.contents(path + "/log/" + name).count >= 4_096)
            }
        }
        #expect(try opened.append((1...1_000).map { said($0) }) == all)
    }

    @Test("a store that has lost its newest segment behind a sealed one is refused")
    func newestLost() throws {
        do {
            let opened = try OpenLog(path, sizes: sizes(200))
            for id in 1...400 { try opened.append([said(id)]) }
            try opened.append([said(401)])
            opened.log.settleSealing()
        }
        try File.remove(path + "/log/" + Segment.fileName(first: Position(401)))
        #expect(throws: EventLogError.self) { _ = try OpenLog(path, sizes: sizes(200)) }
    }
}
