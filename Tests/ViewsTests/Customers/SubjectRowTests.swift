import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// A thing's row changed in place says what the decoded record says.
@Suite struct SubjectRowTests {
    /// Things with rules of every sort: states, parts, signals, some of the first and of the last.
    private static let kinds: [SubjectKind] = [
        .order, .contact, .session, .cart, .promise, .survey, .serviceCase, .checkout, .review,
    ]

    private static func happening(
        _ rule: SubjectRule, at moment: Int64, _ random: inout SeededGenerator
    ) -> Happening {
        var happening = Happening("\(rule.type)", moment)
        let words = [
            "customer", "agent", "w\u{0}w", "ü\"", "", String(repeating: "é", count: 130),
        ]
        for name in rule.attributes where Int.random(in: 0...3, using: &random) > 0 {
            let number = Int64.random(in: -2...3, using: &random)
            let value: AttributeValue
            switch "\(name)" {
            case "source": continue
            case "total", "amount": value = .money(minorUnits: number * 100, currency: "EUR")
            case "promised_to", "expected_by", "due", "due_to":
                value = .time(Timestamp(milliseconds: moment + number))
            case "results", "score": value = .integer(number)
            case "private": value = .boolean(number > 0)
            default: value = .text(words.randomElement(using: &random) ?? "")
            }
            happening.attributes.append(("\(name)", value))
        }
        return happening
    }

    @Test("on random things, event by event", arguments: 1...60 as ClosedRange<UInt64>)
    func model(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let kind = try #require(Self.kinds.randomElement(using: &random))
        let codes = SubjectRule.all.indices.filter { SubjectRule.all[$0].kind == kind }
        var (row, record, room) = (SubjectRow(), SubjectRecord(), SubjectRoom())
        var bytes: [UInt8] = []
        var moment: Int64 = 1_800_000_000_000
        let count = seed == 1 ? 300 : 60
        for number in 1...count {
            // Most come in order, some at the same moment, some late, some before all others.
            moment += Int64.random(in: 0...2, using: &random)
            let late: Int64 = random.once(in: 5) ? Int64.random(in: 0...200, using: &random) : 0
            let code = try #require(codes.randomElement(using: &random))
            let rule = SubjectRule.all[code]
            let happening = Self.happening(rule, at: moment - late, &random)
            let part = ["p-1", "p-10", "p-2", "é", "e\u{301}"].randomElement(using: &random) ?? ""
            let position = Position(UInt64(number * 3))
            let stored = happening.record(
                at: position, recorded: Timestamp(milliseconds: moment))
            let event = try unsafe EventView(checking: stored.span.bytes)
            let name = unsafe rule.part == nil ? nil : part.utf8Span.span.bytes
            row.apply(event, UInt8(code), rule, part: name, in: &room)
            record.apply(event, UInt8(code), rule, part: name, in: &bytes)
            if random.once(in: 4) { add(&row, &record, position, &random) }
            if random.once(in: 9) { row = try Self.stored(row) }
            try check(row, record, kind, "seed \(seed), \(kind), event \(number)")
        }
    }

    private func add(
        _ row: inout SubjectRow, _ record: inout SubjectRecord, _ position: Position,
        _ random: inout SeededGenerator
    ) {
        let customer = CustomerID(
            founded: Position(UInt64.random(in: 1...5, using: &random)),
            number: Int.random(in: 0...1, using: &random))
        #expect(row.concerns(customer) == record.concerns(customer))
        guard !record.concerns(customer) else {
            row.addEarly(position)
            return record.addEarly(position)
        }
        row.add(customer)
        record.add(customer)
    }

    /// The row as it is read again.
    private static func stored(_ row: SubjectRow) throws -> SubjectRow {
        var bytes: [UInt8] = []
        row.encode(into: &bytes)
        return try unsafe SubjectRow(row: bytes.span.bytes)
    }

    private func check(
        _ row: SubjectRow, _ record: SubjectRecord, _ kind: SubjectKind, _ place: String
    ) throws {
        var (actual, expected): ([UInt8], [UInt8]) = ([], [])
        row.encode(into: &actual)
        record.encode(into: &expected)
        try #require(actual == expected, "\(place)")
        #expect((0..<row.customerCount).map { row.customer($0) } == record.customers, "\(place)")
        let (read, decoded) = (SubjectTrace(row, kind), SubjectTrace(record, kind))
        #expect(read.place == decoded.place, "\(place)")
        #expect(read.signals == decoded.signals, "\(place)")
        #expect(read.purchase == decoded.purchase, "\(place)")
    }

    @Test("a row that is cut off or has a byte more is refused as the record refuses it")
    func damaged() throws {
        var random = SeededGenerator(seed: 7)
        var (row, room) = (SubjectRow(), SubjectRoom())
        let codes = SubjectRule.all.indices.filter { SubjectRule.all[$0].kind == .order }
        for (number, code) in codes.enumerated() {
            let rule = SubjectRule.all[code]
            let stored = Self.happening(rule, at: Int64(number) * 1_000, &random).record(
                at: Position(UInt64(number + 1)), recorded: Timestamp(milliseconds: 0))
            let event = try unsafe EventView(checking: stored.span.bytes)
            row.apply(event, UInt8(code), rule, part: nil, in: &room)
        }
        var bytes: [UInt8] = []
        row.encode(into: &bytes)
        for count in 0..<bytes.count {
            let short = Array(bytes[..<count])
            #expect(throws: MalformedBytes.self) { try unsafe SubjectRow(row: short.span.bytes) }
        }
        for place in bytes.indices {
            var wrong = bytes
            wrong[place] ^= UInt8.random(in: 1...255, using: &random)
            let row = try? unsafe SubjectRow(row: wrong.span.bytes)
            let record = try? unsafe SubjectRecord(row: wrong.span.bytes)
            #expect((row == nil) == (record == nil), "byte \(place)")
        }
        bytes.append(0)
        #expect(throws: MalformedBytes.self) { try unsafe SubjectRow(row: bytes.span.bytes) }
    }
}
