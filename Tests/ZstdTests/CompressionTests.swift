import Testing
import Zstd

@Suite("Compression")
struct CompressionTests {
    @Test("what was compressed decompresses to the same bytes")
    func roundTrip() throws {
        var compressor = try Compressor()
        var decompressor = try Decompressor()
        let source = [UInt8](repeating: 7, count: 10_000)
        var frame: [UInt8] = []
        var result: [UInt8] = []
        try compressor.compress(unsafe source.span.bytes, into: &frame)
        try decompressor.decompress(unsafe frame.span.bytes, limit: 10_000, into: &result)
        #expect(result == source)
        #expect(frame.count < 100)
    }
}
