import EventModel
import LMDB
import Testing

@testable import EventLog

/// Damage that liblmdb does not notice or notices without harm, so that it is met in this process.
@Suite("A damaged log")
struct DamageTests {
    private let folder: TemporaryFolder
    private var segment: String { OpenLog.segmentPath(folder.path) }

    init() throws { folder = try TemporaryFolder() }

    private func write(_ count: Int) throws -> [BlockHeader] {
        let opened = try OpenLog(folder.path)
        var random = SeededRandom(seed: 5)
        for round in 0..<count / 10 {
            try opened.append(
                (1...10).map { index in
                    var said = Said("\(round * 10 + index)")
                    said.data = random.bytes(700)
                    return said
                })
        }
        return try opened.blocks()
    }

    /// Flips a bit of a block's frame wherever a page holds that block.
    private func damage(_ block: BlockHeader) throws {
        var head: [UInt8] = []
        block.write(frame: [], to: &head)
        // Everything of the head but frame length and checksum.
        let first = Array(head[0..<20])
        let second = Array(head[24..<80])
        let file = try File.contents(segment)
        var found = 0
        for offset in stride(from: 0, to: file.count - 100, by: 2)
        where file[offset] == first[0] && file[offset + 8] == first[8] {
            guard Array(file[offset..<offset + 20]) == first,
                Array(file[offset + 24..<offset + 80]) == second
            else { continue }
            try File.patch([file[offset + 90] ^ 0x10], at: offset + 90, of: segment)
            found += 1
        }
        #expect(found > 0)
    }

    /// A reader of the segment as it is, without the writer that would refuse to start.
    private func reader(_ last: Position) throws -> LogReader {
        let head = HeadSignal()
        head.publish(last)
        return try LogReader(
            segments: try SegmentSet.open(folder: folder.path + "/log"), recent: RecentRounds(),
            head: head)
    }

    private func damaged(_ error: ReadFailure<Never>) -> DamagedEvents? {
        guard case .log(.damaged(let events)) = error else { return nil }
        return events
    }

    private func expect(_ events: DamagedEvents?, _ victim: BlockHeader) {
        #expect(events?.first == victim.first)
        #expect(events?.last == victim.last)
        #expect(events?.next == victim.last.next)
        #expect(events?.file == "log/00000000000000000001.segment")
    }

    @Test("a flipped bit in a block names its first position; every other event is readable")
    func flippedBlock() throws {
        let blocks = try write(200)
        let victim = blocks[blocks.count / 2]
        try damage(victim)
        let last = try #require(blocks.last).last
        var reader = try reader(last)
        for position in (1...last.rawValue).map({ Position($0) }) {
            do throws(ReadFailure<Never>) {
                let isThere = try reader.event(at: position) { (event) throws(Never) in
                    #expect(event.id.text() == "\(position)")
                }
                #expect(isThere)
                #expect(position < victim.first || position > victim.last)
            } catch {
                expect(damaged(error), victim)
                #expect(position >= victim.first && position <= victim.last)
            }
        }
        do throws(ReadFailure<Never>) {
            try reader.events(from: Position(1)) { (event) throws(Never) in
                #expect(event.position < victim.first)
                return true
            }
            Issue.record("the walk went over the damage")
        } catch {
            expect(damaged(error), victim)
        }
        var shown = victim.last
        do throws(ReadFailure<Never>) {
            try reader.events(from: victim.last.next) { (event) throws(Never) in
                #expect(event.position == shown.next)
                shown = event.position
                return true
            }
        } catch {
            Issue.record("behind the damage: \(error)")
        }
        #expect(shown == last)
    }

    @Test("a log with a damaged block is not opened for writing: repeats could not be told")
    func notOpened() throws {
        let victim = try write(100)[2]
        try damage(victim)
        guard case .damaged(let events) = try refusal({ _ = try OpenLog(folder.path) })
        else {
            Issue.record("opened")
            return
        }
        expect(events, victim)
    }

    @Test("a damaged newest block is told at the start too")
    func newestBlock() throws {
        let victim = try #require(try write(100).last)
        try damage(victim)
        guard case .damagedBlock(let first, _) = try refusal({ _ = try OpenLog(folder.path) })
        else {
            Issue.record("opened")
            return
        }
        #expect(first == victim.first)
    }

    @Test("a file that ends early is refused before it is mapped")
    func truncated() throws {
        _ = try write(100)
        let whole = try File.contents(segment)
        for length in [1, 4_096, 8_192, whole.count / 2, whole.count - 4_096] {
            try File.write(Array(whole.prefix(length)), to: segment)
            guard case .storage(let error) = try refusal({ _ = try OpenLog(folder.path) }) else {
                Issue.record("opened at \(length) of \(whole.count) bytes")
                continue
            }
            #expect(error.isCorrupted, "\(length): \(error)")
        }
        try File.write(whole, to: segment)
        #expect(try OpenLog(folder.path).log.head.position == Position(100))
    }

    @Test("a segment of a later format is refused")
    func laterFormat() throws {
        _ = try write(10)
        try putMeta("format", checked("format", [2, 0, 0, 0]))
        guard
            case .unsupportedFormat(let file, let found, let newest) = try refusal({
                _ = try OpenLog(folder.path)
            })
        else {
            Issue.record("opened")
            return
        }
        #expect(file == segment)
        #expect(found == 2)
        #expect(newest == 1)
    }

    @Test(
        "a meta record that is missing, cut, of another length, or has a wrong bit is named",
        arguments: ["first", "start", "dictionary", "format"])
    func meta(key: String) throws {
        _ = try write(10)
        let environment = try Environment.openReadOnlyLockless(path: segment)
        let databases = try environment.openDatabases(Segment.definitions)
        let record = try #require(
            try copy(of: bytes(key), databases[2], in: environment.beginRead()))
        _ = consume environment
        // Every bit of a short record, some hundred of a dictionary.
        for bit in stride(from: 0, to: record.count * 8, by: max(1, record.count / 32)) {
            var flipped = record
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            try putMeta(key, flipped)
            try expectNotAStore(naming: key)
        }
        let others: [[UInt8]?] = [
            nil, [], [1], checked(key, [1, 2, 3]), Array(record.dropLast()), record + [0],
        ]
        for other in others {
            try putMeta(key, other)
            try expectNotAStore(naming: key)
        }
        try putMeta(key, record)
        #expect(try OpenLog(folder.path).log.head.position == Position(10))
    }

    private func copy(
        of key: [UInt8], _ database: Database, in transaction: borrowing ReadTransaction
    ) throws -> [UInt8]? {
        try transaction.get(database, key: key.rawSpan)?.copied()
    }

    @Test("a segment that begins at another position than its name says is refused")
    func otherFirst() throws {
        _ = try write(10)
        try putMeta("first", checked("first", [2, 0, 0, 0, 0, 0, 0, 0]))
        try expectNotAStore(naming: "position 2")
    }

    @Test("a segment without its databases, or with one of another name, is not begun anew")
    func databases() throws {
        _ = try write(10)
        let file = try File.contents(segment)
        for name in ["blocks", "seeds", "meta"] {
            var damaged = file
            for offset in 8_192..<file.count - 8
            where Array(file[offset..<offset + name.utf8.count]) == bytes(name) {
                damaged[offset] ^= 1
            }
            try File.write(damaged, to: segment)
            #expect(throws: EventLogError.self, "\(name)") { _ = try OpenLog(folder.path) }
            #expect(try File.contents(segment) == damaged)
        }
        try File.write(file, to: segment)
        #expect(try OpenLog(folder.path).log.head.position == Position(10))
    }

    private func expectNotAStore(naming word: String) throws {
        guard case .notAStore(let path, let found) = try refusal({ _ = try OpenLog(folder.path) })
        else {
            Issue.record("opened without \(word)")
            return
        }
        #expect(path == segment)
        #expect(found.contains(word), "\(found)")
    }

    /// A meta record with the checksum that belongs to it.
    private func checked(_ key: String, _ value: [UInt8]) -> [UInt8] {
        var record = value
        record.append(littleEndian: CRC32C.checksum((bytes(key) + value).rawSpan))
        return record
    }

    private func putMeta(_ key: String, _ value: [UInt8]?) throws {
        let environment = try Environment.open(
            path: segment, options: .init(mapBytes: 1 << 30, creation: .never))
        let meta = try environment.openDatabases([.init("meta", keys: .bytes)])[0]
        let key = bytes(key)
        var transaction = try environment.beginWrite()
        if let value {
            try transaction.put(meta, key: key.rawSpan, value: value.rawSpan)
        } else {
            try transaction.delete(meta, key: key.rawSpan)
        }
        try transaction.commit()
    }
}
