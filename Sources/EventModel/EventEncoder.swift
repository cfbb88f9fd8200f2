/// Writes one event after the other in the form `EventCodec` draws, without a String or an object
/// per event: its scratch buffers keep their room.
///
/// Whoever uses it has checked every value: a length beyond `EventLimits` is a broken invariant and
/// traps. What comes from outside goes through `EventIntake`.
public struct EventEncoder: ~Copyable {
    /// The record's head, the type and the attributes of class open.
    private var skeleton = ByteScratch()
    private var typeBytes = 0
    private var source = ByteScratch()
    private var id = ByteScratch()
    private var identifiers = ByteScratch()
    private var personal = ByteScratch()
    private var contentType = ByteScratch()
    private var data = ByteScratch()
    private var personalHead = ByteScratch()
    private var identifierCount = 0
    private var openCount = 0
    private var personalCount = 0
    private(set) var occurred: Timestamp?

    /// Makes an encoder with empty scratch buffers.
    public init() {}

    /// Starts an event, forgetting an unfinished one.
    public mutating func begin(type: RawSpan) {
        skeleton.removeAll()
        skeleton.append(zeroes: EventCodec.Offset.type)
        skeleton.append(UInt8(type.byteCount))
        skeleton.append(type)
        typeBytes = type.byteCount
        source.removeAll()
        id.removeAll()
        identifiers.removeAll()
        personal.removeAll()
        contentType.removeAll()
        data.removeAll()
        identifierCount = 0
        openCount = 0
        personalCount = 0
        occurred = nil
    }

    /// The type of the event begun.
    var type: RawSpan {
        @_lifetime(borrow self)
        borrowing get {
            let start = EventCodec.Offset.type + 1
            return skeleton.bytes.extracting(start..<start + typeBytes)
        }
    }

    /// Sets the producer.
    public mutating func set(source bytes: RawSpan) {
        source.removeAll()
        source.append(bytes)
    }

    /// Sets the producer's id.
    public mutating func set(id bytes: RawSpan) {
        id.removeAll()
        id.append(bytes)
    }

    /// Sets when it happened.
    public mutating func set(occurred: Timestamp) { self.occurred = occurred }

    /// Sets the payload and its media type; an empty media type means no payload.
    public mutating func set(data: RawSpan, contentType: RawSpan) {
        set(data: data)
        set(contentType: contentType)
    }

    mutating func set(data bytes: RawSpan) {
        data.removeAll()
        data.append(bytes)
    }

    mutating func set(contentType bytes: RawSpan) {
        contentType.removeAll()
        contentType.append(bytes)
    }

    /// Adds an identifier.
    public mutating func addIdentifier(
        role: IdentifierRole, strength: IdentifierStrength, kind: RawSpan, value: RawSpan
    ) {
        identifiers.append(role.rawValue)
        identifiers.append(strength.rawValue)
        identifiers.append(UInt8(kind.byteCount))
        identifiers.append(kind)
        identifiers.append(littleEndian: UInt16(value.byteCount))
        identifiers.append(value)
        identifierCount += 1
    }

    /// Adds text or a reference.
    public mutating func addAttribute(
        _ name: RawSpan, _ attributeClass: AttributeClass, kind: AttributeKind, text: RawSpan
    ) {
        precondition(kind == .text || kind == .ref)
        withPart(attributeClass, name, kind) { part in
            part.append(littleEndian: UInt16(text.byteCount))
            part.append(text)
        }
    }

    /// Adds an integer or a time in milliseconds.
    public mutating func addAttribute(
        _ name: RawSpan, _ attributeClass: AttributeClass, kind: AttributeKind, integer: Int64
    ) {
        precondition(kind == .integer || kind == .time)
        withPart(attributeClass, name, kind) { $0.append(littleEndian: integer) }
    }

    /// Adds an amount in minor units; the currency is its three ISO 4217 letters.
    public mutating func addAttribute(
        _ name: RawSpan, _ attributeClass: AttributeClass, minorUnits: Int64, currency: RawSpan
    ) {
        precondition(currency.byteCount == 3)
        withPart(attributeClass, name, .money) { part in
            part.append(littleEndian: minorUnits)
            part.append(currency)
        }
    }

    /// Adds a boolean.
    public mutating func addAttribute(
        _ name: RawSpan, _ attributeClass: AttributeClass, boolean: Bool
    ) {
        withPart(attributeClass, name, .boolean) { $0.append(boolean ? 1 : 0) }
    }

    @inline(__always)
    private mutating func withPart(
        _ attributeClass: AttributeClass, _ name: RawSpan, _ kind: AttributeKind,
        _ value: (inout ByteScratch) -> Void
    ) {
        switch attributeClass {
        case .open:
            Self.begin(name, kind, in: &skeleton)
            value(&skeleton)
            openCount += 1
        case .personal, .sensitive:
            Self.begin(name, kind, in: &personal)
            value(&personal)
            personalCount += 1
        }
    }

    private static func begin(
        _ name: RawSpan, _ kind: AttributeKind, in part: inout ByteScratch
    ) {
        part.append(UInt8(name.byteCount))
        part.append(name)
        part.append(kind.rawValue)
    }

    /// How many bytes the record will have.
    public var recordBytes: Int {
        let payload = contentType.isEmpty ? 1 : 1 + contentType.count + 4 + data.count
        return skeleton.count + 8 + source.count + id.count + identifiers.count + personal.count
            + payload
    }

    /// Appends the record, position and recorded time left zero for the log to stamp.
    public mutating func finish(into records: inout [UInt8]) {
        let start = records.count
        writeHeads()
        records.append(skeleton.bytes)
        records.append(personalHead.bytes)
        records.append(identifiers.bytes)
        records.append(personal.bytes)
        records.append(UInt8(contentType.count))
        if !contentType.isEmpty {
            records.append(contentType.bytes)
            records.append(littleEndian: UInt32(data.count))
            records.append(data.bytes)
        }
        precondition(records.count - start == recordBytes)
    }

    private mutating func writeHeads() {
        skeleton.store(littleEndian: UInt32(recordBytes), at: 0)
        skeleton.store(littleEndian: UInt32(skeleton.count - EventCodec.Offset.skeleton), at: 4)
        skeleton.store(littleEndian: EventCodec.version, at: EventCodec.Offset.skeleton)
        skeleton.store(
            littleEndian: occurred == nil ? EventCodec.occurredAbsent : 0,
            at: EventCodec.Offset.flags)
        skeleton.store(littleEndian: UInt16(openCount), at: EventCodec.Offset.flags + 1)
        skeleton.store(littleEndian: occurred?.rawValue ?? 0, at: EventCodec.Offset.occurred)
        personalHead.removeAll()
        personalHead.append(EventCodec.version)
        personalHead.append(UInt8(identifierCount))
        personalHead.append(littleEndian: UInt16(personalCount))
        personalHead.append(littleEndian: UInt16(source.count))
        personalHead.append(source)
        personalHead.append(littleEndian: UInt16(id.count))
        personalHead.append(id)
    }
}
