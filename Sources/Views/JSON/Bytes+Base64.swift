internal import EventModel

extension [UInt8] {
    private static let base64Alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Appends bytes in base 64 (RFC 4648, section 4, padded).
    mutating func append(base64 data: RawSpan) {
        let alphabet = Self.base64Alphabet
        var offset = 0
        while offset < data.byteCount {
            let count = Swift.min(3, data.byteCount - offset)
            var group = UInt32(data[offset]) << 16
            if count > 1 { group |= UInt32(data[offset + 1]) << 8 }
            if count > 2 { group |= UInt32(data[offset + 2]) }
            for digit in 0..<4 {
                let isPadding = digit > count
                append(
                    isPadding
                        ? UInt8(ascii: "=")
                        : alphabet[Int(group >> UInt32(18 - 6 * digit) & 0x3F)])
            }
            offset += count
        }
    }
}
