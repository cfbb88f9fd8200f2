public import EventModel

/// An event in a few words, for tests.
public struct Happening: Sendable {
    /// The type.
    public var type: String
    /// When it happened, in milliseconds since 1970.
    public var occurred: Int64
    /// The interaction; nil when it belongs to none.
    public var interaction: String?
    /// Further attributes, of class open.
    public var attributes: [(String, AttributeValue)]
    /// Names of attributes of class personal.
    public var personal: Set<String> = []
    /// Whom it concerns.
    public var identifiers: [Identifier]

    /// Makes an event: `Happening("queue.entered", 5_000, "c-1", ["queue": .ref("billing")])`.
    public init(
        _ type: String, _ occurred: Int64, _ interaction: String? = nil,
        _ attributes: KeyValuePairs<String, AttributeValue> = [:],
        _ identifiers: [Identifier] = []
    ) {
        self.type = type
        self.occurred = occurred
        self.interaction = interaction
        self.attributes = attributes.map { ($0.key, $0.value) }
        self.identifiers = identifiers
    }

    /// Returns the stored form, stamped.
    public func record(
        at position: Position, recorded: Timestamp, source: String = "test"
    ) -> [UInt8] {
        var encoder = EventEncoder()
        Self.with(type) { encoder.begin(type: $0) }
        Self.with(source) { encoder.set(source: $0) }
        Self.with("\(position)") { encoder.set(id: $0) }
        encoder.set(occurred: Timestamp(milliseconds: occurred))
        for identifier in identifiers {
            let kind = Array(identifier.kind.utf8)
            let value = Array(identifier.value.utf8)
            unsafe encoder.addIdentifier(
                role: identifier.role, strength: identifier.strength, kind: kind.span.bytes,
                value: value.span.bytes)
        }
        if let interaction { Self.add("interaction", .ref(interaction), &encoder) }
        for (name, value) in attributes {
            Self.add(name, value, &encoder, personal.contains(name) ? .personal : .open)
        }
        var records: [UInt8] = []
        encoder.finish(into: &records)
        EventCodec.stamp(&records, at: 0, position: position, recorded: recorded)
        return records
    }

    private static func with(_ text: String, _ body: (RawSpan) -> Void) {
        unsafe body(text.utf8Span.span.bytes)
    }

    private static func add(
        _ name: String, _ value: AttributeValue, _ encoder: inout EventEncoder,
        _ attributeClass: AttributeClass = .open
    ) {
        let name = Array(name.utf8)
        let bytes = unsafe name.span.bytes
        switch value {
        case .text(let text), .ref(let text):
            let copy = Array(text.utf8)
            unsafe encoder.addAttribute(
                bytes, attributeClass, kind: value.kind, text: copy.span.bytes)
        case .integer(let integer):
            encoder.addAttribute(bytes, attributeClass, kind: .integer, integer: integer)
        case .time(let moment):
            encoder.addAttribute(bytes, attributeClass, kind: .time, integer: moment.rawValue)
        case .boolean(let boolean): encoder.addAttribute(bytes, attributeClass, boolean: boolean)
        case .money(let minorUnits, let currency):
            let copy = Array(currency.utf8)
            unsafe encoder.addAttribute(
                bytes, attributeClass, minorUnits: minorUnits, currency: copy.span.bytes)
        }
    }
}
