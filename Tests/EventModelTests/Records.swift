import EventModel

/// Makes records for tests: through the intake as a request does, or from a draft.
enum Records {
    static let now = Timestamp(rfc3339: "2026-11-27T14:32:08.120Z") ?? .earliest

    /// Takes the words of one event; nothing is added to them.
    static func take(
        _ type: String, _ words: [(String, [UInt8])], data: [UInt8]? = nil,
        by intake: inout EventIntake, into records: inout [UInt8]
    ) throws(EventRefusal) {
        unsafe try intake.begin(type: type.utf8Span.span.bytes, now: now)
        for (name, value) in words {
            unsafe try intake.take(name.utf8Span.span.bytes, value.span.bytes)
        }
        if let data { unsafe try intake.take(data: data.span.bytes) }
        try intake.finish(into: &records)
    }

    /// Returns the record of an event from source `s` with id `1`.
    static func record(
        _ type: String, _ words: [(String, String)] = [], data: [UInt8]? = nil
    ) throws(EventRefusal) -> [UInt8] {
        var intake = EventIntake(isDaemon: Reserved.types.contains(type))
        var records: [UInt8] = []
        let all = [("source", "s"), ("id", "1")] + words
        try take(
            type, all.map { ($0.0, Array($0.1.utf8)) }, data: data, by: &intake, into: &records)
        return records
    }

    /// Returns why an event from source `s` with id `1` is refused, or nil when it is taken.
    static func refusal(
        _ type: String, _ words: [(String, String)] = [], data: [UInt8]? = nil
    ) -> EventRefusal? {
        do throws(EventRefusal) {
            _ = try record(type, words, data: data)
            return nil
        } catch {
            return error
        }
    }

    /// Returns the event of a record as owned values.
    static func event(_ record: [UInt8]) throws(MalformedBytes) -> Event {
        unsafe try EventView(checking: record.span.bytes).copied()
    }

    /// Encodes a draft, each attribute with its class.
    static func encode(_ draft: EventDraft, _ classes: [AttributeClass]) -> [UInt8] {
        var encoder = EventEncoder()
        unsafe encoder.begin(type: draft.type.utf8Span.span.bytes)
        unsafe encoder.set(source: draft.source.utf8Span.span.bytes)
        unsafe encoder.set(id: draft.id.utf8Span.span.bytes)
        if let occurred = draft.occurred { encoder.set(occurred: occurred) }
        unsafe encoder.set(
            data: draft.data.span.bytes, contentType: draft.contentType.utf8Span.span.bytes)
        for identifier in draft.identifiers {
            unsafe encoder.addIdentifier(
                role: identifier.role, strength: identifier.strength,
                kind: identifier.kind.utf8Span.span.bytes,
                value: identifier.value.utf8Span.span.bytes)
        }
        for (attribute, part) in zip(draft.attributes, classes) {
            add(attribute, part, to: &encoder)
        }
        var records: [UInt8] = []
        encoder.finish(into: &records)
        return records
    }

    private static func add(
        _ attribute: Attribute, _ part: AttributeClass, to encoder: inout EventEncoder
    ) {
        let name = Array(attribute.name.utf8)
        switch attribute.value {
        case .text(let text):
            let bytes = Array(text.utf8)
            unsafe encoder.addAttribute(
                name.span.bytes, part, kind: .text, text: bytes.span.bytes)
        case .ref(let text):
            let bytes = Array(text.utf8)
            unsafe encoder.addAttribute(name.span.bytes, part, kind: .ref, text: bytes.span.bytes)
        case .integer(let integer):
            unsafe encoder.addAttribute(name.span.bytes, part, kind: .integer, integer: integer)
        case .time(let moment):
            unsafe encoder.addAttribute(
                name.span.bytes, part, kind: .time, integer: moment.rawValue)
        case .money(let minorUnits, let currency):
            let letters = Array(currency.utf8)
            unsafe encoder.addAttribute(
                name.span.bytes, part, minorUnits: minorUnits, currency: letters.span.bytes)
        case .boolean(let boolean):
            unsafe encoder.addAttribute(name.span.bytes, part, boolean: boolean)
        }
    }

    /// Returns the record without its personal part, as erasure leaves it.
    static func erased(_ record: [UInt8]) throws(MalformedBytes) -> [UInt8] {
        let kept = unsafe try EventView(checking: record.span.bytes).skeleton.byteCount + 8
        var rest = Array(record[..<kept])
        rest.store(littleEndian: UInt32(kept), at: 0)
        return rest
    }

    /// Reads all a view has to say; nothing of it may trap.
    static func readAll(_ view: borrowing EventView) -> Int {
        var read = view.position.rawValue > 0 ? 1 : 0
        read += view.recorded.rfc3339.utf8.count + view.occurred.rfc3339.utf8.count
        read += view.type.byteCount + view.source.byteCount + view.id.byteCount
        read += view.skeleton.byteCount + view.personalPart.byteCount
        read += view.contentType.byteCount + view.data.byteCount
        var attributes = view.attributes()
        while let attribute = attributes.next() {
            read += attribute.bytes.byteCount + attribute.name.byteCount
        }
        var identifiers = view.identifiers()
        while let identifier = identifiers.next() {
            read += identifier.kind.byteCount + identifier.value.byteCount
        }
        read += view.text("queue")?.utf8.count ?? 0
        read += view.integer("priority") == nil ? 0 : 1
        read += view.time("due_from") == nil ? 0 : 1
        read += view.boolean("keep_place") == nil ? 0 : 1
        read += view.money("total") == nil ? 0 : 1
        let event = view.copied()
        read += event.draft.attributes.count + event.draft.identifiers.count
        return view.isErased && view.saysWhen ? read : read + 1
    }
}

extension String {
    /// A text of so many bytes.
    init(bytes count: Int) { self = String(repeating: "x", count: count) }
}

extension [UInt8] {
    /// Reads hexadecimal digits, blanks between them allowed.
    init(hex: String) {
        let digits = hex.filter { !$0.isWhitespace }.compactMap(\.hexDigitValue)
        self = stride(from: 0, to: digits.count - 1, by: 2).map {
            UInt8(digits[$0] * 16 + digits[$0 + 1])
        }
    }
}
