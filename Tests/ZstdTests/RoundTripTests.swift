import Testing
import Zstd

@Suite("Round trip")
struct RoundTripTests {
    @Test("what was compressed decompresses to the same bytes, at every size and level")
    func roundTrip() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("round trip of zstd: seed \(seed)")
        var random = SeededRandom(seed: seed)
        var decompressor = try Decompressor()
        for level in [1, 3, 19] {
            var compressor = try Compressor(level: level, checksum: level == 3)
            for size in [0, 1, 2, 100, 4_096, 131_072, 131_073, 300_000] {
                let noise = random.bytes(size)
                let uniform = [UInt8](repeating: 7, count: size)
                for source in [noise, uniform] {
                    let frame = try compressor.frame(source)
                    let content = try decompressor.content(frame, limit: size)
                    #expect(content == source, "seed \(seed), level \(level), size \(size)")
                    let header = try Frame(frame.rawSpan)
                    #expect(header.contentBytes == UInt64(size))
                    #expect(header.dictionary == nil)
                }
            }
        }
    }

    @Test("random records in random groups come back as they were")
    func records() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("records through zstd: seed \(seed)")
        var random = SeededRandom(seed: seed)
        var compressor = try Compressor()
        var decompressor = try Decompressor()
        for _ in 0..<200 {
            let count = Int.random(in: 0...20, using: &random)
            let source = Array(random.records(count).joined())
            let frame = try compressor.frame(source)
            #expect(try decompressor.content(frame) == source, "seed \(seed)")
        }
    }

    @Test("both directions append, keep what is there, and reuse capacity")
    func append() throws {
        var compressor = try Compressor()
        var decompressor = try Decompressor()
        let source = [UInt8](repeating: 7, count: 10_000)
        var frames: [UInt8] = [1, 2, 3]
        let length = try compressor.compress(source.rawSpan, into: &frames)
        #expect(frames.prefix(3) == [1, 2, 3])
        #expect(frames.count == 3 + length)
        let frame = Array(frames.dropFirst(3))
        var content: [UInt8] = [9]
        #expect(try decompressor.decompress(frame.rawSpan, limit: 10_000, into: &content) == 10_000)
        #expect(content == [9] + source)

        content.removeAll(keepingCapacity: true)
        let capacity = content.capacity
        let address = unsafe content.withUnsafeBytes { $0.baseAddress }
        try decompressor.decompress(frame.rawSpan, limit: 10_000, into: &content)
        #expect(content == source)
        #expect(content.capacity == capacity)
        let addressAfter = unsafe content.withUnsafeBytes { $0.baseAddress }
        unsafe #expect(addressAfter == address)
    }

    @Test("the same input gives the same frame, also from a used compressor")
    func deterministic() throws {
        var random = SeededRandom(seed: 5)
        let source = Array(random.records(50).joined())
        var used = try Compressor()
        let first = try used.frame(source)
        _ = try used.frame(random.bytes(1_000))
        var fresh = try Compressor()
        #expect(try used.frame(source) == first)
        #expect(try fresh.frame(source) == first)
    }

    @Test("a level outside the limits is refused", arguments: [Int.min, -1, 0, 20, Int.max])
    func level(_ level: Int) {
        #expect(throws: ZstdError.level(level)) { _ = try Compressor(level: level) }
    }
}
