/// What of a JSON document can be replaced by a text so that it stays one: what strings hold, and
/// whole numbers, which become strings.
struct JSONValues {
    /// One place, in the order of the document.
    struct Value {
        let range: Range<Int>
        /// Whether it lies between quotes; else it is a whole number, all of it.
        let isString: Bool
    }

    private(set) var values: [Value] = []

    /// Reads objects and arrays, one or one behind the other as in NDJSON, or a single string (RFC
    /// 8259; a byte order mark may stand before).
    ///
    /// - Returns: Nil when the text is something else: nothing in it is worth keeping whole then.
    init?(_ text: [UInt8]) {
        var reader = JSONReader(text)
        guard reader.read() else { return nil }
        values = reader.values
    }

    /// The first value from an index on that ends behind an offset, by which findings are walked in
    /// their order.
    func index(from index: Int, endingBehind offset: Int) -> Int {
        var index = index
        while index < values.count, values[index].range.upperBound <= offset { index += 1 }
        return index
    }
}

/// Walks a document without recursion; keeps one bit for each open object or array.
private struct JSONReader {
    private let text: [UInt8]
    private var offset = 0
    /// For each open container, whether it is an object.
    private var open: [Bool] = []
    var values: [JSONValues.Value] = []

    init(_ text: [UInt8]) {
        self.text = text
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    }

    private var byte: UInt8 { offset < text.count ? text[offset] : 0 }

    private mutating func skipBlanks() {
        while [0x20, 0x09, 0x0A, 0x0D].contains(byte) { offset += 1 }
    }

    private mutating func take(_ expected: UInt8) -> Bool {
        guard byte == expected else { return false }
        offset += 1
        return true
    }

    mutating func read() -> Bool {
        skipBlanks()
        if byte == UInt8(ascii: "\"") {
            guard string() else { return false }
            skipBlanks()
            return offset == text.count
        }
        repeat {
            let isContainer = byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[")
            guard isContainer, container() else { return false }
            skipBlanks()
        } while offset < text.count
        return true
    }

    /// Reads an object or an array with all that is in it.
    private mutating func container() -> Bool {
        begin()
        while let isObject = open.last {
            skipBlanks()
            if isObject {
                guard string() else { return false }
                skipBlanks()
                guard take(UInt8(ascii: ":")) else { return false }
                skipBlanks()
            }
            let depth = open.count
            guard value() else { return false }
            // An empty container is over already; in another one its first value comes next.
            if open.count == depth, !end() { return false }
        }
        return true
    }

    /// Opens a container; an empty one is closed at once.
    private mutating func begin() {
        let isObject = byte == UInt8(ascii: "{")
        offset += 1
        skipBlanks()
        if !take(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) { open.append(isObject) }
    }

    /// Behind a value: a comma, or the ends of containers.
    private mutating func end() -> Bool {
        while let isObject = open.last {
            skipBlanks()
            if take(UInt8(ascii: ",")) { return true }
            guard take(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { return false }
            open.removeLast()
        }
        return true
    }

    private mutating func value() -> Bool {
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            begin()
            return true
        case UInt8(ascii: "\""): return string()
        case UInt8(ascii: "t"): return word("true")
        case UInt8(ascii: "f"): return word("false")
        case UInt8(ascii: "n"): return word("null")
        default: return number()
        }
    }

    private mutating func word(_ word: StaticString) -> Bool {
        let end = offset + word.utf8CodeUnitCount
        guard end <= text.count, unsafe text[offset..<end].span.bytes.equals(word) else {
            return false
        }
        offset = end
        return true
    }

    private mutating func string() -> Bool {
        guard take(UInt8(ascii: "\"")) else { return false }
        let start = offset
        while offset < text.count, byte != UInt8(ascii: "\"") {
            offset += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        guard offset < text.count else { return false }
        values.append(JSONValues.Value(range: start..<offset, isString: true))
        offset += 1
        return true
    }

    private mutating func number() -> Bool {
        let start = offset
        var isWhole = !take(UInt8(ascii: "-"))
        guard digits() else { return false }
        if take(UInt8(ascii: ".")) {
            isWhole = false
            guard digits() else { return false }
        }
        if byte | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            offset += 1
            if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { offset += 1 }
            guard digits() else { return false }
        }
        if isWhole { values.append(JSONValues.Value(range: start..<offset, isString: false)) }
        return true
    }

    private mutating func digits() -> Bool {
        let start = offset
        while byte.isASCIIDigit { offset += 1 }
        return offset > start
    }
}
