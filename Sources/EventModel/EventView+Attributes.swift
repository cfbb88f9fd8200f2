extension EventView {
    /// Finds an attribute's kind and the offsets of its value, looking at open ones first.
    @usableFromInline
    func find(_ name: StaticString) -> (kind: AttributeKind, start: Int, end: Int)? {
        guard names.mayHold(name) else { return nil }
        return find(name, from: openStart, to: skeletonEnd)
            ?? find(name, from: personalStart, to: contentStart)
    }

    /// Walks one of the two lists of attributes. Nothing is made of those that are passed over:
    /// most events are asked for several names.
    private func find(
        _ name: StaticString, from start: Int, to end: Int
    ) -> (kind: AttributeKind, start: Int, end: Int)? {
        var offset = start
        while offset < end {
            let nameStart = offset + 1
            let nameEnd = nameStart + Int(record[offset])
            guard let kind = AttributeKind(rawValue: record[nameEnd]) else {
                preconditionFailure("a checked record has only known kinds")
            }
            var valueStart = nameEnd + 1
            let length: Int
            switch kind {
            case .text, .ref:
                length = Int(record.load(littleEndian: UInt16.self, at: valueStart))
                valueStart += 2
            case .integer, .time: length = 8
            case .money: length = 11
            case .boolean: length = 1
            }
            offset = valueStart + length
            if nameEnd - nameStart == name.utf8CodeUnitCount,
                record.extracting(nameStart..<nameEnd).equals(name)
            {
                return (kind, valueStart, offset)
            }
        }
        return nil
    }

    /// Returns the kind and the stored bytes of an attribute, or nil when there is none.
    @_lifetime(copy self)
    public func attribute(_ name: StaticString) -> AttributeView? {
        guard let found = find(name) else { return nil }
        let nameEnd = found.start - (found.kind == .text || found.kind == .ref ? 3 : 1)
        return AttributeView(
            name: record.extracting(nameEnd - name.utf8CodeUnitCount..<nameEnd),
            kind: found.kind, record: record, start: found.start, end: found.end)
    }

    /// Returns the bytes of a text or reference attribute, or nil when there is none.
    @_lifetime(copy self)
    public func bytes(_ name: StaticString) -> RawSpan? {
        guard let found = find(name), found.kind == .text || found.kind == .ref else {
            return nil
        }
        return record.extracting(found.start..<found.end)
    }

    /// Returns a text or reference attribute, or nil when there is none.
    public func text(_ name: StaticString) -> String? { bytes(name)?.text() }

    /// Returns an integer attribute, or nil when there is none.
    public func integer(_ name: StaticString) -> Int64? {
        guard let found = find(name), found.kind == .integer else { return nil }
        return record.load(littleEndian: Int64.self, at: found.start)
    }

    /// Returns a time attribute, or nil when there is none.
    public func time(_ name: StaticString) -> Timestamp? {
        guard let found = find(name), found.kind == .time else { return nil }
        return Timestamp(milliseconds: record.load(littleEndian: Int64.self, at: found.start))
    }

    /// Returns a boolean attribute, or nil when there is none.
    public func boolean(_ name: StaticString) -> Bool? {
        guard let found = find(name), found.kind == .boolean else { return nil }
        return record[found.start] != 0
    }

    /// Returns a money attribute, or nil when there is none.
    public func money(_ name: StaticString) -> (minorUnits: Int64, currency: String)? {
        guard let found = find(name), found.kind == .money else { return nil }
        return (
            record.load(littleEndian: Int64.self, at: found.start),
            record.extracting(found.start + 8..<found.start + 11).text()
        )
    }

    /// Walks all attributes in stored order, open ones first.
    @_lifetime(copy self)
    public func attributes() -> AttributeCursor { AttributeCursor(self) }

    /// Walks the identifiers in stored order.
    @_lifetime(copy self)
    public func identifiers() -> IdentifierCursor { IdentifierCursor(self) }

    /// How many identifiers there are.
    public var identifierCount: Int {
        identifiersStart < personalStart ? Int(record[skeletonEnd + 1]) : 0
    }

    /// The identifiers as they are stored, one behind the other.
    public var identifierBytes: RawSpan {
        @_lifetime(copy self) get { record.extracting(identifiersStart..<personalStart) }
    }

    /// The payload's media type; empty when there is no payload.
    public var contentType: RawSpan {
        @_lifetime(copy self)
        get {
            guard hasPersonalPart else { return personalPart }
            let length = Int(record[contentStart])
            return record.extracting(contentStart + 1..<contentStart + 1 + length)
        }
    }

    /// The payload; empty when there is none.
    public var data: RawSpan {
        @_lifetime(copy self)
        get {
            guard hasPersonalPart, record[contentStart] > 0 else {
                return record.extracting(partEnd..<partEnd)
            }
            let start = contentStart + 1 + Int(record[contentStart]) + 4
            return record.extracting(start..<partEnd)
        }
    }

    /// Returns owned values of everything in the record.
    public func copied() -> Event {
        var draft = EventDraft(type: type.text(), source: source.text(), id: id.text())
        draft.occurred = saysWhen ? saidOccurred : nil
        var walk = attributes()
        while let next = walk.next() {
            draft.attributes.append(Attribute(next.name.text(), next.value))
        }
        var people = identifiers()
        while let next = people.next() {
            draft.identifiers.append(
                Identifier(
                    kind: next.kind.text(), value: next.value.text(), role: next.role,
                    strength: next.strength))
        }
        draft.contentType = contentType.text()
        draft.data = data.copied()
        return Event(position: position, recorded: recorded, occurred: occurred, draft: draft)
    }
}

/// One attribute read in place.
public struct AttributeView: ~Escapable {
    /// The name.
    public let name: RawSpan
    /// The kind.
    public let kind: AttributeKind
    let record: RawSpan
    let start: Int
    let end: Int

    @_lifetime(copy name, copy record)
    init(name: RawSpan, kind: AttributeKind, record: RawSpan, start: Int, end: Int) {
        self.name = name
        self.kind = kind
        self.record = record
        self.start = start
        self.end = end
    }

    /// The value as an owned one.
    public var value: AttributeValue {
        switch kind {
        case .text: .text(bytes.text())
        case .ref: .ref(bytes.text())
        case .integer: .integer(record.load(littleEndian: Int64.self, at: start))
        case .time:
            .time(Timestamp(milliseconds: record.load(littleEndian: Int64.self, at: start)))
        case .boolean: .boolean(record[start] != 0)
        case .money:
            .money(
                minorUnits: record.load(littleEndian: Int64.self, at: start),
                currency: record.extracting(start + 8..<start + 11).text())
        }
    }

    /// The stored bytes of the value.
    public var bytes: RawSpan {
        @_lifetime(copy self) get { record.extracting(start..<end) }
    }
}

/// Walks the attributes of an event.
public struct AttributeCursor: ~Escapable {
    private let record: RawSpan
    private var offset: Int
    private let openEnd: Int
    private let personalStart: Int
    private let personalEnd: Int

    @_lifetime(copy event)
    init(_ event: EventView) {
        record = event.record
        offset = event.openStart
        openEnd = event.skeletonEnd
        personalStart = event.personalStart
        personalEnd = event.contentStart
    }

    /// Returns the next attribute, or nil after the last.
    @_lifetime(self: copy self)
    @_lifetime(copy self)
    public mutating func next() -> AttributeView? {
        if offset == openEnd { offset = personalStart }
        guard offset < personalEnd else { return nil }
        let nameEnd = offset + 1 + Int(record[offset])
        let name = record.extracting(offset + 1..<nameEnd)
        guard let kind = AttributeKind(rawValue: record[nameEnd]) else {
            preconditionFailure("a checked record has only known kinds")
        }
        var start = nameEnd + 1
        let length: Int
        switch kind {
        case .text, .ref:
            length = Int(record.load(littleEndian: UInt16.self, at: start))
            start += 2
        case .integer, .time: length = 8
        case .money: length = 11
        case .boolean: length = 1
        }
        offset = start + length
        return AttributeView(
            name: name, kind: kind, record: record, start: start, end: start + length)
    }
}

/// One identifier read in place.
public struct IdentifierView: ~Escapable {
    /// What it says about the person.
    public let role: IdentifierRole
    /// How far it proves the person.
    public let strength: IdentifierStrength
    /// The kind, like `phone`.
    public let kind: RawSpan
    /// The value.
    public let value: RawSpan

    @_lifetime(copy kind, copy value)
    init(
        role: IdentifierRole, strength: IdentifierStrength, kind: RawSpan, value: RawSpan
    ) {
        self.role = role
        self.strength = strength
        self.kind = kind
        self.value = value
    }
}

/// Walks the identifiers of an event.
public struct IdentifierCursor: ~Escapable {
    private let record: RawSpan
    private var offset: Int
    private let end: Int

    @_lifetime(copy event)
    init(_ event: EventView) {
        record = event.record
        offset = event.identifiersStart
        end = event.personalStart
    }

    /// Returns the next identifier, or nil after the last.
    @_lifetime(self: copy self)
    @_lifetime(copy self)
    public mutating func next() -> IdentifierView? {
        guard offset < end else { return nil }
        guard let role = IdentifierRole(rawValue: record[offset]),
            let strength = IdentifierStrength(rawValue: record[offset + 1])
        else { preconditionFailure("a checked record has only known roles and strengths") }
        let kindEnd = offset + 3 + Int(record[offset + 2])
        let valueStart = kindEnd + 2
        let valueEnd = valueStart + Int(record.load(littleEndian: UInt16.self, at: kindEnd))
        defer { offset = valueEnd }
        return IdentifierView(
            role: role, strength: strength, kind: record.extracting(offset + 3..<kindEnd),
            value: record.extracting(valueStart..<valueEnd))
    }
}
