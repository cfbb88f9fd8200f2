import EventModel
import LMDB

/// What a producer says in a test, and its stored form.
struct Said: Hashable {
    var type = "note.taken"
    var source = "test"
    var id: String
    /// Milliseconds since 1970; nil when the producer does not say.
    var occurred: Int64?
    var open: [Attribute] = []
    var personal: [Attribute] = []
    var identifiers: [Identifier] = []
    var data: [UInt8] = []

    init(_ id: String) { self.id = id }

    /// What reading the event gives back.
    var draft: EventDraft {
        EventDraft(
            type: type, source: source, id: id,
            occurred: occurred.map { Timestamp(milliseconds: $0) }, identifiers: identifiers,
            attributes: open + personal,
            contentType: data.isEmpty ? "" : "application/octet-stream", data: data)
    }

    /// Appends the record, unstamped.
    func encode(into records: inout [UInt8]) {
        var encoder = EventEncoder()
        encoder.begin(type: bytes(type).rawSpan)
        encoder.set(source: bytes(source).rawSpan)
        encoder.set(id: bytes(id).rawSpan)
        if let occurred { encoder.set(occurred: Timestamp(milliseconds: occurred)) }
        for identifier in identifiers {
            encoder.addIdentifier(
                role: identifier.role, strength: identifier.strength,
                kind: bytes(identifier.kind).rawSpan, value: bytes(identifier.value).rawSpan)
        }
        for attribute in open { Self.add(attribute, .open, to: &encoder) }
        for attribute in personal { Self.add(attribute, .personal, to: &encoder) }
        if !data.isEmpty {
            encoder.set(data: data.rawSpan, contentType: bytes("application/octet-stream").rawSpan)
        }
        encoder.finish(into: &records)
    }

    private static func add(
        _ attribute: Attribute, _ part: AttributeClass, to encoder: inout EventEncoder
    ) {
        let name = bytes(attribute.name)
        switch attribute.value {
        case .text(let text), .ref(let text):
            encoder.addAttribute(
                name.rawSpan, part, kind: attribute.value.kind, text: bytes(text).rawSpan)
        case .integer(let integer):
            encoder.addAttribute(name.rawSpan, part, kind: .integer, integer: integer)
        case .time(let moment):
            encoder.addAttribute(name.rawSpan, part, kind: .time, integer: moment.rawValue)
        case .boolean(let boolean):
            encoder.addAttribute(name.rawSpan, part, boolean: boolean)
        case .money(let minorUnits, let currency):
            encoder.addAttribute(
                name.rawSpan, part, minorUnits: minorUnits, currency: bytes(currency).rawSpan)
        }
    }

    /// The stored form, unstamped.
    var record: [UInt8] {
        var records: [UInt8] = []
        encode(into: &records)
        return records
    }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Two hexadecimal digits for each byte.
func hex(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}
