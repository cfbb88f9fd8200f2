/// Turns the words of a request into a record, checking each against the type's schema.
///
/// Usage: `begin`, then `take` for every name and value, then `finish`. After a refusal the next
/// `begin` starts clean. One intake serves one thread.
public struct EventIntake: ~Copyable {
    let registry: TypeRegistry
    /// Whether it takes what only the daemon may say.
    private let isDaemon: Bool
    var encoder = EventEncoder()
    let redactor: Redactor
    /// What was taken out of the event's texts, by rule.
    public internal(set) var redactions = RedactionCounts()
    /// Whether its text or payload begins with digits, so that it may go on with a card's number.
    public internal(set) var beginsWithDigits = false
    /// What of that is not stored.
    var cut: SplitNumber.Cut?
    /// The type's number plus one; `IntakeTable.anyType` when the registry does not know it.
    var type = IntakeTable.anyType
    /// Which of the type's own and of the envelope's attributes have been seen, one bit each.
    private var seenOwn: UInt64 = 0
    private var seenEnvelope: UInt64 = 0
    /// The names that neither knows, one after the other, and where each ends.
    private var foreignNames: [UInt8] = []
    private var foreignEnds: [Int] = []
    private var attributeCount = 0
    private var identifierCount = 0
    private var hasSource = false
    private var hasID = false
    private var hasOccurred = false
    private var hasContentType = false
    private var hasData = false
    private var now = Timestamp(milliseconds: 0)
    /// Attributes that an event may have, at most `EventLimits.attributesMax`.
    private let attributesMax: Int
    /// Bytes that a payload may have, at most `EventLimits.dataBytesMax`.
    private let dataBytesMax: Int

    /// Makes an intake for the types of a registry.
    ///
    /// - Parameters:
    ///   - redaction: What is taken out of texts and payloads.
    ///   - isDaemon: Whether the events are the daemon's own: types and the source that are
    ///   kept for it are refused to everybody else.
    public init(
        registry: TypeRegistry = .standard, isDaemon: Bool = false,
        attributesMax: Int = EventLimits.attributesMax,
        dataBytesMax: Int = EventLimits.dataBytesMax,
        redaction: RedactionRules = .standard
    ) {
        precondition(
            attributesMax <= EventLimits.attributesMax && dataBytesMax <= EventLimits.dataBytesMax)
        self.registry = registry
        self.isDaemon = isDaemon
        self.attributesMax = attributesMax
        self.dataBytesMax = dataBytesMax
        redactor = Redactor(redaction)
    }

    /// Starts an event of a type.
    ///
    /// - Parameters:
    ///   - now: The store's clock, against which a time too far ahead is refused.
    ///   - cut: What is not stored of its text or payload, since it goes on with a number.
    public mutating func begin(
        type name: RawSpan, now: Timestamp, cutting cut: SplitNumber.Cut? = nil
    ) throws(EventRefusal) {
        guard name.byteCount >= 1, name.byteCount <= EventLimits.typeBytesMax, name.isTypeName
        else { throw .badType }
        guard isDaemon || !Reserved.isType(name) else { throw .reservedType(name.text()) }
        type = registry.index(name).map { UInt16($0 + 1) } ?? IntakeTable.anyType
        encoder.begin(type: name)
        seenOwn = 0
        seenEnvelope = 0
        foreignNames.removeAll(keepingCapacity: true)
        foreignEnds.removeAll(keepingCapacity: true)
        attributeCount = 0
        identifierCount = 0
        hasSource = false
        hasID = false
        hasOccurred = false
        hasContentType = false
        hasData = false
        redactions = RedactionCounts()
        beginsWithDigits = false
        self.cut = cut
        self.now = now
    }

    /// Takes one name and its value.
    public mutating func take(_ name: RawSpan, _ value: RawSpan) throws(EventRefusal) {
        switch registry.intake.meaning(of: name, in: type) {
        case .attribute(let rule):
            try see(rule, name)
            try countAttribute()
            try add(name, value, rule)
        case .identifier(let role, let strength):
            try addIdentifier(name, value, role, strength)
        case .source:
            try Self.once(&hasSource, name)
            try checkText(value, name, 1...EventLimits.sourceBytesMax)
            guard isDaemon || !Reserved.isSource(value) else { throw .reservedSource }
            encoder.set(source: value)
        case .id:
            try Self.once(&hasID, name)
            try checkText(value, name, 1...EventLimits.idBytesMax)
            encoder.set(id: value)
        case .occurred:
            try Self.once(&hasOccurred, name)
            encoder.set(occurred: try occurred(value, now))
        case .contentType:
            try Self.once(&hasContentType, name)
            try checkText(value, name, 1...EventLimits.contentTypeBytesMax)
            encoder.set(contentType: value)
        case nil:
            try checkForeign(name)
            try countAttribute()
            try addText(name, value, .text, .personal)
        }
    }

    /// Takes the payload; without a `content_type` it counts as `application/octet-stream`.
    public mutating func take(data: RawSpan) throws(EventRefusal) {
        guard !hasData else { throw .repeated(attribute: "data") }
        guard data.byteCount <= dataBytesMax else {
            throw .tooLarge(what: "data bytes", actual: data.byteCount, most: dataBytesMax)
        }
        hasData = true
        if let kept = kept(of: data, isPayload: true) {
            unsafe encoder.set(data: kept.span.bytes)
        } else {
            encoder.set(data: data)
        }
    }

    /// When the event at hand says that it happened; nil where it does not say.
    public var occurred: Timestamp? { encoder.occurred }

    /// Checks that nothing required is missing and appends the record, unstamped.
    public mutating func finish(into records: inout [UInt8]) throws(EventRefusal) {
        guard hasSource else { throw .missingField("source") }
        guard hasID else { throw .missingField("id") }
        if let missing = registry.intake.firstMissing(of: seenOwn, in: type) {
            throw missingRefusal(missing)
        }
        if hasData, !hasContentType {
            let octetStream = Array("application/octet-stream".utf8)
            unsafe encoder.set(contentType: octetStream.span.bytes)
        }
        guard encoder.recordBytes <= EventLimits.recordBytesMax else {
            throw .tooLarge(
                what: "event record bytes", actual: encoder.recordBytes,
                most: EventLimits.recordBytesMax)
        }
        encoder.finish(into: &records)
    }

    private static func once(_ seen: inout Bool, _ name: RawSpan) throws(EventRefusal) {
        guard !seen else { throw .repeated(attribute: name.text()) }
        seen = true
    }

    private mutating func see(_ rule: AttributeRule, _ name: RawSpan) throws(EventRefusal) {
        let bit: UInt64 = 1 << UInt64(rule.bit)
        guard (rule.isOwn ? seenOwn : seenEnvelope) & bit == 0 else {
            throw .repeated(attribute: name.text())
        }
        if rule.isOwn { seenOwn |= bit } else { seenEnvelope |= bit }
    }

    private mutating func countAttribute() throws(EventRefusal) {
        attributeCount += 1
        guard attributeCount <= attributesMax else {
            throw .tooLarge(
                what: "number of attributes", actual: attributeCount, most: attributesMax)
        }
    }

    /// Checks and remembers the name of an attribute that neither type nor envelope knows.
    private mutating func checkForeign(_ name: RawSpan) throws(EventRefusal) {
        guard name.byteCount <= EventLimits.attributeNameBytesMax else {
            throw .tooLarge(
                what: "attribute name bytes", actual: name.byteCount,
                most: EventLimits.attributeNameBytesMax)
        }
        guard name.isSnakeCase, type == IntakeTable.anyType || name.starts(with: "ext_") else {
            throw unknownRefusal(name)
        }
        var start = 0
        for end in foreignEnds {
            if name.byteCount == end - start,
                unsafe name.equals(foreignNames.span.bytes.extracting(start..<end))
            {
                throw .repeated(attribute: name.text())
            }
            start = end
        }
        foreignNames.append(name)
        foreignEnds.append(foreignNames.count)
    }

    private mutating func addIdentifier(
        _ name: RawSpan, _ value: RawSpan, _ role: IdentifierRole, _ strength: IdentifierStrength
    ) throws(EventRefusal) {
        guard let colon = value.firstOffset(of: UInt8(ascii: ":")), colon > 0,
            colon <= EventLimits.identifierKindBytesMax
        else { throw .badIdentifier(attribute: name.text()) }
        let kind = value.extracting(0..<colon)
        let rest = value.extracting(colon + 1..<value.byteCount)
        guard kind.isSnakeCase, rest.byteCount >= 1,
            rest.byteCount <= EventLimits.identifierValueBytesMax, rest.isUTF8, !rest.hasControls
        else { throw .badIdentifier(attribute: name.text()) }
        identifierCount += 1
        guard identifierCount <= EventLimits.identifiersMax else {
            throw .tooLarge(
                what: "number of identifiers", actual: identifierCount,
                most: EventLimits.identifiersMax)
        }
        encoder.addIdentifier(role: role, strength: strength, kind: kind, value: rest)
    }
}
