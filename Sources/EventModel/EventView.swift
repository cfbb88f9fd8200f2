/// One stored event read in place: it borrows the record's bytes and copies nothing.
///
/// `init(checking:)` walks the whole record once; after that every accessor relies on its form.
@frozen
public struct EventView: ~Escapable {
    /// The whole record.
    public let record: RawSpan
    @usableFromInline private(set) var names = NameSet()
    @usableFromInline let skeletonEnd: Int
    @usableFromInline let openStart: Int
    @usableFromInline let identifiersStart: Int
    @usableFromInline let personalStart: Int
    @usableFromInline let contentStart: Int
    /// Where the personal part ends; behind it stands what an `EventRemnant` says.
    @usableFromInline let partEnd: Int

    /// Reads a record's outline and checks that every length in it stays inside.
    ///
    /// - Throws: `MalformedBytes` when the bytes are not one whole record of a known version.
    @_lifetime(copy record)
    public init(checking record: RawSpan) throws(MalformedBytes) {
        self.record = record
        var reader = ByteReader(record, of: "event record")
        let total = Int(try reader.integer(UInt32.self))
        let skeletonBytes = Int(try reader.integer(UInt32.self))
        guard total == record.byteCount, skeletonBytes >= 29, 8 + skeletonBytes <= total else {
            throw MalformedBytes("event record", at: 0)
        }
        skeletonEnd = 8 + skeletonBytes
        guard try reader.byte() == EventCodec.version else {
            throw MalformedBytes("event record version", at: 8)
        }
        _ = try reader.byte()
        let openCount = Int(try reader.integer(UInt16.self))
        _ = try reader.span(24)
        _ = try reader.span(Int(try reader.byte()))
        openStart = reader.offset
        try Self.skipAttributes(openCount, &reader, &names)
        guard reader.offset == skeletonEnd else {
            throw MalformedBytes("event skeleton", at: reader.offset)
        }
        guard skeletonEnd < total else {
            identifiersStart = total
            personalStart = total
            contentStart = total
            partEnd = total
            return
        }
        partEnd = total - (try Self.remnantBytes(try reader.byte(), at: skeletonEnd, total))
        let identifierCount = Int(try reader.byte())
        let personalCount = Int(try reader.integer(UInt16.self))
        _ = try reader.span(Int(try reader.integer(UInt16.self)))
        _ = try reader.span(Int(try reader.integer(UInt16.self)))
        identifiersStart = reader.offset
        for _ in 0..<identifierCount {
            guard IdentifierRole(rawValue: try reader.byte()) != nil,
                IdentifierStrength(rawValue: try reader.byte()) != nil
            else { throw MalformedBytes("identifier", at: reader.offset) }
            _ = try reader.span(Int(try reader.byte()))
            _ = try reader.span(Int(try reader.integer(UInt16.self)))
        }
        personalStart = reader.offset
        try Self.skipAttributes(personalCount, &reader, &names)
        contentStart = reader.offset
        let contentTypeBytes = Int(try reader.byte())
        if contentTypeBytes > 0 {
            _ = try reader.span(contentTypeBytes)
            _ = try reader.span(Int(try reader.integer(UInt32.self)))
        }
        guard reader.offset == partEnd else {
            throw MalformedBytes("personal part", at: reader.offset)
        }
    }

    /// Shows a record again that has been checked, by what was found then: nothing is walked.
    ///
    /// - Parameter outline: That of this very record. Of another it gives nonsense or traps, and
    ///   reads no byte outside the record.
    @_lifetime(copy record)
    public init(_ record: RawSpan, checked outline: EventOutline) {
        precondition(record.byteCount == Int(outline.byteCount), "an outline of this record")
        self.record = record
        names = outline.names
        skeletonEnd = Int(outline.skeletonEnd)
        openStart = Int(outline.openStart)
        identifiersStart = Int(outline.identifiersStart)
        personalStart = Int(outline.personalStart)
        contentStart = Int(outline.contentStart)
        partEnd = Int(outline.partEnd)
    }

    private static func remnantBytes(
        _ version: UInt8, at start: Int, _ total: Int
    ) throws(MalformedBytes) -> Int {
        switch version {
        case EventCodec.version: return 0
        case EventRemnant.version where total - start > EventRemnant.byteCount:
            return EventRemnant.byteCount
        default: throw MalformedBytes("personal part version", at: start)
        }
    }

    /// Passes over a list of attributes and takes note of their names. One bound an attribute: this
    /// is what checking a record takes most of its time for.
    private static func skipAttributes(
        _ count: Int, _ reader: inout ByteReader, _ names: inout NameSet
    ) throws(MalformedBytes) {
        let record = reader.bytes
        let end = record.byteCount
        let start = reader.offset
        var offset = start
        for _ in 0..<count {
            guard offset < end else { throw MalformedBytes("event record", at: offset) }
            let nameStart = offset + 1
            let nameEnd = nameStart + Int(record[offset])
            // Behind the name stand its kind and at least one byte.
            guard nameEnd + 2 <= end else { throw MalformedBytes("event record", at: offset) }
            names.insert(record.extracting(nameStart..<nameEnd))
            offset = nameEnd + 1
            switch AttributeKind(rawValue: record[nameEnd]) {
            case .text, .ref:
                guard offset + 2 <= end else { throw MalformedBytes("event record", at: offset) }
                offset += 2 + Int(record.load(littleEndian: UInt16.self, at: offset))
            case .integer, .time: offset += 8
            case .money: offset += 11
            case .boolean: offset += 1
            case nil: throw MalformedBytes("attribute kind", at: nameEnd)
            }
        }
        // Also holds the last of them against the record's end.
        _ = try reader.span(offset - start)
    }

    /// Its place in the log; zero before the log stamped it.
    public var position: Position {
        Position(record.load(littleEndian: UInt64.self, at: EventCodec.Offset.position))
    }

    /// When the log took it.
    public var recorded: Timestamp {
        Timestamp(
            milliseconds: record.load(littleEndian: Int64.self, at: EventCodec.Offset.recorded))
    }

    /// When it happened, as far as the producer's clock can be believed: what it said, and `recorded`
    /// where it did not say, or says a moment further ahead of it than a clock may run.
    public var occurred: Timestamp { believed(saidOccurred) }

    /// When it happened, as the producer said; `recorded` where it did not say.
    public var saidOccurred: Timestamp {
        Timestamp(
            milliseconds: record.load(littleEndian: Int64.self, at: EventCodec.Offset.occurred))
    }

    /// How far ahead of the log's the producer's clock runs, in milliseconds, where that is too far
    /// to believe it; else nil.
    public var clockAheadMilliseconds: Int64? {
        let ahead = saidOccurred - recorded
        return occurred == saidOccurred ? nil : ahead
    }

    /// A moment that the producer said, or `recorded` where that is too far ahead. Of an event that
    /// the log has not stamped yet everything is believed.
    public func believed(_ moment: Timestamp) -> Timestamp {
        let recorded = recorded
        guard moment - recorded > EventLimits.clockAheadMillisecondsMax, recorded.rawValue != 0
        else { return moment }
        return recorded
    }

    /// Tells whether the producer said when it happened.
    public var saysWhen: Bool {
        record[EventCodec.Offset.flags] & EventCodec.occurredAbsent == 0
    }

    /// The type, like `queue.entered`.
    public var type: RawSpan {
        @_lifetime(copy self)
        get {
            let length = Int(record[EventCodec.Offset.type])
            let start = EventCodec.Offset.type + 1
            return record.extracting(start..<start + length)
        }
    }

    /// Tells whether the person has been erased from the event: no id, text, trait or identifier of
    /// theirs is left.
    public var isErased: Bool {
        skeletonEnd == record.byteCount
            || hasRemnant && record[partEnd] == EventRemnant.Reason.erasure.rawValue
    }

    /// Tells whether something was removed from its personal part.
    @inlinable
    public var hasRemnant: Bool { partEnd < record.byteCount }

    /// Tells whether it has a personal part, whatever is left of it.
    var hasPersonalPart: Bool { skeletonEnd < record.byteCount }

    /// What is kept of what was removed; nil where nothing was.
    public var remnant: EventRemnant? {
        @_lifetime(copy self)
        get {
            guard hasRemnant else { return nil }
            return EventRemnant(record.extracting(partEnd..<record.byteCount))
        }
    }

    /// The part that erasure keeps.
    public var skeleton: RawSpan {
        @_lifetime(copy self) get { record.extracting(EventCodec.Offset.skeleton..<skeletonEnd) }
    }

    /// The part from which erasure removes, as it stands now.
    public var personalPart: RawSpan {
        @_lifetime(copy self) get { record.extracting(skeletonEnd..<partEnd) }
    }

    /// The producer.
    public var source: RawSpan {
        @_lifetime(copy self)
        get {
            guard hasPersonalPart else { return personalPart }
            let start = skeletonEnd + 6
            let length = Int(record.load(littleEndian: UInt16.self, at: skeletonEnd + 4))
            return record.extracting(start..<start + length)
        }
    }

    /// The producer's id; empty once erased.
    public var id: RawSpan {
        @_lifetime(copy self)
        get {
            guard hasPersonalPart else { return personalPart }
            let sourceBytes = Int(record.load(littleEndian: UInt16.self, at: skeletonEnd + 4))
            let field = skeletonEnd + 6 + sourceBytes
            let length = Int(record.load(littleEndian: UInt16.self, at: field))
            return record.extracting(field + 2..<field + 2 + length)
        }
    }
}
