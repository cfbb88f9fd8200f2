import EventIndex
import EventModel
import LMDB
import Testing

@testable import EventLog

/// A store of some hundred events in tiny segments, closed, for tests that damage it on purpose.
struct VerifiedStore {
    let path: String

    /// Writes events, three in a round, in segments of so many.
    init(_ path: String, events: Int = 400, segmentEvents: UInt64 = 100, seed: UInt64 = 3) throws {
        self.path = path
        var sizes = OpenLog.sizes
        sizes.segmentEvents = segmentEvents
        let opened = try OpenLog(path, seed: seed, sizes: sizes)
        var random = SeededRandom(seed: seed)
        for round in 0..<(events + 2) / 3 {
            let numbers = round * 3..<min(events, round * 3 + 3)
            try opened.append(numbers.map { Self.said($0, &random) }, after: Int64(round))
            if round % 20 == 0 { opened.log.settle() }
        }
        opened.log.settle()
        opened.log.settleSealing()
        try opened.writer.close()
        opened.log.close()
    }

    static func said(_ number: Int, _ random: inout SeededRandom) -> Said {
        var said = Said("\(number)")
        said.type = number % 3 == 0 ? "queue.entered" : "note.taken"
        said.open = [Attribute("interaction", .ref("c-\(number % 7)"))]
        said.identifiers = [
            Identifier(kind: "crm", value: "\(number % 11)")
        ]
        said.data = random.bytes(random.once(in: 3) ? 900 : 60)
        return said
    }

    func file(_ first: UInt64, _ ending: String = "segment") -> String {
        let digits = String(first)
        return path + "/log/" + String(repeating: "0", count: 20 - digits.count) + digits + "."
            + ending
    }

    func verify(
        from: UInt64? = nil, to: UInt64? = nil, jobs: Int = 2
    ) throws -> VerificationReport {
        try Verification.run(
            store: path,
            options: .init(
                from: from.map { Position($0) }, to: to.map { Position($0) }, jobs: jobs))
    }

    /// The kinds of what is found wrong.
    func kinds() throws -> Set<VerificationFault.Kind> {
        Set(try verify().faults.map(\.kind))
    }

    /// Changes a segment through LMDB, so that its pages are right and what they hold is not.
    func change(
        _ first: UInt64,
        _ body: (inout WriteTransaction, _ databases: [Database]) throws -> Void
    ) throws {
        let environment = try Environment.open(
            path: file(first),
            options: .init(mapBytes: 1 << 30, maxDatabases: 8, creation: .never))
        let databases = try environment.openDatabases(Segment.definitions)
        var transaction = try environment.beginWrite()
        try body(&transaction, databases)
        try transaction.commit()
    }

    /// Copies of a segment's blocks with their keys.
    func blocks(_ first: UInt64) throws -> [(key: UInt64, block: [UInt8])] {
        let environment = try Environment.openReadOnlyLockless(path: file(first))
        let databases = try environment.openDatabases(Segment.definitions)
        var blocks: [(key: UInt64, block: [UInt8])] = []
        let transaction = try environment.beginRead()
        var cursor = try transaction.cursor(databases[0])
        while try cursor.next() { blocks.append((cursor.integerKey, cursor.value.copied())) }
        return blocks
    }

    func put(_ block: [UInt8], at key: UInt64, in first: UInt64) throws {
        try change(first) { transaction, databases in
            try transaction.put(databases[0], key: key, value: block.rawSpan)
        }
    }

    /// The block with its checksum made right again.
    static func summed(_ block: [UInt8]) -> [UInt8] {
        let span = block.rawSpan
        let head = CRC32C.checksum(span.extracting(0..<80))
        let sum = CRC32C.checksum(span.extracting(84..<block.count), continuing: head)
        var summed = block
        summed.store(littleEndian: sum, at: 80)
        return summed
    }

    /// A block's head and its records.
    func unpacked(_ block: [UInt8], of first: UInt64) throws -> (BlockHeader, [UInt8]) {
        let segment = try Segment.openUnchanging(path: file(first), first: Position(first))
        let header = try BlockHeader(
            checking: block.rawSpan, key: block.rawSpan.load(littleEndian: UInt64.self, at: 8))
        return (header, try Self.decompress(Array(block[84...]), segment))
    }

    /// A block with other records under the same head, its checksum right.
    func packed(_ header: BlockHeader, _ records: [UInt8], of first: UInt64) throws -> [UInt8] {
        let segment = try Segment.openUnchanging(path: file(first), first: Position(first))
        var header = header
        header.rawBytes = UInt32(records.count)
        var block: [UInt8] = []
        header.write(frame: try Self.compress(records, segment), to: &block)
        return block
    }
}
