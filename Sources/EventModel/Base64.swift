/// Base64 with padding (RFC 4648, section 4).
public enum Base64 {
    private static let letters = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Appends bytes in base64.
    public static func append(_ source: RawSpan, to bytes: inout [UInt8]) {
        var offset = 0
        while offset < source.byteCount {
            let count = min(3, source.byteCount - offset)
            var group: UInt32 = 0
            for index in 0..<3 {
                group = group << 8 | (index < count ? UInt32(source[offset + index]) : 0)
            }
            for index in 0..<4 {
                let letter = letters[Int(group >> UInt32(18 - 6 * index)) & 0x3F]
                bytes.append(index <= count ? letter : UInt8(ascii: "="))
            }
            offset += 3
        }
    }

    /// Returns the bytes, or nil when the text is not base64 with its padding.
    public static func decode(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count % 4 == 0 else { return nil }
        var bytes: [UInt8] = []
        var offset = 0
        while offset < digits.count {
            let isLast = offset + 4 == digits.count
            let padding = isLast ? digits[offset...].reversed().prefix { $0 == 0x3D }.count : 0
            guard padding <= 2 else { return nil }
            var group: UInt32 = 0
            for index in 0..<4 {
                let isPadding = index >= 4 - padding
                guard let value = isPadding ? 0 : value(of: digits[offset + index]) else {
                    return nil
                }
                group = group << 6 | UInt32(value)
            }
            // Bits that padding cuts off must be 0, or two texts would mean the same bytes.
            guard group & ((1 << UInt32(8 * padding)) - 1) == 0 else { return nil }
            for index in 0..<3 - padding {
                bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * index)))
            }
            offset += 4
        }
        return bytes
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 0x41...0x5A: digit - 0x41
        case 0x61...0x7A: digit - 0x61 + 26
        case 0x30...0x39: digit - 0x30 + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
