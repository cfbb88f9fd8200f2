public import EventModel

/// Writes one JSON document (RFC 8259) into bytes, front to back, without a tree in between.
///
/// The caller keeps the order: `begin` and `end` match, and inside an object every value stands
/// behind a `key`. Text is escaped so that it can also stand inside a script: U+2028 and U+2029
/// are written as escapes. Bytes that are not UTF-8 become U+FFFD.
public struct JSONWriter {
    /// What has been written.
    public private(set) var bytes: [UInt8]
    private var needsComma = false

    /// Makes a writer that writes behind the given bytes.
    public init(after bytes: [UInt8] = []) { self.bytes = bytes }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    /// Opens an object.
    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    /// Closes the object.
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    /// Opens an array.
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    /// Closes the array.
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// Writes the key of the next value.
    public mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        unsafe bytes.append(
            contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes the key of the next value, escaping it.
    public mutating func key(_ name: RawSpan) {
        value(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes an integer.
    public mutating func value(_ integer: Int64) {
        separate()
        bytes.append(decimal: integer)
    }

    /// Writes an integer.
    public mutating func value(_ integer: Int) { value(Int64(integer)) }

    /// Writes a number with a fraction in the shortest form that reads back the same; one that is
    /// not finite becomes null.
    public mutating func value(_ number: Double) {
        separate()
        bytes.append(contentsOf: (number.isFinite ? number.description : "null").utf8)
    }

    /// Writes true or false.
    public mutating func value(_ boolean: Bool) {
        separate()
        bytes.append(contentsOf: (boolean ? "true" : "false").utf8)
    }

    /// Writes a moment as RFC 3339.
    public mutating func value(_ moment: Timestamp) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        moment.write(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a position as an integer; a document keeps every digit of it.
    public mutating func value(_ position: Position) { value(Int64(clamping: position.rawValue)) }

    /// Writes null.
    public mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }

    /// Writes a customer's name in its text form.
    public mutating func value(_ customer: CustomerID) { value(customer.description) }

    /// Writes text.
    public mutating func value(_ text: String) { unsafe value(text.utf8Span.span.bytes) }

    /// Writes a word of the domain.
    public mutating func value(_ word: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        unsafe bytes.append(
            contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes text given as bytes.
    public mutating func value(_ text: RawSpan) {
        guard text.isUTF8 else { return value(text.text()) }
        separate()
        bytes.append(UInt8(ascii: "\""))
        var plain = 0
        var offset = 0
        while offset < text.byteCount {
            let length = Self.escapedLength(text, offset)
            if length > 0 {
                bytes.append(text.extracting(plain..<offset))
                escape(text, offset)
                plain = offset + length
            }
            offset += max(1, length)
        }
        bytes.append(text.extracting(plain..<text.byteCount))
        bytes.append(UInt8(ascii: "\""))
    }

    /// How many bytes at the offset must be written as an escape: 0, 1, or 3 for U+2028/9.
    private static func escapedLength(_ text: RawSpan, _ offset: Int) -> Int {
        switch text[offset] {
        case 0..<0x20, 0x22, 0x5C, 0x7F: 1
        case 0xE2:
            offset + 2 < text.byteCount && text[offset + 1] == 0x80
                && (text[offset + 2] == 0xA8 || text[offset + 2] == 0xA9) ? 3 : 0
        default: 0
        }
    }

    private mutating func escape(_ text: RawSpan, _ offset: Int) {
        bytes.append(UInt8(ascii: "\\"))
        switch text[offset] {
        case 0x22: bytes.append(UInt8(ascii: "\""))
        case 0x5C: bytes.append(UInt8(ascii: "\\"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0xE2:
            bytes.append(contentsOf: (text[offset + 2] == 0xA8 ? "u2028" : "u2029").utf8)
        case let control:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(Self.hexadecimal(control >> 4))
            bytes.append(Self.hexadecimal(control & 0x0F))
        }
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? 0x30 + digit : 0x61 + digit - 10
    }

    /// Writes bytes in base 64 (RFC 4648, section 4, padded).
    public mutating func base64(_ data: RawSpan) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(base64: data)
        bytes.append(UInt8(ascii: "\""))
    }
}
