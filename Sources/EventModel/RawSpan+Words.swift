/// Reading the words of a request in place.
extension RawSpan {
    /// Tells whether the bytes are well-formed UTF-8.
    public var isUTF8: Bool {
        unsafe withUnsafeBytes { bytes in
            // Nearly all values are ASCII: eight bytes a step, and the full check only after that.
            var offset = 0
            while offset + 8 <= bytes.count {
                let word = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                if word & 0x8080_8080_8080_8080 != 0 { break }
                offset += 8
            }
            while offset < bytes.count, unsafe bytes[offset] < 0x80 { offset += 1 }
            if offset == bytes.count { return true }
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset...])
            let text = unsafe rest.bindMemory(to: UInt8.self).span
            return (try? UTF8Span(validating: text)) != nil
        }
    }

    /// Tells whether there is a control character, U+0000 … U+001F or U+007F.
    public var hasControls: Bool {
        unsafe withUnsafeBytes { bytes in
            // Eight bytes a step: in each, the highest bit tells a byte below 0x20, or one that is
            // zero once 0x7F has been taken away from it.
            var offset = 0
            while offset + 8 <= bytes.count {
                let word = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                let low = (word &- 0x2020_2020_2020_2020) & ~word
                let rest = word ^ 0x7F7F_7F7F_7F7F_7F7F
                let delete = (rest &- 0x0101_0101_0101_0101) & ~rest
                if (low | delete) & 0x8080_8080_8080_8080 != 0 { return true }
                offset += 8
            }
            while offset < bytes.count {
                let byte = unsafe bytes[offset]
                if byte < 0x20 || byte == 0x7F { return true }
                offset += 1
            }
            return false
        }
    }

    /// Tells whether the bytes are `[a-z][a-z0-9_]*`.
    public var isSnakeCase: Bool {
        guard byteCount > 0, self[0] >= UInt8(ascii: "a"), self[0] <= UInt8(ascii: "z") else {
            return false
        }
        for offset in 1..<byteCount {
            switch self[offset] {
            case 0x30...0x39, 0x61...0x7A, 0x5F: continue
            default: return false
            }
        }
        return true
    }

    /// Tells whether the bytes are three capital letters, as ISO 4217 writes a currency.
    public var isCurrency: Bool {
        guard byteCount == 3 else { return false }
        for offset in 0..<3 where self[offset] < 0x41 || self[offset] > 0x5A { return false }
        return true
    }

    /// Returns the offset of the first such byte, or nil.
    public func firstOffset(of byte: UInt8) -> Int? {
        var offset = 0
        // Eight bytes a step, while none of them is it.
        let pattern = 0x0101_0101_0101_0101 &* UInt64(byte)
        while offset + 8 <= byteCount {
            let word = load(littleEndian: UInt64.self, at: offset) ^ pattern
            let hits = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
            if hits != 0 { return offset + hits.trailingZeroBitCount / 8 }
            offset += 8
        }
        while offset < byteCount {
            if self[offset] == byte { return offset }
            offset += 1
        }
        return nil
    }

    /// Tells whether the bytes start with this ASCII text.
    public func starts(with text: StaticString) -> Bool {
        byteCount >= text.utf8CodeUnitCount
            && extracting(0..<text.utf8CodeUnitCount).equals(text)
    }

    /// Tells whether the bytes are this text.
    public func equals(_ text: String) -> Bool { unsafe equals(text.utf8Span.span.bytes) }

    /// Reads decimal digits, with a minus before them or not; nil beyond 64 bits.
    public func integer() -> Int64? {
        guard byteCount > 0, byteCount <= 20 else { return nil }
        let isNegative = self[0] == UInt8(ascii: "-")
        var offset = isNegative ? 1 : 0
        guard offset < byteCount else { return nil }
        var value: Int64 = 0
        while offset < byteCount {
            let byte = self[offset]
            guard byte.isASCIIDigit else { return nil }
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
            let digit = Int64(byte & 0x0F)
            let (next, carry) =
                isNegative
                ? shifted.subtractingReportingOverflow(digit)
                : shifted.addingReportingOverflow(digit)
            guard !overflow, !carry else { return nil }
            value = next
            offset += 1
        }
        return value
    }

    /// Tells whether the bytes are letters, digits, `.`, `_` and `-`, as the name of a type is.
    var isTypeName: Bool {
        for offset in 0..<byteCount {
            switch self[offset] {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x5F, 0x2D: continue
            default: return false
            }
        }
        return true
    }

    /// The bytes as text if they look like the name of an attribute or `role:strength`, else nil.
    ///
    /// A producer that miscounts puts values where names stand. So nothing that could be a number,
    /// an address or an identifier passes: only a letter and then letters, digits, `.`, `_` and
    /// `-`, with a colon only behind the name of a role.
    var shownName: String? {
        let colon = firstOffset(of: UInt8(ascii: ":")) ?? byteCount
        let word = extracting(0..<colon)
        guard byteCount <= EventLimits.attributeNameBytesMax, word.byteCount > 0, word.isTypeName,
            word[0] >= UInt8(ascii: "A")
        else { return nil }
        guard colon < byteCount else { return text() }
        let strength = extracting(colon + 1..<byteCount)
        guard IdentifierRole.allCases.contains(where: { word.equals($0.attributeName) }),
            strength.byteCount == 0 || strength.isSnakeCase
        else { return nil }
        return text()
    }

    /// Returns a name for an error message, or how long it is where it could be a value.
    public func printableName() -> String { shownName ?? "(\(byteCount) bytes, not shown)" }
}
