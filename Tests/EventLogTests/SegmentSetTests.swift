import EventModel
import Synchronization
import Testing

@testable import EventLog

@Suite("A log of many segments")
struct SegmentSetTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func sizes(_ events: UInt64) -> LogSizes {
        var sizes = OpenLog.sizes
        sizes.segmentEvents = events
        return sizes
    }

    private func said(_ id: Int) -> Said {
        var said = Said("\(id)")
        said.open = [Attribute("queue", .ref("q-\(id % 5)"))]
        said.personal = [Attribute("text", .text("what \(id) said"))]
        return said
    }

    @Test("three hundred tiny segments read as one log, in any order, before and after reopening")
    func many() throws {
        let count = 3_000
        do {
            let opened = try OpenLog(folder.path, sizes: sizes(10))
            for id in 1...count {
                try opened.append([said(id)])
                // A stride takes all there is: one that comes late would fill a segment with more.
                if id % 10 == 0 { opened.log.settle() }
            }
            #expect(opened.log.segmentCount == 300 || opened.log.segmentCount == 301)
            try check(opened, count)
        }
        let opened = try OpenLog(folder.path, seed: 2, sizes: sizes(10))
        #expect(opened.log.segmentCount >= 300)
        try check(opened, count)
        #expect(try opened.append([said(1), said(count)]).allSatisfy { $0 != .new(.zero) })
        #expect(try opened.append([said(17)]) == [.repeated(Position(17))])
        #expect(try opened.append([said(count + 1)]) == [.new(Position(UInt64(count) + 1))])
    }

    @Test("who stays in a segment that others have long left shares it with who comes back to it")
    func staying() throws {
        let opened = try OpenLog(folder.path, sizes: sizes(4))
        for id in 1...1_200 { try opened.append([said(id)]) }
        opened.log.settle()
        func read(_ reader: inout LogReader, _ position: UInt64) throws -> String {
            var id = ""
            _ = try reader.event(at: Position(position)) { (event) throws(Never) in
                id = event.id.text()
            }
            return id
        }
        var staying = try opened.log.makeReader()
        #expect(try read(&staying, 2) == "2")
        var walking = try opened.log.makeReader()
        for position in stride(from: UInt64(5), through: 1_200, by: 4) {
            #expect(try read(&walking, position) == "\(position)")
        }
        #expect(try read(&walking, 3) == "3")
        #expect(try read(&staying, 4) == "4")
    }

    @Test("many threads that come and go find every segment, though few may be open")
    func coming() throws {
        let opened = try OpenLog(folder.path, sizes: sizes(2))
        for id in 1...600 { try opened.append([said(id)]) }
        opened.log.settle()
        let log = opened.log
        let failures = Mutex<[String]>([])
        let threads = (0..<4).map { number in
            TestThread {
                do {
                    try Self.wander(log, seed: UInt64(number))
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
        }
        for thread in threads { thread.join() }
        #expect(failures.withLock { $0 } == [])
    }

    private static func wander(_ log: EventLog, seed: UInt64) throws {
        var reader = try log.makeReader()
        var random = SeededRandom(seed: seed)
        for _ in 0..<3_000 {
            let position = Position(UInt64.random(in: 1...600, using: &random))
            _ = try reader.event(at: position) { (event) throws(Never) in
                #expect(event.position == position)
            }
        }
    }

    private func check(_ opened: OpenLog, _ count: Int) throws {
        #expect(try opened.events().map(\.draft) == (1...count).map { said($0).draft })
        var reader = try opened.log.makeReader()
        var random = SeededRandom(seed: 4)
        for _ in 0..<1_000 {
            let position = Int.random(in: 1...count, using: &random)
            var id = ""
            _ = try reader.event(at: Position(UInt64(position))) { (event) throws(Never) in
                id = event.id.text()
            }
            #expect(id == "\(position)")
        }
    }

    @Test("a segment ends exactly at its count of events, and the digest chain goes on through all")
    func chain() throws {
        let opened = try OpenLog(folder.path, sizes: sizes(64))
        for id in 1...1_000 { try opened.append([said(id)]) }
        let blocks = try opened.blocks()
        let firsts = opened.log.segments.firsts.map(\.rawValue)
        #expect(firsts == stride(from: 1, through: 961, by: 64).map { UInt64($0) })
        var next = Position(1)
        for block in blocks {
            #expect(block.first == next)
            next = block.last.next
        }
        var seen: [SaltSeed?] = []
        for first in opened.log.segments.firsts.dropFirst() {
            let segment = try opened.log.segments.place(of: first).segment
            let before = try #require(blocks.last { $0.last < first })
            #expect(segment.start == before.digest)
            // A group that began in the segment before has a seed of its own here, drawn with the
            // first block.
            let group = first.rawValue / LogLimits.positionsPerSeed
            let hasBlocks = blocks.contains { $0.first >= first }
            let seed = try segment.seed(ofGroup: group)
            #expect((seed != nil) == hasBlocks)
            #expect(seed == nil || !seen.contains(seed))
            seen.append(seed)
        }
    }

    @Test("a missing first or middle segment is told, and never silence")
    func missing() throws {
        do {
            let opened = try OpenLog(folder.path, sizes: sizes(10))
            for id in 1...100 { try opened.append([said(id)]) }
            opened.log.settle()
        }
        let names = [1, 41].map { folder.path + "/log/" + Segment.fileName(first: Position($0)) }
        for name in names {
            let whole = try File.contents(name)
            try File.remove(name)
            #expect(throws: EventLogError.self, "\(name)") {
                _ = try OpenLog(folder.path, sizes: sizes(10))
            }
            try File.write(whole, to: name)
        }
        #expect(try OpenLog(folder.path, sizes: sizes(10)).events().count == 100)
    }

    @Test("what a killed process left under temporary names goes at the next start")
    func leftovers() throws {
        do {
            try OpenLog(folder.path, sizes: sizes(10)).append([said(1)])
        }
        let left = folder.path + "/log/00000000000000000011.segment.new"
        try File.write([1, 2, 3], to: left)
        #expect(try OpenLog(folder.path, sizes: sizes(10)).events().count == 1)
        #expect(!File.exists(left))
    }
}
