import EventModel
import Testing

@Suite("names: customers, tables of names, mistyped names, words of a request")
struct NameTests {
    @Test("a customer's text comes back as the customer")
    func customers() {
        var random = SeededRandom(seed: 31)
        let fixed: [UInt64] = [0, 1, 31, 32, 1 << 59, 1 << 60, .max - 1, .max]
        for number in fixed + (0..<2_000).map({ _ in random.next() >> (random.next() % 64) }) {
            let customer = CustomerID(rawValue: number)
            let text = customer.description
            #expect(text.utf8.count <= 17 && text.hasPrefix("c_"))
            #expect(CustomerID(packed: customer.packed) == customer)
            unsafe #expect(CustomerID(text: text.utf8Span.span.bytes) == customer, "\(number)")
        }
        #expect(CustomerID(rawValue: 418_593).description == "c_CRS1")
        let third = CustomerID(founded: Position(418_593), number: 2)
        #expect(third.description == "c_CRS1-2")
        #expect(CustomerID(rawValue: 418_593) < third && third < CustomerID(rawValue: 418_594))
    }

    @Test(
        "anything else is no customer",
        arguments: [
            "", "c", "c_", "C_1", "c-1", "1", "c_I", "c_L", "c_O", "c_U", "c_a", "c_1 ", "c_é",
            "c_G000000000000", "c_1-", "c_1-0", "c_1-01", "c_1-16", "c_-1", "c_1-1-1",
            "c_ZZZZZZZZZZZZZ", "c_00000000000001", "phone:+34911234567",
        ])
    func noCustomer(text: String) {
        unsafe #expect(CustomerID(text: text.utf8Span.span.bytes) == nil)
    }

    @Test("a table finds what was put in and nothing else", arguments: [0, 1, 4, 5, 300, 5_000])
    func table(count: Int) {
        var random = SeededRandom(seed: UInt64(count))
        var model: [String: Int] = [:]
        while model.count < count {
            let length = Int.random(in: 0...20, using: &random)
            let key = String(
                (0..<length).map { _ in "ab\u{0}é".randomElement(using: &random) ?? "a" })
            model[key + "\(model.count % 7)"] = model.count
        }
        let table = SpanTable(model.map { (key: $0.key, value: $0.value) })
        for (key, value) in model {
            #expect(table[key] == value)
            #expect(table[key + "x"] == nil)
            #expect(table["x" + key] == nil)
        }
        #expect(table[""] == model[""])
        #expect(table[String(bytes: 70_000)] == nil)
    }

    @Test("distances between names, counted by hand")
    func distances() {
        let cases: [(String, String, Int)] = [
            ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("queue", "queue", 0),
            ("queue", "quue", 1), ("queue", "queeue", 1), ("queue", "qeuue", 1),
            ("queue", "quexe", 1), ("ca", "abc", 3), ("kitten", "sitting", 3), ("ab", "ba", 1),
        ]
        for (left, right, distance) in cases {
            #expect(Spelling.distance(left, right) == distance)
            #expect(Spelling.distance(right, left) == distance)
        }
    }

    @Test("distances agree with trying everything", arguments: [41] as [UInt64])
    func distancesByModel(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<400 {
            let words = (0..<2).map { _ in
                (0..<Int.random(in: 0...5, using: &random)).map { _ in
                    UInt8.random(in: 97...99, using: &random)
                }
            }
            let texts = words.map { String(decoding: $0, as: UTF8.self) }
            let expected = Self.distance(words[0][...], words[1][...])
            #expect(Spelling.distance(texts[0], texts[1]) == expected, "\(texts), seed \(seed)")
        }
    }

    /// Optimal string alignment as its definition says it, without a table.
    private static func distance(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Int {
        guard let x = a.last, let y = b.last else { return max(a.count, b.count) }
        var best = distance(a.dropLast(), b.dropLast()) + (x == y ? 0 : 1)
        best = min(best, distance(a.dropLast(), b) + 1, distance(a, b.dropLast()) + 1)
        if a.count > 1, b.count > 1, a.dropLast().last == y, b.dropLast().last == x {
            best = min(best, distance(a.dropLast(2), b.dropLast(2)) + 1)
        }
        return best
    }

    @Test("whether bytes are UTF-8 agrees with the standard library", arguments: [51] as [UInt64])
    func utf8(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<5_000 {
            let pool: [UInt8] = [0x41, 0x7F, 0x80, 0xBF, 0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xF0, 0x9F]
            let bytes = (0..<Int.random(in: 0...20, using: &random)).map { _ in
                Int.random(in: 0...4, using: &random) > 0
                    ? 0x61 : pool[Int.random(in: pool.indices, using: &random)]
            }
            let expected = String(validating: bytes, as: UTF8.self) != nil
            unsafe #expect(bytes.span.bytes.isUTF8 == expected, "\(bytes), seed \(seed)")
        }
    }
}
