import EventIndex
import EventModel
import LMDB
import Testing

@testable import EventLog

@Suite("An index of an ended segment that is damaged while the store is open")
struct IndexRepairTests {
    private let folder: TemporaryFolder
    private let first = Position(1)
    private static let count = 200

    init() throws { folder = try TemporaryFolder() }

    private var index: String { folder.path + "/log/" + IndexFile.fileName(first: first) }
    private var filter: String { folder.path + "/log/" + SegmentFilter.fileName(first: first) }

    private func said(_ id: Int) -> Said {
        var said = Said("\(id)")
        said.open = [Attribute("agent", .ref("a-\(id % 3)"))]
        said.identifiers = [Identifier(kind: "crm", value: "c-\(id % 7)")]
        return said
    }

    /// A store with two sealed segments.
    private func opened() throws -> OpenLog {
        var sizes = OpenLog.sizes
        sizes.segmentEvents = 80
        let opened = try OpenLog(folder.path, sizes: sizes)
        for id in 1..<Self.count { try opened.append([said(id)]) }
        opened.log.settleSealing()
        // A commit has the writer look into the files instead of its memory.
        try opened.append([said(Self.count)])
        #expect(opened.log.sealing.through == Position(160))
        return opened
    }

    /// Turns a bit of the leaf that holds an event's id.
    private func damageLeaf(of id: Int, in opened: OpenLog) throws {
        let key = HashKey(Hexadecimal.bytes(of: opened.folder.indexKey).rawSpan)
        let hash = key.id(source: bytes("test").rawSpan, id: bytes("\(id)").rawSpan)
        var wanted: [UInt8] = []
        wanted.append(littleEndian: hash.high)
        // The offset behind the hash: only the leaf's checksum can tell.
        try turnBit(behind: wanted, by: 8, in: index)
    }

    /// Turns a bit so many bytes behind each place of some bytes: LMDB may keep an older page too.
    private func turnBit(behind wanted: [UInt8], by distance: Int, in path: String) throws {
        let contents = try File.contents(path)
        let places = (0..<contents.count - 64).filter {
            contents[$0] == wanted[0]
                && contents[$0..<$0 + wanted.count].elementsEqual(wanted)
        }
        #expect(!places.isEmpty)
        for place in places.map({ $0 + distance }) {
            try File.patch([contents[place] ^ 1], at: place, of: path)
        }
    }

    private func refusal(of id: Int, in opened: OpenLog) throws -> EventLogError? {
        do throws(ReadFailure<Never>) {
            _ = try opened.writer.stage { (records) throws(Never) in
                said(id).encode(into: &records)
            }
            return nil
        } catch {
            return error.ofLog
        }
    }

    private func expectWhole(_ opened: OpenLog) throws {
        for id in 1...Self.count {
            #expect(try opened.stage(said(id)) == .repeated(Position(UInt64(id))), "id \(id)")
        }
        for agent in 0..<3 {
            let stream = StreamName(.agent, bytes("a-\(agent)"))
            let all = (1...Self.count).filter { $0 % 3 == agent }
            #expect(try opened.writer.version(of: stream) == UInt64(all.count))
            var found: [Position] = []
            try opened.writer.positions(of: stream, from: first, limit: 1_000, into: &found)
            #expect(found == all.map { Position(UInt64($0)) })
        }
        #expect(!File.exists(index + ".damaged"))
        #expect(!File.exists(index + ".repair"))
    }

    @Test("is made anew: what needs it is refused until then, everything else goes on")
    func leaf() throws {
        let opened = try opened()
        try damageLeaf(of: 17, in: opened)
        let error = try refusal(of: 17, in: opened)
        guard case .damagedIndex = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        // Another segment's, and a new one.
        #expect(try opened.stage(said(100)) == .repeated(Position(100)))
        #expect(try opened.append([Said("new")]) == [.new(Position(201))])
        opened.log.settleSealing()
        try expectWhole(opened)
    }

    @Test("its filter too")
    func filterPage() throws {
        do { _ = try opened() }
        let contents = try File.contents(filter)
        // Pages that have been looked at are believed: the store is opened anew. Opening looks for
        // erasures, and so meets it.
        for page in stride(from: 4_096, to: contents.count, by: 4_096) {
            try File.patch([contents[page + 5] ^ 4], at: page + 5, of: filter)
        }
        var sizes = OpenLog.sizes
        sizes.segmentEvents = 80
        let opened = try OpenLog(folder.path, seed: 2, sizes: sizes)
        #expect(try File.contents(filter) == contents)
        try expectWhole(opened)
    }

    @Test("a store that is closed before makes it anew when it is opened")
    func closedBefore() throws {
        do {
            let opened = try opened()
            opened.log.close()
            try damageLeaf(of: 17, in: opened)
            #expect(try refusal(of: 17, in: opened) != nil)
            #expect(File.exists(index + ".damaged"))
        }
        try expectWhole(try OpenLog(folder.path, seed: 2))
    }

    @Test("one whose events cannot be read stays refused, and is not tried for ever")
    func beyondRepair() throws {
        let opened = try opened()
        let segment = OpenLog.segmentPath(folder.path)
        let blocks = try opened.blocks().filter { $0.first < Position(81) }
        for block in blocks {
            var head: [UInt8] = [1, 0, 0, 0]
            head.append(littleEndian: block.count)
            head.append(littleEndian: block.first.rawValue)
            try turnBit(behind: head, by: 40, in: segment)
        }
        try damageLeaf(of: 17, in: opened)
        #expect(try refusal(of: 17, in: opened) != nil)
        opened.log.settleSealing()
        #expect(opened.log.sealing.trouble != nil)
        #expect(try refusal(of: 17, in: opened) != nil)
        #expect(try opened.append([Said("new")]) == [.new(Position(201))])
    }

    /// A store whose only segment has a run in its index file, and events behind it.
    private func openedWithoutEnd() throws -> OpenLog {
        var sizes = OpenLog.sizes
        sizes.journalBytes = 64 << 20
        sizes.strideBytes = 1 << 20
        let opened = try OpenLog(folder.path, sizes: sizes)
        for round in 0..<67 { try opened.append((1...1_000).map { said(round * 1_000 + $0) }) }
        opened.log.settle()
        try opened.append([said(67_001)])
        #expect(opened.log.segmentCount == 1)
        return opened
    }

    private func expectMended(_ opened: OpenLog) throws {
        for id in [1, 17, 40_000, 65_536, 65_537, 67_001] {
            #expect(try opened.stage(said(id)) == .repeated(Position(UInt64(id))), "id \(id)")
        }
        let stream = StreamName(.agent, bytes("a-1"))
        let all = (1...67_001).filter { $0 % 3 == 1 }
        #expect(try opened.writer.version(of: stream) == UInt64(all.count))
        var found: [Position] = []
        try opened.writer.positions(of: stream, from: first, limit: 100_000, into: &found)
        #expect(found == all.map { Position(UInt64($0)) })
        #expect(!File.exists(index + ".damaged"))
        #expect(!File.exists(index + ".repair"))
    }

    @Test("the newest segment ends where damage is met in its index, which is made anew then")
    func newest() throws {
        let opened = try openedWithoutEnd()
        try damageLeaf(of: 17, in: opened)
        let error = try refusal(of: 17, in: opened)
        guard case .damagedIndex = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        // Nobody appends: it ends by itself.
        opened.log.settleSealing()
        opened.log.settleSealing()
        #expect(opened.log.segmentCount == 2)
        try expectMended(opened)
        #expect(try opened.append([Said("new")]) == [.new(Position(67_002))])
    }

    @Test("also in a round that is staged, and for a stream's version")
    func newestInRound() throws {
        let opened = try openedWithoutEnd()
        try opened.stage(Said("staged"))
        try damageLeaf(of: 17, in: opened)
        #expect(try refusal(of: 17, in: opened) != nil)
        #expect(opened.log.segmentCount == 1)
        #expect(try opened.commit() == Position(67_002))
        opened.log.settleSealing()
        opened.log.settleSealing()
        #expect(opened.log.segmentCount == 2)
        try expectMended(opened)
        #expect(try opened.stage(Said("staged")) == .repeated(Position(67_002)))
    }

    @Test("damage that is met where the newest index is written to has the next start make it anew")
    func written() throws {
        let store = StoreID(bytes("0123456789abcdef").rawSpan)
        let (set, key) = (
            IndexSet(folder: folder.path, store: store), HashKey(bytes("0123456789abcdef").rawSpan)
        )
        let path = folder.path + "/" + IndexFile.fileName(first: first)
        func tail(from start: UInt64) -> TailIndex {
            let tail = TailIndex(first: Position(start))
            tail.insert(
                id: key.id(source: bytes("test").rawSpan, id: bytes("1").rawSpan),
                at: Position(start))
            tail.seal()
            return tail
        }
        _ = try set.open(first: first, end: first)
        // No leaf is one any more: liblmdb says so where it comes to write.
        let contents = try File.contents(path)
        for page in stride(from: 8_192, to: contents.count, by: 4_096)
        where contents[page + 10] == 2 {
            try File.patch([0], at: page + 10, of: path)
        }
        do throws(EventLogError) {
            try set.write(tail(from: 1), of: first)
            Issue.record("a run is written to pages that are none")
        } catch {
            guard case .damagedIndex = error else {
                Issue.record("\(error)")
                return
            }
        }
        #expect(set.isDamaged(first))
        #expect(File.exists(path + ".damaged"))
    }
}
