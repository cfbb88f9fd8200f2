/// Variable-length integers, for the rows of views: seven bits per byte, least significant group
/// first, the top bit set on every byte but the last.
extension [UInt8] {
    /// Appends an unsigned integer in 1 … 10 bytes.
    @inlinable
    @inline(__always)
    public mutating func append(varint value: UInt64) {
        // Most are counts and distances of one byte.
        guard value >= 0x80 else { return append(UInt8(truncatingIfNeeded: value)) }
        append(longVarint: value)
    }

    @inlinable
    @inline(never)
    mutating func append(longVarint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// Appends a signed integer in zigzag form, so that small magnitudes stay short.
    @inlinable
    public mutating func append(zigzag value: Int64) {
        append(varint: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    /// Appends text behind its length.
    @inlinable
    public mutating func append(text: String) {
        let bytes = unsafe text.utf8Span.span.bytes
        append(varint: UInt64(bytes.byteCount))
        append(bytes)
    }

    /// Appends text that may be absent: 0, or its length plus one and the bytes.
    @inlinable
    public mutating func append(optionalText text: String?) {
        guard let text else { return append(varint: 0) }
        let bytes = unsafe text.utf8Span.span.bytes
        append(varint: UInt64(bytes.byteCount) + 1)
        append(bytes)
    }
}
