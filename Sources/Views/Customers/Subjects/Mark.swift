internal import EventModel

/// What a subject keeps of one event.
///
/// Values lie behind each other, each: u8 index of the attribute in the rule; u8 kind; then text
/// and ref: num count, bytes; integer and time: int; boolean: u8; money: int, 3 bytes currency.
struct Mark: Equatable {
    let occurred: Timestamp
    let position: Position
    /// Of a record that was read they lie in its row, which all of its marks share.
    let values: ArraySlice<UInt8>

    init(occurred: Timestamp, position: Position, values: ArraySlice<UInt8>) {
        self.occurred = occurred
        self.position = position
        self.values = values
    }

    /// Takes what the rule keeps of an event.
    ///
    /// - Parameter bytes: Room to work in, so that the mark is allocated once and in its size.
    init(_ event: borrowing EventView, _ rule: SubjectRule, in bytes: inout [UInt8]) {
        occurred = event.occurred
        position = event.position
        Self.write(event, rule, to: &bytes)
        values = unsafe bytes.span.bytes.copied()[...]
    }

    /// Writes the values that the rule keeps of an event in the place of what is in `bytes`. Texts are
    /// cut to a bound, at a character.
    static func write(
        _ event: borrowing EventView, _ rule: SubjectRule, to bytes: inout [UInt8]
    ) {
        bytes.removeAll(keepingCapacity: true)
        let names = rule.attributes
        for index in names.indices {
            if index == rule.sourceIndex {
                bytes.append(UInt8(index))
                bytes.append(AttributeKind.text.rawValue)
                append(event.source, to: &bytes)
                continue
            }
            guard let attribute = event.attribute(names[index]) else { continue }
            bytes.append(UInt8(index))
            bytes.append(attribute.kind.rawValue)
            switch attribute.kind {
            case .text, .ref: append(attribute.bytes, to: &bytes)
            case .integer, .time:
                bytes.append(zigzag: attribute.bytes.load(littleEndian: Int64.self, at: 0))
            case .boolean: bytes.append(attribute.bytes[0])
            case .money:
                bytes.append(zigzag: attribute.bytes.load(littleEndian: Int64.self, at: 0))
                bytes.append(attribute.bytes.extracting(8..<11))
            }
        }
    }

    private static func append(_ text: RawSpan, to bytes: inout [UInt8]) {
        var end = min(text.byteCount, ViewLimits.subjectTextBytesMax)
        // A character's later bytes are 10xxxxxx.
        while end < text.byteCount, end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
        bytes.append(varint: UInt64(end))
        bytes.append(text.extracting(0..<end))
    }

    /// Tells which of two events comes later.
    static func precedes(_ left: Mark, _ right: Mark) -> Bool {
        (left.occurred, left.position) < (right.occurred, right.position)
    }
}

/// A kept value, in place.
struct MarkValue: ~Escapable {
    let index: Int
    let kind: AttributeKind
    /// The text or currency; empty for others.
    let text: RawSpan
    /// The integer, time, boolean or minor units; 0 for others.
    let number: Int64

    @_lifetime(copy text)
    init(index: Int, kind: AttributeKind, text: RawSpan, number: Int64) {
        self.index = index
        self.kind = kind
        self.text = text
        self.number = number
    }

    /// Whether it is a text or ref.
    var isText: Bool { kind == .text || kind == .ref }

    /// Whether it is an integer or boolean.
    var isNumber: Bool { kind == .integer || kind == .boolean }

    /// Writes the value as documents show it.
    func write(to json: inout JSONWriter) {
        switch kind {
        case .text, .ref: json.value(text)
        case .integer: json.value(number)
        case .time: json.value(Timestamp(milliseconds: number))
        case .boolean: json.value(number != 0)
        case .money:
            json.beginObject()
            json.field("minor_units", number)
            json.key("currency")
            json.value(text)
            json.endObject()
        }
    }
}

/// Walks the values of a mark.
struct MarkValues: ~Escapable {
    private var reader: ByteReader

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) { reader = ByteReader(bytes, of: "subject row") }

    @_lifetime(self: copy self)
    @_lifetime(copy self)
    mutating func next() throws(MalformedBytes) -> MarkValue? {
        guard !reader.isAtEnd else { return nil }
        let index = Int(try reader.byte())
        guard let kind = AttributeKind(rawValue: try reader.byte()) else {
            throw MalformedBytes("subject row", at: reader.offset)
        }
        let none = try reader.span(0)
        switch kind {
        case .text, .ref:
            let text = try reader.span(try reader.count())
            return MarkValue(index: index, kind: kind, text: text, number: 0)
        case .integer, .time:
            return MarkValue(index: index, kind: kind, text: none, number: try reader.zigzag())
        case .boolean:
            return MarkValue(
                index: index, kind: kind, text: none, number: Int64(try reader.byte()))
        case .money:
            let number = try reader.zigzag()
            return MarkValue(index: index, kind: kind, text: try reader.span(3), number: number)
        }
    }
}
