internal import EventModel
internal import Glibc

/// What a subject keeps of all events of one type about it, or about one part of it.
struct Trail: Equatable {
    /// The rule's code.
    let code: UInt8
    /// The part's name; empty for the subject as a whole.
    let part: String
    /// How many there were.
    private(set) var count: UInt64 = 0
    /// Those that are kept, by (occurred, position).
    private(set) var marks: [Mark] = []

    init(code: UInt8, part: String) {
        self.code = code
        self.part = part
    }

    var rule: SubjectRule { SubjectRule.all[Int(code)] }

    /// Takes note of an event. What stays does not depend on the order in which events come.
    ///
    /// - Parameters:
    ///   - rule: The trail's own.
    ///   - room: To work in.
    mutating func add(
        _ event: borrowing EventView, by rule: SubjectRule, in room: inout [UInt8]
    ) {
        count += 1
        let isFull = marks.count >= rule.keptMax
        let order = (event.occurred, event.position)
        // A list that is made with its first element takes half of what growing an empty one does.
        guard !marks.isEmpty else {
            marks = [Mark(event, rule, in: &room)]
            return
        }
        // Nearly all come behind those that are there.
        var place = marks.count
        while place > 0, order < (marks[place - 1].occurred, marks[place - 1].position) {
            place -= 1
        }
        guard place < marks.count || isFull else {
            return marks.append(Mark(event, rule, in: &room))
        }
        switch rule.keeping {
        case .first:
            guard !isFull || place < marks.count else { return }
            marks.insert(Mark(event, rule, in: &room), at: place)
            if isFull { marks.removeLast() }
        case .last:
            guard !isFull || place > 0 else { return }
            marks.insert(Mark(event, rule, in: &room), at: place)
            if isFull { marks.removeFirst() }
        }
    }

    /// Keeps of an event what is left of it, where it is kept.
    mutating func replace(_ event: borrowing EventView) {
        var room: [UInt8] = []
        for index in marks.indices where marks[index].position == event.position {
            marks[index] = Mark(event, rule, in: &room)
        }
    }

    /// Adds the events that another member of the same person has of the same fact.
    mutating func merge(_ other: Trail) {
        let more = other.marks.filter { mark in !marks.contains { $0.position == mark.position } }
        marks = (marks + more).sorted(by: Mark.precedes)
        count += other.count
        let surplus = max(0, marks.count - rule.keptMax)
        if rule.keeping == .first { marks.removeLast(surplus) } else { marks.removeFirst(surplus) }
    }

    /// Tells which trail comes first in a row.
    static func precedes(_ left: Trail, _ right: Trail) -> Bool {
        (left.code, left.part) < (right.code, right.part)
    }
}

extension Trail {
    /// Reads one.
    ///
    /// - Parameter row: What is read: the values of marks stay in it.
    init(
        from reader: inout ByteReader, began: Timestamp, in row: [UInt8]
    ) throws(MalformedBytes) {
        code = try Self.readCode(&reader)
        let partBytes = try reader.span(try reader.count())
        part = partBytes.byteCount == 0 ? "" : partBytes.text()
        count = try reader.varint()
        var last: UInt64 = 0
        let kept = try reader.count()
        marks.reserveCapacity(kept)
        for _ in 0..<kept {
            let occurred = try Self.readMoment(&reader, began)
            last &+= UInt64(bitPattern: try reader.zigzag())
            let values = try reader.span(try reader.count())
            try Self.check(values, rule)
            let end = reader.offset
            marks.append(
                Mark(
                    occurred: occurred, position: Position(last),
                    values: row[end - values.byteCount..<end]))
        }
        guard !marks.isEmpty else { throw MalformedBytes("subject row", at: reader.offset) }
    }

    /// Passes over a trail of which nothing is made, and refuses what reading it would refuse.
    ///
    /// - Returns: The rule's code.
    static func check(_ reader: inout ByteReader, began: Timestamp) throws(MalformedBytes) -> UInt8
    {
        let code = try readCode(&reader)
        let rule = SubjectRule.all[Int(code)]
        _ = try reader.span(try reader.count())
        _ = try reader.varint()
        let kept = try reader.count()
        for _ in 0..<kept {
            _ = try readMoment(&reader, began)
            _ = try reader.zigzag()
            try check(try reader.span(try reader.count()), rule)
        }
        guard kept > 0 else { throw MalformedBytes("subject row", at: reader.offset) }
        return code
    }

    private static func readCode(_ reader: inout ByteReader) throws(MalformedBytes) -> UInt8 {
        let code = try reader.byte()
        guard Int(code) < SubjectRule.all.count else {
            throw MalformedBytes("subject row", at: reader.offset)
        }
        return code
    }

    private static func readMoment(
        _ reader: inout ByteReader, _ began: Timestamp
    ) throws(MalformedBytes) -> Timestamp {
        let occurred = Timestamp(milliseconds: began.rawValue &+ (try reader.zigzag()))
        guard occurred == occurred.clamped else {
            throw MalformedBytes("subject row", at: reader.offset)
        }
        return occurred
    }

    private static func check(
        _ values: RawSpan, _ rule: SubjectRule
    ) throws(MalformedBytes) {
        var walk = MarkValues(values)
        while let value = try walk.next() {
            guard value.index < rule.attributes.count else {
                throw MalformedBytes("subject row", at: 0)
            }
            let isMoment = Timestamp(milliseconds: value.number).clamped.rawValue == value.number
            guard value.kind != .time || isMoment else {
                throw MalformedBytes("subject row", at: 0)
            }
        }
    }

    /// Inlined, so that it is read where it stands: what is not is asked of a copy.
    @inline(__always)
    func encode(into row: inout [UInt8], began: Timestamp) {
        row.append(code)
        row.append(text: part)
        row.append(varint: count)
        row.append(varint: UInt64(marks.count))
        var last: UInt64 = 0
        for index in marks.indices {
            let position = marks[index].position.rawValue
            row.append(zigzag: marks[index].occurred - began)
            row.append(zigzag: Int64(bitPattern: position &- last))
            last = position
            row.append(varint: UInt64(marks[index].values.count))
            row.append(contentsOf: marks[index].values)
        }
    }
}

/// Values of a mark by the name of their attribute.
extension Trail {
    /// The last event that is kept.
    var newest: Mark { marks[marks.count - 1] }

    /// Returns a text or ref of the newest mark, or nil.
    func text(_ name: StaticString) -> String? { text(name, of: newest) }

    /// Returns a text or ref of a mark, or nil.
    func text(_ name: StaticString, of mark: Mark) -> String? {
        var found: String?
        visit(mark, name) { value in
            if value.kind == .text || value.kind == .ref { found = value.text.text() }
        }
        return found
    }

    /// Returns an integer or boolean of the newest mark, or nil.
    func number(_ name: StaticString) -> Int64? { number(name, of: newest) }

    /// Returns an integer or boolean of a mark, or nil.
    func number(_ name: StaticString, of mark: Mark) -> Int64? {
        var found: Int64?
        visit(mark, name) { value in
            if value.kind == .integer || value.kind == .boolean { found = value.number }
        }
        return found
    }

    /// Returns a moment of the newest mark, or nil.
    func time(_ name: StaticString) -> Timestamp? {
        var found: Timestamp?
        visit(newest, name) { value in
            if value.kind == .time { found = Timestamp(milliseconds: value.number) }
        }
        return found
    }

    /// Returns an amount of the newest mark, or nil.
    func money(_ name: StaticString) -> Money? { money(name, of: newest) }

    /// Returns an amount of a mark, or nil.
    func money(_ name: StaticString, of mark: Mark) -> Money? {
        var found: Money?
        visit(mark, name) { value in
            guard value.kind == .money else { return }
            found = Money(minorUnits: value.number, currency: value.text.text())
        }
        return found
    }

    /// Tells whether a text or ref of a mark is this word; `index` is its place in the rule.
    func says(_ word: StaticString, at index: Int, of mark: Mark) -> Bool {
        var isSaid = false
        visit(mark, index) { value in isSaid = value.isText && value.text.equals(word) }
        return isSaid
    }

    /// Returns an integer or boolean of a mark, or nil; `index` is its place in the rule.
    func number(at index: Int, of mark: Mark) -> Int64? {
        var found: Int64?
        visit(mark, index) { value in if value.isNumber { found = value.number } }
        return found
    }

    private func visit(_ mark: Mark, _ name: StaticString, _ body: (borrowing MarkValue) -> Void) {
        guard let index = rule.attributes.firstIndex(where: { $0.isSame(as: name) }) else { return }
        visit(mark, index, body)
    }

    private func visit(_ mark: Mark, _ index: Int, _ body: (borrowing MarkValue) -> Void) {
        do throws(MalformedBytes) {
            var walk = unsafe MarkValues(mark.values.span.bytes)
            while let value = try walk.next() {
                if value.index == index { return body(value) }
            }
        } catch {
            preconditionFailure("the values were checked when they were read")
        }
    }

    /// Writes the values of a mark as members of an object.
    ///
    /// - Parameter written: Names that stand there already; those written are added.
    func writeValues(of mark: Mark, to json: inout JSONWriter, unless written: inout [StaticString])
    {
        let attributes = rule.attributes
        do throws(MalformedBytes) {
            var walk = unsafe MarkValues(mark.values.span.bytes)
            while let value = try walk.next() {
                let name = attributes[value.index]
                guard !written.contains(where: { $0.isSame(as: name) }) else { continue }
                written.append(name)
                // A step's own state is not that of its case.
                json.key(name.isSame(as: "state") ? "step_state" : name)
                value.write(to: &json)
            }
        } catch {
            preconditionFailure("the values were checked when they were read")
        }
    }
}

/// An amount in minor units of a currency.
struct Money: Equatable {
    var minorUnits: Int64
    var currency: String
}

extension StaticString {
    /// Tells whether both read the same.
    func isSame(as other: StaticString) -> Bool {
        guard utf8CodeUnitCount == other.utf8CodeUnitCount else { return false }
        // The same words mostly stand in one place.
        guard unsafe utf8Start != other.utf8Start else { return true }
        return unsafe memcmp(utf8Start, other.utf8Start, utf8CodeUnitCount) == 0
    }
}
