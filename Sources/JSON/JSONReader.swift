internal import EventModel

/// Why bytes are no JSON.
public struct JSONFault: Error, Equatable, Sendable {
    /// What was expected.
    public let problem: String
    /// Where, in bytes.
    public let offset: Int
}

/// Reads JSON by RFC 8259, nothing beside it; nesting is bounded.
public struct JSONReader: ~Escapable {
    private let bytes: RawSpan
    private var offset = 0
    private var depth = 0

    @_lifetime(copy bytes)
    private init(_ bytes: RawSpan) { self.bytes = bytes }

    /// Reads one document that takes up all of the bytes.
    ///
    /// Complexity: O(bytes).
    public static func read(_ bytes: RawSpan) throws(JSONFault) -> JSONValue {
        var reader = JSONReader(bytes)
        let value = try reader.value()
        reader.skipBlanks()
        guard reader.offset == bytes.byteCount else {
            throw reader.fault("something follows the document")
        }
        return value
    }

    private func fault(_ problem: String) -> JSONFault {
        JSONFault(problem: problem, offset: offset)
    }

    private var byte: UInt8? { offset < bytes.byteCount ? bytes[offset] : nil }

    @_lifetime(self: copy self)
    private mutating func skipBlanks() {
        while let byte, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            offset += 1
        }
    }

    @_lifetime(self: copy self)
    private mutating func take(_ wanted: UInt8) -> Bool {
        guard byte == wanted else { return false }
        offset += 1
        return true
    }

    @_lifetime(self: copy self)
    private mutating func take(_ word: StaticString, _ value: JSONValue) throws(JSONFault)
        -> JSONValue
    {
        let end = offset + word.utf8CodeUnitCount
        guard end <= bytes.byteCount, bytes.extracting(offset..<end).equals(word) else {
            throw fault("expected a value")
        }
        offset = end
        return value
    }

    @_lifetime(self: copy self)
    private mutating func value() throws(JSONFault) -> JSONValue {
        skipBlanks()
        switch byte {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try take("true", .boolean(true))
        case UInt8(ascii: "f"): return try take("false", .boolean(false))
        case UInt8(ascii: "n"): return try take("null", .null)
        default: return try number()
        }
    }

    @_lifetime(self: copy self)
    private mutating func enter() throws(JSONFault) {
        depth += 1
        guard depth <= JSONLimits.depthMax else {
            throw fault("it nests deeper than \(JSONLimits.depthMax)")
        }
        offset += 1
        skipBlanks()
    }

    @_lifetime(self: copy self)
    private mutating func object() throws(JSONFault) -> JSONValue {
        try enter()
        defer { depth -= 1 }
        var members: [JSONValue.Member] = []
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipBlanks()
            guard byte == UInt8(ascii: "\"") else { throw fault("expected a name in quotes") }
            let name = try string()
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw fault("expected a colon") }
            members.append(JSONValue.Member(name, try value()))
            skipBlanks()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw fault("expected a comma or }") }
        }
    }

    @_lifetime(self: copy self)
    private mutating func array() throws(JSONFault) -> JSONValue {
        try enter()
        defer { depth -= 1 }
        var elements: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try value())
            skipBlanks()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw fault("expected a comma or ]") }
        }
    }

    @_lifetime(self: copy self)
    private mutating func digits() -> Int {
        let start = offset
        while let byte, byte.isASCIIDigit { offset += 1 }
        return offset - start
    }

    @_lifetime(self: copy self)
    private mutating func number() throws(JSONFault) -> JSONValue {
        let start = offset
        _ = take(UInt8(ascii: "-"))
        let isZero = byte == UInt8(ascii: "0")
        let count = digits()
        guard count > 0, !isZero || count == 1 else { throw fault("expected a value") }
        var isInteger = true
        if take(UInt8(ascii: ".")) {
            isInteger = false
            guard digits() > 0 else { throw fault("expected digits after the point") }
        }
        if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
            isInteger = false
            offset += 1
            if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { offset += 1 }
            guard digits() > 0 else { throw fault("expected digits of the exponent") }
        }
        let text = bytes.extracting(start..<offset)
        if isInteger, let integer = text.integer() { return .integer(integer) }
        return .number(text.text())
    }
}

extension JSONReader {
    @_lifetime(self: copy self)
    private mutating func string() throws(JSONFault) -> String {
        offset += 1
        let start = offset
        var hasEscapes = false
        while let byte, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw fault("a control character stands in a text") }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                offset += 1
            }
            offset += 1
        }
        guard offset < bytes.byteCount else {
            offset = bytes.byteCount
            throw fault("a text is not closed")
        }
        let raw = bytes.extracting(start..<offset)
        guard raw.isUTF8 else { throw fault("a text is not UTF-8") }
        offset += 1
        return hasEscapes ? try unescape(raw, at: start) : raw.text()
    }

    private func unescape(_ raw: RawSpan, at start: Int) throws(JSONFault) -> String {
        var unescaped: [UInt8] = []
        unescaped.reserveCapacity(raw.byteCount)
        var index = 0
        while index < raw.byteCount {
            guard raw[index] == UInt8(ascii: "\\") else {
                unescaped.append(raw[index])
                index += 1
                continue
            }
            let letter = raw[index + 1]
            index += 2
            if letter == UInt8(ascii: "u") {
                guard let scalar = Self.scalar(raw, &index) else {
                    throw JSONFault(problem: "a \\u is no character", offset: start + index)
                }
                unescaped.append(contentsOf: String(Character(scalar)).utf8)
            } else {
                guard let byte = Self.escaped(letter) else {
                    throw JSONFault(problem: "a \\ means nothing", offset: start + index)
                }
                unescaped.append(byte)
            }
        }
        return String(decoding: unescaped, as: UTF8.self)
    }

    private static func escaped(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// Reads the digits of a `\u`, and of the second one where the first is half of a pair.
    private static func scalar(_ raw: RawSpan, _ index: inout Int) -> Unicode.Scalar? {
        guard let first = unit(raw, &index) else { return nil }
        guard first & 0xFC00 == 0xD800 else { return Unicode.Scalar(first) }
        guard index + 2 <= raw.byteCount, raw[index] == UInt8(ascii: "\\"),
            raw[index + 1] == UInt8(ascii: "u")
        else { return nil }
        index += 2
        guard let second = unit(raw, &index), second & 0xFC00 == 0xDC00 else { return nil }
        return Unicode.Scalar(0x10000 + (first & 0x3FF) << 10 + second & 0x3FF)
    }

    private static func unit(_ raw: RawSpan, _ index: inout Int) -> UInt32? {
        guard index + 4 <= raw.byteCount else { return nil }
        var value: UInt32 = 0
        for offset in index..<index + 4 {
            let digit = raw[offset]
            switch digit {
            case 0x30...0x39: value = value << 4 | UInt32(digit - 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(digit - 0x41 + 10)
            case 0x61...0x66: value = value << 4 | UInt32(digit - 0x61 + 10)
            default: return nil
            }
        }
        index += 4
        return value
    }
}

extension JSONValue {
    /// Reads one document that takes up all of the bytes.
    ///
    /// - Throws: `JSONFault`.
    public static func read(_ bytes: [UInt8]) throws(JSONFault) -> JSONValue {
        try unsafe JSONReader.read(bytes.span.bytes)
    }
}
