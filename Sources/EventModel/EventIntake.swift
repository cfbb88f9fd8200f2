/// Turns the words of a request into a record, checking each against the type's schema.
///
/// Usage: `begin`, then `take` for every name and value, then `finish`. After a refusal the next
/// `begin` starts clean. One intake serves one thread.
public struct EventIntake: ~Copyable {
    private let registry: TypeRegistry
    private var encoder = EventEncoder()
    private var typeName = ""
    private var definition: EventTypeDefinition?
    /// Which of the type's own and of the envelope's attributes have been seen, one bit each.
    private var seenOwn: UInt64 = 0
    private var seenEnvelope: UInt64 = 0
    private var attributeCount = 0
    private var identifierCount = 0
    private var hasSource = false
    private var hasID = false
    private var hasOccurred = false
    private var contentType: [UInt8] = []
    private var data: [UInt8]?
    private var latestOccurred: Timestamp?
    private var now = Timestamp(milliseconds: 0)

    /// Makes an intake for the types of a registry.
    public init(registry: TypeRegistry = .standard) { self.registry = registry }

    /// Starts an event of a type.
    ///
    /// - Parameter now: The store's clock, against which a time too far ahead is refused.
    public mutating func begin(type: RawSpan, now: Timestamp) throws(EventRefusal) {
        guard type.byteCount >= 1, type.byteCount <= EventLimits.typeBytesMax,
            Self.isTypeName(type)
        else { throw .badType }
        definition = registry.type(type)
        typeName = definition?.name ?? type.text()
        encoder.begin(type: type)
        seenOwn = 0
        seenEnvelope = 0
        attributeCount = 0
        identifierCount = 0
        hasSource = false
        hasID = false
        hasOccurred = false
        contentType.removeAll(keepingCapacity: true)
        data = nil
        self.now = now
    }

    /// Takes one name and its value.
    public mutating func take(_ name: RawSpan, _ value: RawSpan) throws(EventRefusal) {
        if name.equals("source") {
            try Self.once(&hasSource, "source")
            try Self.checkLength(value, 1...EventLimits.sourceBytesMax, "source")
            try checkUTF8(value, "source")
            encoder.set(source: value)
        } else if name.equals("id") {
            try Self.once(&hasID, "id")
            try Self.checkLength(value, 1...EventLimits.idBytesMax, "id")
            try checkUTF8(value, "id")
            encoder.set(id: value)
        } else if name.equals("occurred") {
            try Self.once(&hasOccurred, "occurred")
            let moment = try occurred(value)
            encoder.set(occurred: moment)
        } else if name.equals("content_type") {
            guard contentType.isEmpty else { throw .repeated(attribute: "content_type") }
            try Self.checkLength(value, 1...EventLimits.contentTypeBytesMax, "content_type")
            try checkUTF8(value, "content_type")
            contentType.append(value)
        } else if let found = definition?.attribute(name) {
            try Self.see(found.index, &seenOwn, found.definition.name)
            try add(name, value, found.definition)
        } else if let found = registry.envelope.attribute(name) {
            try Self.see(found.index, &seenEnvelope, found.definition.name)
            try add(name, value, found.definition)
        } else if let role = Self.role(of: name) {
            try addIdentifier(name, value, role)
        } else {
            try addForeign(name, value)
        }
    }

    /// Takes the payload; without a `content_type` it counts as `application/octet-stream`.
    public mutating func take(data bytes: RawSpan) throws(EventRefusal) {
        guard data == nil else { throw .repeated(attribute: "data") }
        try Self.checkLength(bytes, 0...EventLimits.dataBytesMax, "data")
        data = bytes.copied()
    }

    /// Checks that nothing required is missing and appends the record, unstamped.
    public mutating func finish(into records: inout [UInt8]) throws(EventRefusal) {
        guard hasSource else { throw .missingField("source") }
        guard hasID else { throw .missingField("id") }
        for (index, attribute) in (definition?.attributes ?? []).enumerated() {
            guard attribute.isRequired else { break }
            guard seenOwn & (1 << UInt64(index)) != 0 else {
                throw .missing(type: typeName, attribute: attribute.name)
            }
        }
        if let data {
            if contentType.isEmpty { contentType = Array("application/octet-stream".utf8) }
            let type = contentType
            unsafe encoder.set(data: data.span.bytes, contentType: type.span.bytes)
        }
        guard encoder.recordBytes <= EventLimits.recordBytesMax else {
            throw .tooLarge(
                what: "event record bytes", actual: encoder.recordBytes,
                most: EventLimits.recordBytesMax)
        }
        encoder.finish(into: &records)
    }
}

extension EventIntake {
    private static func once(_ seen: inout Bool, _ name: String) throws(EventRefusal) {
        guard !seen else { throw .repeated(attribute: name) }
        seen = true
    }

    private static func see(
        _ index: Int, _ seen: inout UInt64, _ name: String
    ) throws(EventRefusal) {
        let bit: UInt64 = 1 << UInt64(index)
        guard seen & bit == 0 else { throw .repeated(attribute: name) }
        seen |= bit
    }

    private static func checkLength(
        _ value: RawSpan, _ allowed: ClosedRange<Int>, _ what: String
    ) throws(EventRefusal) {
        guard value.byteCount >= allowed.lowerBound else { throw .missingField(what) }
        guard value.byteCount <= allowed.upperBound else {
            throw .tooLarge(
                what: "\(what) bytes", actual: value.byteCount, most: allowed.upperBound)
        }
    }

    private func checkUTF8(_ value: RawSpan, _ attribute: String) throws(EventRefusal) {
        guard value.isUTF8 else {
            throw .illTyped(type: typeName, attribute: attribute, expected: "UTF-8 text")
        }
    }

    private static func isTypeName(_ name: RawSpan) -> Bool {
        for offset in 0..<name.byteCount {
            switch name[offset] {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x5F, 0x2D: continue
            default: return false
            }
        }
        return true
    }

    private func occurred(_ value: RawSpan) throws(EventRefusal) -> Timestamp {
        guard let moment = Timestamp(rfc3339: value) else {
            throw .illTyped(
                type: typeName, attribute: "occurred", expected: AttributeKind.time.expectation)
        }
        guard moment - now <= EventLimits.occurredAheadMillisecondsMax else {
            throw .tooFarAhead(
                attribute: "occurred", aheadMilliseconds: moment - now,
                mostMilliseconds: EventLimits.occurredAheadMillisecondsMax)
        }
        return moment
    }

    private mutating func countAttribute() throws(EventRefusal) {
        attributeCount += 1
        guard attributeCount <= EventLimits.attributesMax else {
            throw .tooLarge(
                what: "number of attributes", actual: attributeCount,
                most: EventLimits.attributesMax)
        }
    }

    /// Adds an attribute that neither type nor envelope knows: text of class personal.
    private mutating func addForeign(_ name: RawSpan, _ value: RawSpan) throws(EventRefusal) {
        guard name.byteCount <= EventLimits.attributeNameBytesMax else {
            throw .tooLarge(
                what: "attribute name bytes", actual: name.byteCount,
                most: EventLimits.attributeNameBytesMax)
        }
        guard name.isSnakeCase, definition == nil || name.starts(with: "ext_") else {
            throw .unknownAttribute(
                type: typeName, attribute: name.printableName(), near: near(name))
        }
        try countAttribute()
        try addText(name, value, .text, .personal)
    }

    private mutating func add(
        _ name: RawSpan, _ value: RawSpan, _ attribute: AttributeDefinition
    ) throws(EventRefusal) {
        try countAttribute()
        if !attribute.words.isEmpty, !attribute.words.contains(where: { value.equals($0) }) {
            throw .notAWord(type: typeName, attribute: attribute.name, words: attribute.words)
        }
        let refusal = EventRefusal.illTyped(
            type: typeName, attribute: attribute.name, expected: attribute.kind.expectation)
        switch attribute.kind {
        case .text, .ref:
            try addText(name, value, attribute.kind, attribute.attributeClass)
        case .integer:
            guard let integer = value.integer() else { throw refusal }
            encoder.addAttribute(
                name, attribute.attributeClass, kind: .integer, integer: integer)
        case .time:
            guard let moment = Timestamp(rfc3339: value) else { throw refusal }
            encoder.addAttribute(
                name, attribute.attributeClass, kind: .time, integer: moment.rawValue)
        case .boolean:
            guard value.equals("true") || value.equals("false") else { throw refusal }
            encoder.addAttribute(
                name, attribute.attributeClass, boolean: value.equals("true"))
        case .money:
            let end = value.byteCount
            guard end > 4, value[end - 4] == UInt8(ascii: " "),
                let minorUnits = value.extracting(0..<end - 4).integer(),
                value.extracting(end - 3..<end).isCurrency
            else { throw refusal }
            encoder.addAttribute(
                name, attribute.attributeClass, minorUnits: minorUnits,
                currency: value.extracting(end - 3..<end))
        }
    }

    private mutating func addText(
        _ name: RawSpan, _ value: RawSpan, _ kind: AttributeKind, _ part: AttributeClass
    ) throws(EventRefusal) {
        let most = kind == .ref ? EventLimits.referenceBytesMax : EventLimits.textBytesMax
        guard value.byteCount <= most else {
            throw .tooLarge(
                what: "attribute \(name.printableName()) bytes", actual: value.byteCount,
                most: most)
        }
        guard value.isUTF8, kind == .text || (value.byteCount > 0 && !value.hasControls) else {
            throw .illTyped(
                type: typeName, attribute: name.printableName(), expected: kind.expectation)
        }
        encoder.addAttribute(name, part, kind: kind, text: value)
    }

    /// Returns role and strength of `customer`, `recipient:verified`, … or nil.
    private static func role(of name: RawSpan) -> (IdentifierRole, IdentifierStrength)? {
        let colon = name.firstOffset(of: UInt8(ascii: ":"))
        let word = name.extracting(0..<(colon ?? name.byteCount))
        guard let role = IdentifierRole.allCases.first(where: { word.equals($0.attributeName) })
        else { return nil }
        guard let colon else { return (role, .stated) }
        let given = name.extracting(colon + 1..<name.byteCount)
        guard
            let strength = IdentifierStrength.allCases.first(where: { given.equals($0.word) })
        else { return nil }
        return (role, strength)
    }

    private mutating func addIdentifier(
        _ name: RawSpan, _ value: RawSpan, _ role: (IdentifierRole, IdentifierStrength)
    ) throws(EventRefusal) {
        let refusal = EventRefusal.badIdentifier(attribute: name.printableName())
        guard let colon = value.firstOffset(of: UInt8(ascii: ":")), colon > 0,
            colon <= EventLimits.identifierKindBytesMax
        else { throw refusal }
        let kind = value.extracting(0..<colon)
        let rest = value.extracting(colon + 1..<value.byteCount)
        guard kind.isSnakeCase, rest.byteCount >= 1,
            rest.byteCount <= EventLimits.identifierValueBytesMax, rest.isUTF8,
            !rest.hasControls
        else { throw refusal }
        identifierCount += 1
        guard identifierCount <= EventLimits.identifiersMax else {
            throw .tooLarge(
                what: "number of identifiers", actual: identifierCount,
                most: EventLimits.identifiersMax)
        }
        encoder.addIdentifier(role: role.0, strength: role.1, kind: kind, value: rest)
    }

    /// Finds the one known name that a mistyped one resembles.
    private func near(_ name: RawSpan) -> String? {
        let known = (definition?.attributes ?? []) + registry.envelope.attributes
        let candidates = known.map { ($0.name, Spelling.distance($0.name, name.text())) }
        return candidates.filter { $0.1 <= 2 }.min { $0.1 < $1.1 }?.0
    }
}
