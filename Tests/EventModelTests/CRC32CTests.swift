import Testing

@testable import EventModel

@Suite("CRC-32C")
struct CRC32CTests {
    /// RFC 3720, appendix B.4; the RFC prints the value's bytes, least significant first.
    static let vectors: [([UInt8], UInt32)] = [
        ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
        ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
        (Array(0...31), 0x46DD_794E),
        (Array((0...31).reversed()), 0x113F_DB5C),
        (
            [
                0x01, 0xC0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0,
                0, 0, 0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0,
            ], 0xD996_3A56
        ),
        (Array("123456789".utf8), 0xE306_9283),
        ([], 0),
    ]

    @Test("gives the values of RFC 3720", arguments: vectors)
    func vector(bytes: [UInt8], expected: UInt32) {
        #expect(unsafe CRC32C.checksum(bytes.span.bytes) == expected)
    }

    @Test("agrees with the bit-by-bit definition at every length and alignment")
    func reference() {
        var random = SeededRandom(seed: 11)
        let all = (0..<96).map { _ in UInt8.random(in: 0...255, using: &random) }
        for start in 0..<8 {
            for end in start...all.count {
                let part = unsafe all.span.bytes.extracting(start..<end)
                #expect(CRC32C.checksum(part) == Self.bitwise(all[start..<end]))
                #expect(CRC32C.byTables(part) == Self.bitwise(all[start..<end]))
            }
        }
    }

    @Test("going on from the checksum of a first part gives that of the whole")
    func continuing() {
        var random = SeededRandom(seed: 12)
        let all = (0..<77).map { _ in UInt8.random(in: 0...255, using: &random) }
        let whole = unsafe CRC32C.checksum(all.span.bytes)
        for cut in 0...all.count {
            let first = unsafe CRC32C.checksum(all.span.bytes.extracting(0..<cut))
            let rest = unsafe all.span.bytes.extracting(cut..<all.count)
            #expect(CRC32C.checksum(rest, continuing: first) == whole)
        }
    }

    private static func bitwise(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var crc = UInt32.max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
        }
        return ~crc
    }
}
