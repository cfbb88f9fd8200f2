import EventModel
import LMDB
import Testing

@testable import EventIndex

@Suite("leaves of an index, byte for byte")
struct LeafTests {
    /// All pairs of a tiny index, by database.
    private struct Pairs {
        var ids: [(key: [UInt8], value: [UInt8])] = []
        var streams: [(key: [UInt8], value: [UInt8])] = []
        var filters: [(key: [UInt8], value: [UInt8])] = []
        var meta: [(key: [UInt8], value: [UInt8])] = []

        init(_ file: IndexFile) throws {
            let transaction = try file.beginRead()
            try transaction.forEach(in: file.ids) {
                ids.append(($0.copied(), $1.copied()))
                return true
            }
            try transaction.forEach(in: file.streams) {
                streams.append(($0.copied(), $1.copied()))
                return true
            }
            try transaction.forEach(in: file.filters) {
                filters.append(($0.copied(), $1.copied()))
                return true
            }
            try transaction.forEach(in: file.meta) {
                meta.append(($0.copied(), $1.copied()))
                return true
            }
        }
    }

    private static func tiny(_ folder: TemporaryFolder) throws -> IndexFile {
        let file = try IndexFile.open(
            path: folder.file("index"), store: StoreID(first: 0x0102, second: 0x0304),
            first: Position(4_194_305))
        let tail = TailIndex(first: Position(4_194_305))
        for number in 0..<3 {
            let position = Position(4_194_305 + UInt64(number))
            tail.insert(id: KeyHash(high: 0xA0 - UInt64(number), low: 0xB0), at: position)
            tail.insert(stream: KeyHash(high: 0xC0, low: 0xD0), at: position)
        }
        tail.insert(stream: KeyHash(high: 0xC0, low: 0xCF), at: Position(4_194_307))
        tail.seal()
        try file.write(tail)
        return file
    }

    private func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    @Test("the values of a tiny index are these")
    func format() throws {
        let folder = try TemporaryFolder()
        let pairs = try Pairs(Self.tiny(folder))
        #expect(pairs.ids.count == 1 && pairs.streams.count == 1 && pairs.filters.count == 2)
        #expect(hex(pairs.ids[0].key) == "0000" + "0000000000000000")
        #expect(
            hex(pairs.ids[0].value.dropLast(4)) == "ffffffffffffffff"
                + "9e00000000000000" + "02000000" + "9f00000000000000" + "01000000"
                + "a000000000000000" + "00000000")
        #expect(hex(pairs.streams[0].key) == "0000" + String(repeating: "0", count: 40))
        #expect(
            hex(pairs.streams[0].value.dropLast(4)) == String(repeating: "f", count: 40)
                + "c000000000000000" + "cf00000000000000" + "00" + "01" + "01" + "02"
                + "c000000000000000" + "d000000000000000" + "00" + "03" + "03" + "000101")
        #expect(pairs.filters.map { hex($0.key) } == ["000069", "000073"])
        #expect(
            pairs.filters.map { hex($0.value) } == [
                "000102040004080805000200022040004004000100084200080880000210000167418c1b",
                "000000020040000008000000020000008000000000400000800000000004000063033025",
            ])
        #expect(pairs.meta.map { hex($0.key) } == ["666f726d6174", "72756e73", "7365676d656e74"])
        #expect(
            pairs.meta.map { hex($0.value.dropLast(4)) } == [
                "01000000", "03000000" + "02000000",
                "0201000000000000" + "0403000000000000" + "0100400000000000",
            ])
        #expect(hex(pairs.ids[0].value.suffix(4)) == "bfa6201a")
        #expect(hex(pairs.streams[0].value.suffix(4)) == "98a0a8dd")
    }

    @Test("no leaf with one wrong bit, in key or value, is taken for a leaf")
    func flips() throws {
        let folder = try TemporaryFolder()
        let pairs = try Pairs(Self.tiny(folder))
        for pair in pairs.ids {
            #expect(Self.isIDLeaf(pair.key, pair.value))
            Self.eachFlip(pair) { #expect(!Self.isIDLeaf($0, $1)) }
        }
        for pair in pairs.streams {
            #expect(Self.isStreamLeaf(pair.key, pair.value))
            Self.eachFlip(pair) { #expect(!Self.isStreamLeaf($0, $1)) }
        }
    }

    @Test("no leaf that is cut short is taken for a leaf")
    func cut() throws {
        let folder = try TemporaryFolder()
        let pairs = try Pairs(Self.tiny(folder))
        for length in 0..<pairs.ids[0].value.count {
            #expect(!Self.isIDLeaf(pairs.ids[0].key, Array(pairs.ids[0].value[..<length])))
        }
        for length in 0..<pairs.streams[0].value.count {
            #expect(
                !Self.isStreamLeaf(pairs.streams[0].key, Array(pairs.streams[0].value[..<length])))
        }
    }

    @Test("a value whose checksum is right and whose groups are nonsense is refused")
    func nonsense() {
        let seed = Scale.seed
        print("nonsense groups: seed \(seed)")
        var random = SeededRandom(seed: seed)
        var key: [UInt8] = []
        StreamPoint.first.write(run: 0, to: &key)
        for _ in 0..<2_000 {
            var value = random.bytes(Int.random(in: 20...120, using: &random))
            LeafChecksum.append(to: &value, key: key)
            guard let leaf = StreamLeaf(run: 0, key: key.rawSpan, value: value.rawSpan) else {
                continue
            }
            var place = StreamLeaf.start
            var offsets: [UInt32] = []
            while let group = leaf.group(at: &place) { _ = group.decode(into: &offsets) }
            #expect(place <= value.count)
        }
    }

    private static func isIDLeaf(_ key: [UInt8], _ value: [UInt8]) -> Bool {
        IDLeaf(run: 0, key: key.rawSpan, value: value.rawSpan) != nil
    }

    private static func isStreamLeaf(_ key: [UInt8], _ value: [UInt8]) -> Bool {
        StreamLeaf(run: 0, key: key.rawSpan, value: value.rawSpan) != nil
    }

    private static func eachFlip(
        _ pair: (key: [UInt8], value: [UInt8]), _ body: ([UInt8], [UInt8]) -> Void
    ) {
        for bit in 0..<pair.key.count * 8 {
            var key = pair.key
            key[bit / 8] ^= 1 << UInt8(bit % 8)
            body(key, pair.value)
        }
        for bit in 0..<pair.value.count * 8 {
            var value = pair.value
            value[bit / 8] ^= 1 << UInt8(bit % 8)
            body(pair.key, value)
        }
    }

    @Test("two leaves fill a page of LMDB")
    func pages() {
        let idBytes =
            IDLeaf.keyBytes + IDLeaf.fenceBytes
            + IndexLimits.idEntriesPerLeaf * IDLeaf.entryBytes + IndexLimits.checksumBytes
        #expect(idBytes <= IndexLimits.pairBytesMax && idBytes > IndexLimits.pairBytesMax - 12)
        #expect(16 + 2 * (2 + 8 + IndexLimits.pairBytesMax) == 4_096)
        #expect(IndexLimits.runsMax == 64)
        #expect(IndexLimits.streamGroupBytesWhole * 8 < IndexLimits.streamGroupBytesPerLeaf)
    }
}
