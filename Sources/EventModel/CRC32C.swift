internal import CChecksum

/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78, as in RFC 3720 appendix B.4): by the
/// processor's instruction where there is one, else eight bytes a step by tables. It guards against
/// rot and torn writes, not against tampering.
public enum CRC32C {
    private static let hasInstruction = tl_has_crc32c() != 0

    private static let table: [UInt32] = {
        var table = [UInt32](repeating: 0, count: 8 * 256)
        for index in 0..<256 {
            var value = UInt32(index)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
            table[index] = value
        }
        for index in 256..<2_048 {
            let previous = table[index - 256]
            table[index] = previous >> 8 ^ table[Int(previous & 0xFF)]
        }
        return table
    }()

    /// Returns the checksum of the bytes, going on from an earlier checksum.
    public static func checksum(_ bytes: RawSpan, continuing earlier: UInt32 = 0) -> UInt32 {
        guard hasInstruction else { return byTables(bytes, continuing: earlier) }
        return unsafe bytes.withUnsafeBytes { bytes in
            unsafe ~tl_crc32c(
                ~earlier, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
        }
    }

    /// The same without the instruction.
    static func byTables(_ bytes: RawSpan, continuing earlier: UInt32 = 0) -> UInt32 {
        var crc = ~earlier
        unsafe table.withUnsafeBufferPointer { table in
            unsafe bytes.withUnsafeBytes { bytes in
                var offset = 0
                while offset + 8 <= bytes.count {
                    let word = unsafe UInt64(
                        littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                    let low = UInt32(truncatingIfNeeded: word) ^ crc
                    let high = UInt32(truncatingIfNeeded: word >> 32)
                    crc = unsafe table[1_792 + Int(low & 0xFF)]
                    crc ^= unsafe table[1_536 + Int(low >> 8 & 0xFF)]
                    crc ^= unsafe table[1_280 + Int(low >> 16 & 0xFF)]
                    crc ^= unsafe table[1_024 + Int(low >> 24)]
                    crc ^= unsafe table[768 + Int(high & 0xFF)]
                    crc ^= unsafe table[512 + Int(high >> 8 & 0xFF)]
                    crc ^= unsafe table[256 + Int(high >> 16 & 0xFF)]
                    crc ^= unsafe table[Int(high >> 24)]
                    offset += 8
                }
                while offset < bytes.count {
                    crc = unsafe crc >> 8 ^ table[Int((crc ^ UInt32(bytes[offset])) & 0xFF)]
                    offset += 1
                }
            }
        }
        return ~crc
    }
}
