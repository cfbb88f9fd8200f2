import EventModel
import Testing

@Suite("events are read as they were written")
struct CodecTests {
    @Test("any event comes back from its record", arguments: [11, 12, 13, 14] as [UInt64])
    func roundTrip(seed: UInt64) throws {
        var random = RandomDrafts(seed: seed)
        for number in 0..<300 {
            let (draft, classes) = random.draft()
            let record = Records.encode(draft, classes)
            let event = try Records.event(record)
            var expected = draft
            expected.attributes = Self.stored(draft.attributes, classes)
            if draft.contentType.isEmpty { expected.data = [] }
            #expect(event.draft == expected, "seed \(seed), draft \(number)")
            #expect(event.position == .zero)
            #expect(event.recorded == Timestamp(milliseconds: 0))
            #expect(event.occurred == draft.occurred ?? Timestamp(milliseconds: 0))
            let again = Records.encode(event.draft, Self.stored(classes, classes))
            #expect(again == record, "seed \(seed), draft \(number)")
        }
    }

    @Test("an event shown again by its outline is the same", arguments: [16, 17] as [UInt64])
    func outlines(seed: UInt64) throws {
        var random = RandomDrafts(seed: seed)
        for number in 0..<300 {
            let (draft, classes) = random.draft()
            var record = Records.encode(draft, classes)
            if number % 3 == 0 { record = try Records.erased(record) }
            let checked = unsafe try EventView(checking: record.span.bytes)
            let again = unsafe EventView(
                record.span.bytes, checked: EventOutline(of: checked))
            #expect(again.copied() == checked.copied(), "seed \(seed), draft \(number)")
            #expect(again.isErased == checked.isErased)
        }
    }

    @Test("an encoder used again writes what a new one would", arguments: [15] as [UInt64])
    func reuse(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var intake = EventIntake()
        for number in 0..<200 {
            let words = Self.words(Int.random(in: 0...9, using: &random), number)
            var used: [UInt8] = [0xAA]
            var fresh: [UInt8] = [0xAA]
            var newIntake = EventIntake()
            let data: [UInt8]? = number % 3 == 0 ? Array(repeating: 7, count: number) : nil
            try Records.take("x.y", words, data: data, by: &intake, into: &used)
            try Records.take("x.y", words, data: data, by: &newIntake, into: &fresh)
            #expect(used == fresh, "seed \(seed), event \(number)")
        }
    }

    @Test("each attribute is found by its name and its kind only")
    func accessors() throws {
        let words = [
            ("order", "o-1"), ("total", "-1999 EUR"), ("guest", "true"), ("gift", "false"),
            ("promised_from", "2026-12-01T00:00:00Z"), ("items", "a,b"), ("ext_note", "x"),
        ]
        let record = try Records.record("order.placed", words)
        let view = unsafe try EventView(checking: record.span.bytes)
        #expect(view.text("order") == "o-1")
        #expect(view.text("items") == "a,b")
        #expect(view.text("ext_note") == "x")
        #expect(view.money("total")?.minorUnits == -1_999)
        #expect(view.money("total")?.currency == "EUR")
        #expect(view.boolean("guest") == true && view.boolean("gift") == false)
        #expect(view.time("promised_from") == Timestamp(rfc3339: "2026-12-01T00:00:00Z"))
        #expect(view.text("total") == nil && view.integer("total") == nil)
        #expect(view.money("order") == nil && view.boolean("order") == nil)
        #expect(view.time("order") == nil && view.integer("absent") == nil)
        #expect(view.text("orde") == nil && view.text("order_") == nil && view.text("") == nil)
    }

    @Test("a record cut short or made longer anywhere is refused")
    func truncation() throws {
        for record in try Self.samples() {
            for length in 0..<record.count {
                let cut = Array(record[..<length])
                #expect(throws: MalformedBytes.self) { try Records.event(cut) }
                // The same with a length field that agrees with the bytes there are.
                guard length >= 4 else { continue }
                var agreed = cut
                agreed.store(littleEndian: UInt32(length), at: 0)
                Self.mayRead(agreed)
            }
            #expect(throws: MalformedBytes.self) { try Records.event(record + [0]) }
        }
    }

    @Test("flipped bytes give an error or an event that can be read, never a trap")
    func flips() throws {
        var random = SeededRandom(seed: 21)
        var readable = 0
        var total = 0
        for record in try Self.samples() {
            for offset in record.indices {
                for bit in 0..<8 {
                    var damaged = record
                    damaged[offset] ^= 1 << UInt8(bit)
                    readable += Self.mayRead(damaged) ? 1 : 0
                    total += 1
                }
            }
            for _ in 0..<3_000 {
                var damaged = record
                for _ in 0..<Int.random(in: 2...6, using: &random) {
                    let offset = Int.random(in: damaged.indices, using: &random)
                    damaged[offset] = .random(in: 0...255, using: &random)
                }
                readable += Self.mayRead(damaged) ? 1 : 0
                total += 1
            }
        }
        #expect(readable > total / 10 && readable < total)
    }

    @Test("bytes that never were a record are refused or read, never trapped on")
    func noise() {
        var random = SeededRandom(seed: 22)
        for length in 0..<400 {
            for _ in 0..<20 {
                var bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
                if length >= 38 {
                    bytes.store(littleEndian: UInt32(length), at: 0)
                    bytes.store(littleEndian: UInt32.random(in: 29...60, using: &random), at: 4)
                    bytes[8] = 1
                    bytes.store(littleEndian: UInt16.random(in: 0...2, using: &random), at: 10)
                    bytes[36] = .random(in: 0...8, using: &random)
                }
                Self.mayRead(bytes)
            }
        }
    }

    @Test("a record of a later version is refused, in either part")
    func versions() throws {
        let record = try Self.samples()[0]
        var skeleton = record
        skeleton[8] = 2
        #expect(throws: MalformedBytes("event record version", at: 8)) {
            try Records.event(skeleton)
        }
        let end = unsafe try EventView(checking: record.span.bytes).skeleton.byteCount + 8
        var personal = record
        personal[end] = 0
        #expect(throws: MalformedBytes("personal part version", at: end)) {
            try Records.event(personal)
        }
    }

    /// Tells whether the bytes are a record, and if so reads all of it.
    @discardableResult
    private static func mayRead(_ bytes: [UInt8]) -> Bool {
        guard let view = unsafe try? EventView(checking: bytes.span.bytes) else { return false }
        let same = view.saysTheSame(as: view)
        return Records.readAll(view) > 0 && (same || !same)
    }

    private static func samples() throws -> [[UInt8]] {
        [
            try Records.record(
                "queue.entered",
                [
                    ("interaction", "c-1"), ("queue", "billing"), ("customer", "phone:+34911"),
                    ("payer:verified", "email:ana@example.com"), ("priority", "2"),
                    ("keep_place", "true"), ("ext_x", "é"),
                ], data: [1, 2, 3]),
            try Records.record(
                "callback.requested",
                [
                    ("interaction", "c-1"), ("callback_id", "b"), ("number", "+34911"),
                    ("due_from", "2026-11-27T15:00:00Z"),
                ]),
            try Records.record("order.placed", [("order", "o"), ("total", "5 EUR")]),
            try Records.erased(Records.record("agent.loggedIn", [("agent", "a")])),
        ]
    }

    private static func words(_ count: Int, _ number: Int) -> [(String, [UInt8])] {
        [("source", [0x73]), ("id", Array("\(number)".utf8))]
            + (0..<count).map { ("a\($0)", Array(repeating: 0x61, count: number + $0)) }
    }

    /// Returns the items in the order a record holds them: open ones first.
    private static func stored<Item>(_ items: [Item], _ classes: [AttributeClass]) -> [Item] {
        let pairs = zip(items, classes)
        return pairs.filter { $0.1 == .open }.map(\.0) + pairs.filter { $0.1 != .open }.map(\.0)
    }
}
