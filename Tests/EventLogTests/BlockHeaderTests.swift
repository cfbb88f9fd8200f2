import EventModel
import LMDB
import Testing

@testable import EventLog

@Suite("The head of a block")
struct BlockHeaderTests {
    private static let frame: [UInt8] = [0xAA, 0xBB, 0xCC]

    private static var header: BlockHeader {
        BlockHeader(
            first: Position(257), count: 2, rawBytes: 300, earliest: OpenLog.noon,
            latest: OpenLog.noon.advanced(byMilliseconds: 123), types: 0x8000_0000_0000_0001,
            digest: Digest(reading: Array<UInt8>(0x40...0x5F).rawSpan))
    }

    /// Field by field as BlockHeader draws it; the checksum was computed elsewhere.
    private static let drawn = [
        "01", "00", "0000",  // format version, two reserved
        "02000000",  // number of events
        "0101000000000000",  // first position
        "2c010000",  // raw bytes
        "03000000",  // bytes of the frame
        "00d66d799b010000",  // least occurred
        "7bd66d799b010000",  // greatest occurred
        "0100000000000080",  // types
        "404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f",  // digest
        "891b1e86",  // CRC-32C
        "aabbcc",  // frame
    ].joined()

    private static var block: [UInt8] {
        var block: [UInt8] = [1, 2, 3]
        header.write(frame: frame, to: &block)
        return block
    }

    @Test("is stored as it is drawn")
    func drawn() {
        #expect(hex(Self.block) == Self.drawn)
        #expect(BlockHeader.byteCount == 84)
    }

    @Test("reads back what was written")
    func readsBack() throws {
        let header = try BlockHeader(checking: Self.block.rawSpan, key: 257)
        #expect(header == Self.header)
        #expect(header.last == Position(258))
    }

    @Test("every flipped bit of a block is told, with the key it lies under")
    func flipped() throws {
        for bit in 0..<Self.block.count * 8 {
            var block = Self.block
            block[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(damagedFirst(block, key: 257) == Position(257), "bit \(bit)")
        }
    }

    @Test("a block cut at any length, or with bytes behind it, is told")
    func cut() throws {
        for length in 0..<Self.block.count {
            #expect(damagedFirst(Array(Self.block.prefix(length)), key: 257) != nil)
        }
        #expect(damagedFirst(Self.block + [0], key: 257) != nil)
    }

    @Test("a whole block under another block's key is told")
    func misdirected() throws {
        #expect(damagedFirst(Self.block, key: 258) == Position(258))
    }

    @Test(
        "a checksum does not save a later version, an empty block or a wrong length",
        arguments: [(0, 2), (4, 0), (20, 4)])
    func impossible(offset: Int, value: UInt8) throws {
        var block = Self.block
        block[offset] = value
        let head = CRC32C.checksum(block.rawSpan.extracting(0..<80))
        let whole = CRC32C.checksum(
            block.rawSpan.extracting(84..<block.count), continuing: head)
        block.store(littleEndian: whole, at: 80)
        #expect(damagedFirst(block, key: 257) == Position(257))
    }

    @Test("types of one block set at most one bit each, and an absent type is passed over")
    func types() {
        let queue = BlockHeader.bit(ofType: bytes("queue.entered").rawSpan)
        #expect(queue == 1 << 27)
        let names = ["interaction.started", "interaction.ended", "note.taken", "agent.loggedIn"]
        for name in names {
            #expect(BlockHeader.bit(ofType: bytes(name).rawSpan).nonzeroBitCount == 1)
        }
    }

    /// The position that the refusal of a block names, or nil when it is taken.
    private func damagedFirst(_ block: [UInt8], key: UInt64) -> Position? {
        do throws(EventLogError) {
            _ = try BlockHeader(checking: block.rawSpan, key: key)
            return nil
        } catch {
            guard case .damagedBlock(let first, let reason) = error else { return nil }
            #expect(!reason.isEmpty)
            return first
        }
    }
}
