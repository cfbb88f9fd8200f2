public import EventModel
internal import Glibc

/// Writes one JSON document (RFC 8259) into bytes, front to back, without a tree in between.
///
/// The caller keeps the order: `begin` and `end` match, and inside an object every value stands
/// behind a `key`. Text is escaped so that it can also stand inside a script: U+2028 and U+2029
/// are written as escapes. Bytes that are not UTF-8 become U+FFFD.
public struct JSONWriter {
    /// The document and room behind it: what is written is checked against the room once.
    private var storage: [UInt8]
    private var length = 0
    private var needsComma = false
    /// The day whose date was written last, and where: times of one document mostly share it.
    private var day = Int64.min
    private var dayOffset = 0

    private static let firstRoom = 4_096
    /// Of a greater document the room is given back.
    private static let keptRoomMax = 65_536

    /// Makes a writer of an empty document.
    public init() { storage = [UInt8](repeating: 0, count: Self.firstRoom) }

    /// Forgets what was written and keeps the room for the next document.
    public mutating func removeAll() {
        length = 0
        needsComma = false
        day = .min
        guard storage.count > Self.keptRoomMax else { return }
        storage = [UInt8](repeating: 0, count: Self.firstRoom)
    }

    /// What has been written.
    public var bytes: [UInt8] { Array(storage[..<length]) }

    /// What has been written, in place.
    public var span: RawSpan {
        @_lifetime(borrow self)
        get { unsafe storage.span.bytes.extracting(0..<length) }
    }

    /// How many bytes have been written.
    public var count: Int { length }

    /// Has `body` write what must not go beyond a bound, and takes it back where it does.
    ///
    /// - Returns: Whether it stands.
    public mutating func attempt<Failure: Error>(
        upTo bound: Int, _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        let (start, hadComma) = (length, needsComma)
        try body(&self)
        guard length > bound else { return true }
        length = start
        needsComma = hadComma
        // The date may have gone with it.
        if dayOffset >= start { day = .min }
        return false
    }

    /// Has `body` write behind what is there and return how much it wrote.
    @inline(__always)
    private mutating func append(
        atMost most: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int
    ) {
        if storage.count - length < most { grow(by: most) }
        let start = length
        length += unsafe storage.withUnsafeMutableBufferPointer { room in
            // There is always room, so that it has an address.
            unsafe body(room.baseAddress! + start)
        }
    }

    private mutating func grow(by most: Int) {
        storage.append(contentsOf: repeatElement(0, count: max(storage.count, most)))
    }

    private mutating func append(_ bytes: RawSpan) {
        let count = bytes.byteCount
        unsafe append(atMost: count) { room in
            unsafe bytes.withUnsafeBytes { bytes in
                if let start = bytes.baseAddress { unsafe memcpy(room, start, count) }
            }
            return count
        }
    }

    /// Writes the rest of a value that was written before, as it is.
    mutating func append(written bytes: RawSpan) {
        append(bytes)
        needsComma = true
    }

    /// Writes an integer over one of as many digits.
    mutating func overwrite(_ integer: Int64, digits: Int, endingAt end: Int) {
        precondition(integer >= 0 && digits > 0 && end >= digits && end <= length)
        var rest = integer
        for place in 1...digits {
            storage[end - place] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
            rest /= 10
        }
        precondition(rest == 0, "the number has as many digits")
    }

    private mutating func append(_ byte: UInt8) {
        unsafe append(atMost: 1) { room in
            unsafe room[0] = byte
            return 1
        }
    }

    private mutating func append(_ text: StaticString) {
        let count = text.utf8CodeUnitCount
        unsafe append(atMost: count) { room in
            unsafe memcpy(room, text.utf8Start, count)
            return count
        }
    }

    private mutating func separate() {
        if needsComma { append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        append(bracket)
        needsComma = true
    }

    /// Opens an object.
    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    /// Closes the object.
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    /// Opens the object closed last again, behind what is in it.
    public mutating func reopenObject() {
        precondition(length > 0 && storage[length - 1] == UInt8(ascii: "}"), "an object was closed")
        length -= 1
        needsComma = length > 0 && storage[length - 1] != UInt8(ascii: "{")
    }

    /// Opens an array.
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    /// Closes the array.
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// Writes the key of the next value.
    public mutating func key(_ name: StaticString) {
        quote(name, andColon: true)
        needsComma = false
    }

    /// Writes a word of the domain.
    public mutating func value(_ word: StaticString) {
        quote(word, andColon: false)
        needsComma = true
    }

    private mutating func quote(_ word: StaticString, andColon hasColon: Bool) {
        let comma = needsComma ? 1 : 0
        let count = word.utf8CodeUnitCount
        unsafe append(atMost: count + 4) { room in
            // The comma is written over where there is none.
            unsafe room[0] = UInt8(ascii: ",")
            unsafe room[comma] = UInt8(ascii: "\"")
            unsafe memcpy(room + comma + 1, word.utf8Start, count)
            unsafe room[comma + 1 + count] = UInt8(ascii: "\"")
            guard hasColon else { return comma + count + 2 }
            unsafe room[comma + 2 + count] = UInt8(ascii: ":")
            return comma + count + 3
        }
    }

    /// Writes the key of the next value, escaping it.
    public mutating func key(_ name: RawSpan) {
        value(name)
        append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes the key of the next value as `encoded(key:)` has it.
    mutating func key(encoded name: RawSpan) {
        separate()
        append(name)
        needsComma = false
    }

    /// A key as it stands in a document, for who writes it many times.
    static func encoded(key name: String) -> [UInt8] {
        var json = JSONWriter()
        unsafe json.key(name.utf8Span.span.bytes)
        return json.bytes
    }

    /// Writes an integer.
    public mutating func value(_ integer: Int64) {
        separate()
        unsafe append(atMost: 20) { room in
            var digits = 1
            var bound: UInt64 = 10
            let magnitude = integer.magnitude
            while digits < 19, magnitude >= bound {
                digits += 1
                bound &*= 10
            }
            let sign = integer < 0 ? 1 : 0
            unsafe room[0] = UInt8(ascii: "-")
            unsafe Self.write(magnitude, digits: digits, to: room + sign)
            return sign + digits
        }
    }

    @inline(__always)
    private static func write(
        _ value: UInt64, digits: Int, to room: UnsafeMutablePointer<UInt8>
    ) {
        var rest = value
        var place = digits
        while place > 0 {
            place -= 1
            unsafe room[place] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
            rest /= 10
        }
    }

    /// Writes an integer.
    public mutating func value(_ integer: Int) { value(Int64(integer)) }

    /// Writes a number with a fraction in the shortest form that reads back the same; one that is
    /// not finite becomes null.
    public mutating func value(_ number: Double) {
        // Shares of few contacts are mostly whole, and so are means of one.
        let whole = number.rounded(.towardZero)
        if whole == number, number.magnitude < 1e15, number != 0 || number.sign == .plus {
            value(Int64(whole))
            return append(".0")
        }
        separate()
        let text = number.isFinite ? number.description : "null"
        unsafe append(text.utf8Span.span.bytes)
    }

    /// Writes true or false.
    public mutating func value(_ boolean: Bool) {
        separate()
        append(boolean ? "true" : "false")
    }

    /// Writes a moment as RFC 3339; see `Timestamp.write`.
    public mutating func value(_ moment: Timestamp) {
        separate()
        append(UInt8(ascii: "\""))
        let milliseconds = moment.clamped.rawValue
        let day = milliseconds.flooredQuotient(86_400_000)
        if day != self.day { writeDate(day) } else { repeatDate() }
        let rest = UInt64(milliseconds - day * 86_400_000)
        unsafe append(atMost: 14) { room in
            unsafe Self.write(rest / 3_600_000, digits: 2, to: room)
            unsafe room[2] = UInt8(ascii: ":")
            unsafe Self.write(rest / 60_000 % 60, digits: 2, to: room + 3)
            unsafe room[5] = UInt8(ascii: ":")
            unsafe Self.write(rest / 1_000 % 60, digits: 2, to: room + 6)
            unsafe room[8] = UInt8(ascii: ".")
            unsafe Self.write(rest % 1_000, digits: 3, to: room + 9)
            unsafe room[12] = UInt8(ascii: "Z")
            unsafe room[13] = UInt8(ascii: "\"")
            return 14
        }
    }

    /// The bytes of `2026-11-27T`.
    private static let dateBytes = 11

    private mutating func writeDate(_ day: Int64) {
        self.day = day
        dayOffset = length
        let date = Timestamp.civil(days: Int(day))
        unsafe append(atMost: Self.dateBytes) { room in
            unsafe Self.write(UInt64(date.year), digits: 4, to: room)
            unsafe room[4] = UInt8(ascii: "-")
            unsafe Self.write(UInt64(date.month), digits: 2, to: room + 5)
            unsafe room[7] = UInt8(ascii: "-")
            unsafe Self.write(UInt64(date.day), digits: 2, to: room + 8)
            unsafe room[10] = UInt8(ascii: "T")
            return Self.dateBytes
        }
    }

    private mutating func repeatDate() {
        let back = length - dayOffset
        unsafe append(atMost: Self.dateBytes) { room in
            unsafe memcpy(room, room - back, Self.dateBytes)
            return Self.dateBytes
        }
    }

    /// Writes a position as an integer; a document keeps every digit of it.
    public mutating func value(_ position: Position) { value(Int64(clamping: position.rawValue)) }

    /// Writes null.
    public mutating func null() {
        separate()
        append("null")
    }

    /// Writes a customer's name in its text form.
    public mutating func value(_ customer: CustomerID) { customer.withText { value($0) } }

    /// Writes text.
    public mutating func value(_ text: String) { unsafe value(text.utf8Span.span.bytes) }

    /// Writes text given as bytes.
    public mutating func value(_ text: RawSpan) {
        guard !text.isPlain else { return quote(text) }
        guard text.isUTF8 else { return value(text.text()) }
        separate()
        append(UInt8(ascii: "\""))
        var plain = 0
        var offset = 0
        while offset < text.byteCount {
            let length = Self.escapedLength(text, offset)
            if length > 0 {
                append(text.extracting(plain..<offset))
                escape(text, offset)
                plain = offset + length
            }
            offset += max(1, length)
        }
        append(text.extracting(plain..<text.byteCount))
        append(UInt8(ascii: "\""))
    }

    private mutating func quote(_ text: RawSpan) {
        let comma = needsComma ? 1 : 0
        needsComma = true
        let count = text.byteCount
        unsafe append(atMost: count + 3) { room in
            unsafe room[0] = UInt8(ascii: ",")
            unsafe room[comma] = UInt8(ascii: "\"")
            unsafe text.withUnsafeBytes { text in
                if let start = text.baseAddress { unsafe memcpy(room + comma + 1, start, count) }
            }
            unsafe room[comma + 1 + count] = UInt8(ascii: "\"")
            return comma + count + 2
        }
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
        append(UInt8(ascii: "\\"))
        switch text[offset] {
        case 0x22: append(UInt8(ascii: "\""))
        case 0x5C: append(UInt8(ascii: "\\"))
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0D: append(UInt8(ascii: "r"))
        case 0x09: append(UInt8(ascii: "t"))
        case 0xE2: append(text[offset + 2] == 0xA8 ? "u2028" : "u2029")
        case let control:
            append("u00")
            append(Self.hexadecimal(control >> 4))
            append(Self.hexadecimal(control & 0x0F))
        }
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? 0x30 + digit : 0x61 + digit - 10
    }

    /// Writes bytes in base 64 (RFC 4648, section 4, padded).
    public mutating func base64(_ data: RawSpan) {
        separate()
        append(UInt8(ascii: "\""))
        var text: [UInt8] = []
        Base64.append(data, to: &text)
        unsafe append(text.span.bytes)
        append(UInt8(ascii: "\""))
    }
}
