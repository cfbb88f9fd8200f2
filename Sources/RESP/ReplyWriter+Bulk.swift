extension ReplyWriter {
    /// Writes a bulk string.
    public mutating func bulk(_ bytes: RawSpan) {
        buffer.append(bulk: bytes)
    }

    /// Writes a bulk string.
    public mutating func bulk(_ bytes: [UInt8]) {
        bulk(bytes.span.octets)
    }

    /// Writes a literal as a bulk string.
    public mutating func bulk(_ text: StaticString) {
        buffer.append(bulk: text)
    }

    /// Writes a text's UTF-8 as a bulk string.
    public mutating func bulk(_ text: String) {
        bulk(text.utf8.span.octets)
    }

    /// Writes an integer's decimal digits as a bulk string.
    @inlinable
    public mutating func bulk<Integer: FixedWidthInteger>(decimal value: Integer) {
        bulk(magnitude: UInt64(value.magnitude), isNegative: value < 0)
    }

    @usableFromInline
    mutating func bulk(magnitude: UInt64, isNegative: Bool) {
        buffer.append(bulkOf: magnitude, isNegative: isNegative)
    }

    /// A bulk string whose length is not known yet; made by `beginBulk`, used up by `endBulk`.
    public struct OpenBulk: ~Copyable {
        /// Where the reply begins in the buffer.
        let start: Int
        /// Where the bytes begin, behind the room kept for the header.
        let body: Int
    }

    /// Begins a bulk string of unknown length: append its bytes to `buffer`, then call `endBulk`.
    ///
    /// Room is kept for a header with as many digits as `expectedByteCount` has. A body with
    /// another number of digits is moved once when it ends; nothing is allocated for that.
    public mutating func beginBulk(expectedByteCount: Int = 4_000) -> OpenBulk {
        let start = buffer.count
        header(UInt8(ascii: "$"), expectedByteCount)
        return OpenBulk(start: start, body: buffer.count)
    }

    /// Ends a bulk string: everything appended since `beginBulk` is its content.
    public mutating func endBulk(_ open: consuming OpenBulk) {
        precondition(buffer.count >= open.body, "a bulk's begin was cut off")
        let byteCount = buffer.count - open.body
        // '$', digits, CR LF.
        let body = open.start + OutputBuffer.decimalByteCount(byteCount) + 3
        if body != open.body {
            if body > open.body { buffer.reserve(body - open.body) }
            buffer.move(from: open.body, to: body, byteCount: byteCount)
        }
        buffer.setEnd(open.start)
        header(UInt8(ascii: "$"), byteCount)
        buffer.setEnd(body + byteCount)
        endLine()
    }

    /// Takes back a bulk string that cannot be ended, so that an error can stand in its place.
    public mutating func abandonBulk(_ open: consuming OpenBulk) {
        buffer.truncate(to: open.start)
    }
}
