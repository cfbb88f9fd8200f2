import EventIndex
import EventModel
import LMDB
import Testing

@testable import EventLog

/// Each fault is made on purpose, and has to be found and named.
@Suite("Verifying damaged stores")
struct VerificationFaultTests {
    private let folder: TemporaryFolder
    private let store: VerifiedStore

    init() throws {
        folder = try TemporaryFolder()
        store = try VerifiedStore(folder.path)
    }

    /// The third block of the second segment.
    private func victim() throws -> (key: UInt64, block: [UInt8]) { try store.blocks(101)[2] }

    private func faults() throws -> [VerificationFault] {
        let report = try store.verify()
        #expect(!report.isWhole)
        #expect(report.digest == nil || report.faults.allSatisfy(\.isDisposable))
        return report.faults
    }

    @Test("a flipped bit anywhere in a block names segment, block and positions, and no other")
    func block() throws {
        let (key, block) = try victim()
        let next = try store.blocks(101)[3].key
        for offset in stride(from: 0, to: block.count, by: max(1, block.count / 40)) {
            var flipped = block
            flipped[offset] ^= 1 << UInt8(offset % 8)
            try store.put(flipped, at: key, in: 101)
            let found = try faults()
            #expect(found.count == 1, "byte \(offset): \(found)")
            let fault = try #require(found.first)
            #expect(fault.kind == .block)
            #expect(fault.file == "log/00000000000000000101.segment")
            #expect(fault.block == Position(key))
            #expect(fault.positions == Position(key)...Position(next - 1))
        }
    }

    @Test("a head whose checksum is right but that says something else is found")
    func head() throws {
        let (key, block) = try victim()
        for (offset, kind) in [
            (24, VerificationFault.Kind.block), (32, .block), (40, .block), (50, .chain),
            (4, .block), (16, .block),
        ] {
            var changed = block
            changed[offset] ^= 2
            try store.put(VerifiedStore.summed(changed), at: key, in: 101)
            #expect(try faults().contains { $0.kind == kind }, "byte \(offset)")
        }
    }

    @Test("blocks that have changed places are named, both of them")
    func swapped() throws {
        let blocks = try store.blocks(101)
        try store.put(blocks[3].block, at: blocks[2].key, in: 101)
        try store.put(blocks[2].block, at: blocks[3].key, in: 101)
        let found = try faults().filter { $0.kind == .block }.compactMap(\.block)
        #expect(Set(found) == [Position(blocks[2].key), Position(blocks[3].key)])
    }

    @Test("a block that is gone leaves positions that nothing holds")
    func gone() throws {
        let blocks = try store.blocks(101)
        try store.change(101) { transaction, databases in
            try transaction.delete(databases[0], key: blocks[2].key)
        }
        let fault = try #require(try faults().first { $0.kind == .density })
        #expect(fault.positions == Position(blocks[2].key)...Position(blocks[3].key - 1))
    }

    @Test("an event that was changed and packed well again breaks the digest chain")
    func chain() throws {
        let (key, block) = try victim()
        let (header, records) = try store.unpacked(block, of: 101)
        var changed = records
        // The last byte of a payload.
        changed[changed.count - 1] ^= 1
        try store.put(try store.packed(header, changed, of: 101), at: key, in: 101)
        let found = try faults()
        #expect(found.map(\.kind) == [.chain])
        #expect(found.first?.positions?.lowerBound == Position(key))
    }

    @Test("records that stand in another order, or recorded times that go back, are found")
    func order() throws {
        let (key, block) = try victim()
        let (header, records) = try store.unpacked(block, of: 101)
        let starts = try #require(CommittedRound.starts(of: records))
        let second = Array(records[starts[1]..<(starts.count > 2 ? starts[2] : records.count)])
        let rest = starts.count > 2 ? Array(records[starts[2]...]) : []
        let swapped = second + records[..<starts[1]] + rest
        try store.put(try store.packed(header, swapped, of: 101), at: key, in: 101)
        #expect(try faults().contains { $0.kind == .record })
        var early = records
        early.store(littleEndian: Int64(1), at: starts[1] + EventCodec.Offset.recorded)
        try store.put(try store.packed(header, early, of: 101), at: key, in: 101)
        #expect(try faults().contains { $0.kind == .time })
    }

    @Test("a seed that is wrong breaks the chain, a missing one is named")
    func seeds() throws {
        try store.change(101) { transaction, databases in
            let wrong = [UInt8](repeating: 9, count: 32)
            try transaction.put(databases[1], key: 0, value: wrong.rawSpan)
        }
        let found = try faults()
        #expect(found.map(\.kind) == [.chain])
        #expect(found.first?.positions == Position(101)...Position(200))
        try store.change(101) { transaction, databases in
            try transaction.delete(databases[1], key: 0)
        }
        #expect(try store.kinds() == [.seed])
    }

    @Test("what a segment says of itself is checked", arguments: ["start", "dictionary", "first"])
    func meta(key: String) throws {
        try store.change(101) { transaction, databases in
            try transaction.put(
                databases[2], key: bytes(key).rawSpan, value: bytes("rubbish").rawSpan)
        }
        let fault = try #require(try faults().first { $0.kind == .meta })
        #expect(fault.what.contains(key))
        #expect(fault.positions == Position(101)...Position(200))
    }

    @Test("a segment that begins with another digest than the one before ends with is found")
    func joint() throws {
        var value = [UInt8](repeating: 3, count: 32)
        value.append(littleEndian: CRC32C.checksum((bytes("start") + value).rawSpan))
        try store.change(201) { transaction, databases in
            try transaction.put(databases[2], key: bytes("start").rawSpan, value: value.rawSpan)
        }
        #expect(try faults().contains { $0.kind == .segment && $0.file.contains("0201.") })
    }

    @Test("a missing segment names its positions, at the beginning and between others")
    func missing() throws {
        try File.remove(store.file(101))
        let fault = try #require(try faults().first { $0.kind == .density })
        #expect(fault.positions == Position(101)...Position(200))
        try File.remove(store.file(1))
        #expect(try faults().contains { $0.positions == Position(1)...Position(200) })
    }

    @Test("a file that ends early is named and not mapped, a segment's and an index's")
    func truncated() throws {
        let path = store.file(101)
        let whole = try File.contents(path)
        for length in [0, 5_000, whole.count / 2, whole.count - 4_096] {
            try File.write(Array(whole.prefix(length)), to: path)
            #expect(try faults().contains { $0.kind == .segment }, "\(length)")
        }
        try File.write(whole, to: path)
        let index = try File.contents(store.file(101, "index"))
        try File.write(Array(index.prefix(9_000)), to: store.file(101, "index"))
        #expect(try store.kinds() == [.index])
    }

    @Test("flipped bits in LMDB's own pages are found and do not end the process")
    func pages() throws {
        let path = store.file(101)
        let whole = try File.contents(path)
        var random = SeededRandom(seed: Scale.seed)
        var named = 0
        for _ in 0..<(Scale.isLong ? 4_000 : 120) {
            let offset =
                Int.random(in: 0..<whole.count / 4_096, using: &random) * 4_096
                + Int.random(in: 0..<32, using: &random)
            var flipped = whole
            flipped[offset] ^= 1 << UInt8.random(in: 0...7, using: &random)
            try File.write(flipped, to: path)
            if try !store.verify(from: 101, to: 200).isWhole { named += 1 }
        }
        #expect(named > 0)
        try File.write(whole, to: path)
        #expect(try store.verify().isWhole)
    }

    @Test("a flip in an index's leaf names the index, and repair removes just that")
    func index() throws {
        let path = store.file(101, "index")
        let whole = try File.contents(path)
        var flipped = whole
        // LMDB fills its pages from their end.
        for offset in stride(from: 8_192 + 4_096 - 40, to: whole.count, by: 4_096) {
            flipped[offset] ^= 0x10
        }
        try File.write(flipped, to: path)
        let found = try faults()
        #expect(Set(found.map(\.kind)) == [.index])
        do {
            let held = try StoreFolder(path: store.path, now: OpenLog.noon) { 1 }
            let removed = try Repair.run(held, try store.verify())
            #expect(removed == ["log/00000000000000000101.index"])
        }
        #expect(!File.exists(path))
        // Missing is a fault as long as a later one is there; the next start mends it.
        #expect(try store.kinds() == [.index])
        do { try OpenLog(store.path, sizes: Self.sizes).log.close() }
        #expect(try store.verify().isWhole)
    }

    private static let sizes = {
        var sizes = OpenLog.sizes
        sizes.segmentEvents = 100
        return sizes
    }()

    @Test("an index of other events is named both ways: what is not found, what is not so")
    func wrongIndex() throws {
        let other = try TemporaryFolder()
        let second = try VerifiedStore(other.path, seed: 8)
        try File.write(
            try File.contents(second.file(101, "index")), to: store.file(101, "index"))
        #expect(try store.kinds() == [.index])
        // The same store's index over other events.
        let identity = try StoreFolder.readDescription(store.path)
        let id = StoreID(Hexadecimal.bytes(of: identity.store).rawSpan)
        try File.remove(store.file(101, "index"))
        try File.remove(store.file(101, "filter"))
        do {
            let tail = TailIndex(first: Position(101))
            for number in 0..<100 {
                tail.insert(
                    id: KeyHash(high: UInt64(number), low: 1), at: Position(101 + UInt64(number)))
                tail.insert(
                    stream: KeyHash(high: 5, low: 6), at: Position(101 + UInt64(number)))
            }
            tail.seal()
            let file = try IndexFile.open(
                path: store.file(101, "index"), store: id, first: Position(101))
            try file.write(tail)
        }
        let found = try faults()
        #expect(found.allSatisfy { $0.kind == .index })
        #expect(found.contains { $0.what.contains("not found by their id") })
        #expect(found.contains { $0.what.contains("by a id") || $0.what.contains("do not have") })
        #expect(found.contains { $0.what.contains("not found by their stream") })
    }

    @Test("a store's description, and a journal that is damaged or missing, are named")
    func others() throws {
        let description = try File.contents(store.path + "/store.json")
        try File.write(bytes("{}\n"), to: store.path + "/store.json")
        #expect(try faults().map(\.kind) == [.store])
        try File.write(description, to: store.path + "/store.json")
        let journal = try File.contents(store.path + "/journal")
        var flipped = journal
        flipped[20] ^= 1
        try File.write(flipped, to: store.path + "/journal")
        #expect(try faults().map(\.kind) == [.journal])
        try File.remove(store.path + "/journal")
        #expect(try faults().map(\.kind) == [.journal])
        #expect(throws: EventLogError.self) { try Verification.run(store: store.path + "/log") }
    }

    @Test("a round of the journal that is lost before others is named with its positions")
    func journalRound() throws {
        let path = folder.path + "/second"
        var sizes = OpenLog.sizes
        sizes.strideBytes = 1 << 20
        do {
            let opened = try OpenLog(path, sizes: sizes)
            for round in 0..<5 { try opened.append([Said("\(round)")]) }
        }
        #expect(try VerifiedStore.report(path).isWhole)
        var journal = try File.contents(path + "/journal")
        journal[4_096 + 2 * 4_096 + 80] ^= 1
        try File.write(journal, to: path + "/journal")
        let fault = try #require(try VerifiedStore.report(path).faults.first)
        #expect(fault.kind == .journal)
        #expect(fault.positions?.lowerBound == Position(3))
    }
}
