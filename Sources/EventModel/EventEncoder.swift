/// Writes one event after the other in the form `EventCodec` draws, without a String or an object
/// per event: its scratch buffers keep their room.
///
/// The encoder checks form (limits, UTF-8, kinds), not schemas; that is `EventIntake`.
public struct EventEncoder: ~Copyable {
    @usableFromInline var type: [UInt8] = []
    @usableFromInline var source: [UInt8] = []
    @usableFromInline var id: [UInt8] = []
    @usableFromInline var contentType: [UInt8] = []
    @usableFromInline var data: [UInt8] = []
    @usableFromInline var identifiers: [UInt8] = []
    @usableFromInline var open: [UInt8] = []
    @usableFromInline var personal: [UInt8] = []
    @usableFromInline var identifierCount = 0
    @usableFromInline var openCount = 0
    @usableFromInline var personalCount = 0
    @usableFromInline var occurred: Timestamp?

    /// Makes an encoder with empty scratch buffers.
    public init() {}

    /// Starts an event, forgetting an unfinished one.
    public mutating func begin(type: RawSpan) {
        Self.reset(&self.type, to: type)
        source.removeAll(keepingCapacity: true)
        id.removeAll(keepingCapacity: true)
        contentType.removeAll(keepingCapacity: true)
        data.removeAll(keepingCapacity: true)
        identifiers.removeAll(keepingCapacity: true)
        open.removeAll(keepingCapacity: true)
        personal.removeAll(keepingCapacity: true)
        identifierCount = 0
        openCount = 0
        personalCount = 0
        occurred = nil
    }

    private static func reset(_ buffer: inout [UInt8], to bytes: RawSpan) {
        buffer.removeAll(keepingCapacity: true)
        buffer.append(bytes)
    }

    /// Sets the producer.
    public mutating func set(source: RawSpan) { Self.reset(&self.source, to: source) }
    /// Sets the producer's id.
    public mutating func set(id: RawSpan) { Self.reset(&self.id, to: id) }
    /// Sets when it happened.
    public mutating func set(occurred: Timestamp) { self.occurred = occurred }
    /// Sets the payload and its media type; an empty media type means no payload.
    public mutating func set(data: RawSpan, contentType: RawSpan) {
        Self.reset(&self.data, to: data)
        Self.reset(&self.contentType, to: contentType)
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

    private mutating func withPart(
        _ attributeClass: AttributeClass, _ name: RawSpan, _ kind: AttributeKind,
        _ value: (inout [UInt8]) -> Void
    ) {
        func add(_ part: inout [UInt8]) {
            part.append(UInt8(name.byteCount))
            part.append(name)
            part.append(kind.rawValue)
            value(&part)
        }
        switch attributeClass {
        case .open:
            add(&open)
            openCount += 1
        case .personal, .sensitive:
            add(&personal)
            personalCount += 1
        }
    }

    /// How many bytes the record will have.
    public var recordBytes: Int {
        let payload = contentType.isEmpty ? 1 : 1 + contentType.count + 4 + data.count
        return EventCodec.Offset.type + 1 + type.count + open.count
            + 8 + source.count + id.count + identifiers.count + personal.count + payload
    }

    /// Appends the record, position and recorded time left zero for the log to stamp.
    public mutating func finish(into records: inout [UInt8]) {
        let start = records.count
        records.append(littleEndian: UInt32(recordBytes))
        records.append(littleEndian: UInt32(29 + type.count + open.count))
        records.append(EventCodec.version)
        records.append(occurred == nil ? EventCodec.occurredAbsent : 0)
        records.append(littleEndian: UInt16(openCount))
        records.append(littleEndian: UInt64(0))
        records.append(littleEndian: Int64(0))
        records.append(littleEndian: occurred?.rawValue ?? 0)
        records.append(UInt8(type.count))
        records.append(contentsOf: type)
        records.append(contentsOf: open)
        records.append(EventCodec.version)
        records.append(UInt8(identifierCount))
        records.append(littleEndian: UInt16(personalCount))
        records.append(littleEndian: UInt16(source.count))
        records.append(contentsOf: source)
        records.append(littleEndian: UInt16(id.count))
        records.append(contentsOf: id)
        records.append(contentsOf: identifiers)
        records.append(contentsOf: personal)
        records.append(UInt8(contentType.count))
        if !contentType.isEmpty {
            records.append(contentsOf: contentType)
            records.append(littleEndian: UInt32(data.count))
            records.append(contentsOf: data)
        }
        precondition(records.count - start == Int(records[start...].loadRecordBytes))
    }
}

extension ArraySlice<UInt8> {
    fileprivate var loadRecordBytes: UInt32 {
        var value: UInt32 = 0
        for (shift, byte) in prefix(4).enumerated() { value |= UInt32(byte) << (8 * shift) }
        return value
    }
}
