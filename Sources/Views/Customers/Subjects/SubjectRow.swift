internal import EventModel

/// A subject as a fold keeps it: whom it concerns decoded, its trails as they are stored.
///
/// Most things come once, and what is made of their events is the bytes of a row: nothing else is made
/// of them here. It says what `SubjectRecord` would, draws the same row, and leaves to it what is not
/// done in place: events that come late, and what was redacted. One thing more is a row here: a subject
/// of which only early events are known.
struct SubjectRow: RowRecord {
    /// Whom it concerns, by rising id: nearly always one.
    private var first: CustomerID?
    private var others: [CustomerID] = []
    private var early: [Position] = []
    /// When the first of its events happened.
    private(set) var began = Timestamp.latest
    private var isCut = false
    /// Whether other rows need to know more of it than that it is there. Kept beside the trails, which
    /// have mostly left the processor's caches when a batch settles.
    private(set) var isTelling = false
    private(set) var trailCount = 0
    /// The trails behind each other, by rule and part.
    private(set) var trails: [UInt8] = []

    init() {}

    var isEmpty: Bool { trailCount == 0 && first == nil && early.isEmpty }

    /// How many people it concerns.
    var customerCount: Int { first == nil ? 0 : 1 + others.count }

    /// One of those whom it concerns, by rising id.
    func customer(_ place: Int) -> CustomerID {
        guard place > 0 else {
            guard let first else { preconditionFailure("it concerns nobody") }
            return first
        }
        return others[place - 1]
    }

    /// Tells whether it is known to concern a customer.
    func concerns(_ customer: CustomerID) -> Bool {
        first == customer || !others.isEmpty && others.contains(customer)
    }

    /// Adds a customer that is not known yet.
    mutating func add(_ customer: CustomerID) {
        guard let least = first else {
            first = customer
            return
        }
        guard customer > least else {
            others.insert(least, at: 0)
            first = customer
            return
        }
        others.insert(customer, at: others.firstIndex { $0 > customer } ?? others.count)
    }

    /// Takes note that nobody is known yet whom an event concerns.
    mutating func addEarly(_ position: Position) {
        guard early.count < ViewLimits.unclaimedEventsMax else { return }
        early.append(position)
    }

    /// Takes note of an event.
    ///
    /// - Parameters:
    ///   - rule: The code's.
    ///   - part: The name of the part it is about; nil for the whole.
    mutating func apply(
        _ event: borrowing EventView, _ code: UInt8, _ rule: SubjectRule, part: RawSpan?,
        in room: inout SubjectRoom
    ) {
        if trailCount == 0 { began = min(began, event.occurred) }
        guard event.occurred >= began, add(event, code, rule, part, &room) else {
            var record = SubjectRecord(self)
            record.apply(event, code, rule, part: part, in: &room.values)
            self = SubjectRow(record)
            return
        }
    }

    /// Keeps of an event what is left of it, where it is kept.
    mutating func replace(_ event: borrowing EventView, _ code: UInt8) {
        var record = SubjectRecord(self)
        record.replace(event, code)
        self = SubjectRow(record)
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "subject row")
        guard try reader.byte() == SubjectRecord.version else {
            throw MalformedBytes("subject row version", at: 0)
        }
        var last: UInt64 = 0
        for _ in 0..<(try reader.count()) {
            last &+= try reader.varint()
            let customer = CustomerID(packed: last)
            if first == nil { first = customer } else { others.append(customer) }
        }
        last = 0
        for _ in 0..<(try reader.count()) {
            last &+= try reader.varint()
            early.append(Position(last))
        }
        began = Timestamp(milliseconds: try reader.zigzag())
        isCut = try reader.byte() != 0
        trailCount = try reader.count()
        let start = reader.offset
        for _ in 0..<trailCount {
            let code = try Trail.check(&reader, began: began)
            isTelling = isTelling || SubjectRule.telling[Int(code)]
        }
        guard reader.isAtEnd, began == began.clamped else {
            throw MalformedBytes("subject row", at: reader.offset)
        }
        trails = row.extracting(start..<row.byteCount).copied()
    }

    func encode(into row: inout [UInt8]) {
        row.append(SubjectRecord.version)
        row.append(varint: UInt64(customerCount))
        if let first {
            row.append(varint: first.packed)
            var last = first.packed
            for customer in others {
                row.append(varint: customer.packed &- last)
                last = customer.packed
            }
        }
        row.append(varint: UInt64(early.count))
        var last: UInt64 = 0
        for position in early {
            row.append(varint: position.rawValue &- last)
            last = position.rawValue
        }
        row.append(zigzag: began.rawValue)
        row.append(isCut ? 1 : 0)
        row.append(varint: UInt64(trailCount))
        unsafe row.append(trails.span.bytes)
    }
}

/// Room for what is made of an event before it has its place.
struct SubjectRoom {
    /// The values of a mark.
    var values: [UInt8] = []
    /// What is new of a trail.
    fileprivate var piece: [UInt8] = []
}

/// Changing trails in place.
extension SubjectRow {
    /// Adds an event that is not late to its trail.
    ///
    /// - Returns: False where it comes before others of its trail; nothing has changed then.
    private mutating func add(
        _ event: borrowing EventView, _ code: UInt8, _ rule: SubjectRule, _ part: RawSpan?,
        _ room: inout SubjectRoom
    ) -> Bool {
        let search = unsafe TrailSearch(trails.span.bytes, trailCount, code, part)
        if let trail = search.found { return add(event, rule, to: trail, &room) }
        guard trailCount < ViewLimits.subjectTrailsMax else {
            isCut = true
            return true
        }
        room.piece.removeAll(keepingCapacity: true)
        room.piece.append(code)
        room.piece.append(varint: UInt64(part?.byteCount ?? 0))
        if let part { room.piece.append(part) }
        room.piece.append(1)
        room.piece.append(1)
        append(event, rule, after: 0, to: &room.piece, &room.values)
        trailCount += 1
        isTelling = isTelling || SubjectRule.telling[Int(code)]
        if trails.isEmpty {
            // Allocated once and in its size.
            trails = unsafe room.piece.span.bytes.copied()
        } else {
            unsafe trails.splice(search.place..<search.place, room.piece.span.bytes)
        }
        return true
    }

    private mutating func add(
        _ event: borrowing EventView, _ rule: SubjectRule, to trail: TrailPlace,
        _ room: inout SubjectRoom
    ) -> Bool {
        let order = (event.occurred - began, event.position.rawValue)
        guard order >= (trail.lastOccurred, trail.lastPosition) else { return false }
        let isFull = trail.markCount >= rule.keptMax
        room.piece.removeAll(keepingCapacity: true)
        room.piece.append(varint: trail.count + 1)
        if isFull, rule.keeping == .first {
            unsafe trails.splice(
                trail.countStart..<trail.markCountStart, room.piece.span.bytes)
            return true
        }
        let kept = trail.markCount - (isFull ? 1 : 0)
        room.piece.append(varint: UInt64(kept + 1))
        if isFull {
            unsafe trail.appendWithoutFirst(trails.span.bytes, to: &room.piece)
        } else {
            unsafe room.piece.append(
                trails.span.bytes.extracting(trail.marksStart..<trail.end))
        }
        let last = kept == 0 ? 0 : trail.lastPosition
        append(event, rule, after: last, to: &room.piece, &room.values)
        unsafe trails.splice(trail.countStart..<trail.end, room.piece.span.bytes)
        return true
    }

    private func append(
        _ event: borrowing EventView, _ rule: SubjectRule, after last: UInt64,
        to piece: inout [UInt8], _ values: inout [UInt8]
    ) {
        Mark.write(event, rule, to: &values)
        piece.append(zigzag: event.occurred - began)
        piece.append(zigzag: Int64(bitPattern: event.position.rawValue &- last))
        piece.append(varint: UInt64(values.count))
        unsafe piece.append(values.span.bytes)
    }
}

extension SubjectRecord {
    /// Decodes what a fold keeps.
    init(_ row: borrowing SubjectRow) {
        var bytes: [UInt8] = []
        row.encode(into: &bytes)
        do throws(MalformedBytes) {
            self = unsafe try SubjectRecord(row: bytes.span.bytes)
        } catch {
            preconditionFailure("a row that was checked or made here")
        }
    }
}

extension SubjectRow {
    fileprivate init(_ record: borrowing SubjectRecord) {
        var bytes: [UInt8] = []
        record.encode(into: &bytes)
        do throws(MalformedBytes) {
            self = unsafe try SubjectRow(row: bytes.span.bytes)
        } catch {
            preconditionFailure("a row that was made here")
        }
    }
}
