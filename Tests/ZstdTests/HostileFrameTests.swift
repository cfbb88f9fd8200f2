import Testing
import Zstd

@Suite("Hostile frames")
struct HostileFrameTests {
    private let source: [UInt8]
    private let frame: [UInt8]

    init() throws {
        var random = SeededRandom(seed: 13)
        source = Array(random.records(100).joined())
        var compressor = try Compressor()
        frame = try compressor.frame(source)
    }

    @Test("a frame that states more than the limit is refused, one that states the limit is not")
    func limit() throws {
        var decompressor = try Decompressor()
        #expect(try decompressor.content(frame, limit: source.count) == source)
        let claimed = UInt64(source.count)
        for limit in [source.count - 1, 1, 0] {
            #expect(
                decompressor.refusal(frame, limit: limit)
                    == .tooLarge(claimedBytes: claimed, limit: limit))
        }
    }

    @Test("a bomb is refused by its header, and nothing of its size is allocated")
    func bomb() throws {
        var compressor = try Compressor(level: 19)
        let bomb = try compressor.frame([UInt8](repeating: 0, count: 64 << 20))
        #expect(bomb.count < 16_384)
        var decompressor = try Decompressor()
        var output: [UInt8] = [1]
        #expect(throws: ZstdError.tooLarge(claimedBytes: 64 << 20, limit: 1 << 20)) {
            try decompressor.decompress(bomb.rawSpan, limit: 1 << 20, into: &output)
        }
        #expect(output == [1])
        #expect(output.capacity < 1_024)
    }

    @Test("a frame that states more than its length can hold is refused, whatever the limit")
    func implausible() throws {
        // Magic, single segment with 8 bytes of size, the size, one empty last block.
        for claimed: UInt64 in [1 << 40, 1 << 62, .max - 2] {
            var lie: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0xE0]
            unsafe withUnsafeBytes(of: claimed.littleEndian) { unsafe lie += $0 }
            lie += [0x01, 0x00, 0x00]
            var decompressor = try Decompressor()
            #expect(
                decompressor.refusal(lie, limit: .max)
                    == .implausibleSize(claimedBytes: claimed, frameBytes: 16))
        }
    }

    @Test("a frame that states a size and holds less is zstd's own typed error")
    func wrongSize() throws {
        var lie: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0xE0]
        unsafe withUnsafeBytes(of: UInt64(1_000).littleEndian) { unsafe lie += $0 }
        lie += [0x01, 0x00, 0x00]
        var decompressor = try Decompressor()
        var output: [UInt8] = [1]
        #expect(throws: ZstdError.self) {
            try decompressor.decompress(lie.rawSpan, limit: 1_000, into: &output)
        }
        #expect(output == [1])
    }

    @Test("a frame that states no size is refused")
    func noSize() throws {
        // Magic, no size, a window of 1 KiB, one raw last block of one byte.
        let frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x00, 0x09, 0x00, 0x00, 0x61]
        var decompressor = try Decompressor()
        #expect(decompressor.refusal(frame) == .sizeUnknown)
    }

    @Test("nothing, garbage and a skippable frame are no frame")
    func notAFrame() throws {
        var random = SeededRandom(seed: 14)
        var decompressor = try Decompressor()
        let skippable: [UInt8] = [0x50, 0x2A, 0x4D, 0x18, 0x01, 0x00, 0x00, 0x00, 0x61]
        for bytes in [[], [0x28], [0x28, 0xB5, 0x2F], random.bytes(100), skippable] {
            #expect(decompressor.refusal(bytes) == .notAFrame)
        }
    }

    @Test("bytes behind the frame are refused, be they garbage or another frame")
    func trailing() throws {
        var decompressor = try Decompressor()
        #expect(decompressor.refusal(frame + [0]) == .trailingBytes(1))
        #expect(decompressor.refusal(frame + frame) == .trailingBytes(frame.count))
    }

    @Test("a frame cut anywhere is an error, and the decompressor works on")
    func truncated() throws {
        var decompressor = try Decompressor()
        for length in 0..<frame.count {
            let error = decompressor.refusal(Array(frame.prefix(length)))
            #expect(error != nil, "cut at \(length)")
        }
        #expect(try decompressor.content(frame) == source)
    }

    @Test("a flipped bit gives an error or as many bytes as stated, never more, never a crash")
    func flips() throws {
        var decompressor = try Decompressor()
        var unnoticed = 0
        for place in frame.indices {
            for bit in 0..<8 {
                var damaged = frame
                damaged[place] ^= 1 << bit
                var output: [UInt8] = []
                do throws(ZstdError) {
                    try decompressor.decompress(
                        damaged.rawSpan, limit: source.count, into: &output)
                    #expect(output.count <= source.count)
                    unnoticed += output == source ? 0 : 1
                } catch {
                    #expect(output.isEmpty)
                }
            }
        }
        // Without a checksum some damage passes; that is why blocks carry one of their own.
        #expect(unnoticed > 0)
        #expect(try decompressor.content(frame) == source)
    }

    @Test("with a checksum no flipped bit passes for the content")
    func flipsWithChecksum() throws {
        var compressor = try Compressor(checksum: true)
        let frame = try compressor.frame(source)
        var decompressor = try Decompressor()
        for place in frame.indices {
            for bit in 0..<8 {
                var damaged = frame
                damaged[place] ^= 1 << bit
                if let content = try? decompressor.content(damaged) {
                    #expect(content == source, "bit \(bit) of byte \(place)")
                }
            }
        }
    }

    @Test("random bytes behind a frame's magic number never end the process")
    func noise() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("noise into zstd: seed \(seed)")
        var random = SeededRandom(seed: seed)
        var decompressor = try Decompressor()
        for _ in 0..<20_000 {
            let length = Int.random(in: 0...40, using: &random)
            let bytes: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD] + random.bytes(length)
            if let content = try? decompressor.content(bytes, limit: 1 << 16) {
                #expect(content.count <= 1 << 16, "seed \(seed)")
            }
        }
    }
}
