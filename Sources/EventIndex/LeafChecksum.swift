internal import EventModel
internal import LMDB

/// The CRC-32C (u32 LE) that ends every value of an index, over the pair's key and the value
/// before it: a value that stands under another pair's key is as wrong as one with a wrong bit.
enum LeafChecksum {
    static func append(to value: inout [UInt8], key: [UInt8]) {
        let checksum = CRC32C.checksum(
            value.rawSpan, continuing: CRC32C.checksum(key.rawSpan))
        value.append(littleEndian: checksum)
    }

    /// Returns the value without its checksum, or nil when that is not right.
    @_lifetime(copy value)
    static func checked(_ value: RawSpan, key: RawSpan) -> RawSpan? {
        let end = value.byteCount - IndexLimits.checksumBytes
        guard end >= 0 else { return nil }
        let content = value.extracting(0..<end)
        let expected = CRC32C.checksum(content, continuing: CRC32C.checksum(key))
        guard value.load(littleEndian: UInt32.self, at: end) == expected else { return nil }
        return content
    }
}
