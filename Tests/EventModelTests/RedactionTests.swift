import Foundation
import Testing

@testable import EventModel

/// Texts with what must not be stored, and texts that look like it.
@Suite("What is taken out of texts before they are stored")
struct RedactionTests {
    private static let seed = UInt64.random(in: 0 ... .max)
    private static let all = RedactionRules(
        [.cardNumber, .koreanResidentNumber, .spanishIdentityNumber])

    private func redacted(_ text: String, _ rules: RedactionRules = .standard) -> String? {
        var counts = RedactionCounts()
        let bytes = Array(text.utf8)
        let result = unsafe Redactor(rules).redacted(bytes.span.bytes, counting: &counts)
        #expect((result != nil) == counts.isAny)
        if let result { #expect(result.count <= bytes.count, "\(text)") }
        return result.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        "a text is written so, or left as it is",
        arguments: [
            ("my card is 4111 1111 1111 1111 thanks", "my card is [card *1111] thanks"),
            ("4111-1111-1111-1111", "[card *1111]"),
            ("4111111111111111.", "[card *1111]."),
            ("amex 3782 822463 10005", "amex [card *0005]"),
            ("diners 3056 930902 5904", "diners [card *5904]"),
            ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "[card *1111]"),
            ("4111\u{A0}1111\u{2013}1111\u{2009}1111", "[card *1111]"),
            ("카드 4111 1111 1111 1111 입니다", "카드 [card *1111] 입니다"),
            ("4111 1111 1111 1111, cvv 123", "[card *1111], cvv [*]"),
            ("4111 1111 1111 1111 12/27 123", "[card *1111] 12/27 [*]"),
            ("código 9876 y 4111111111111111", "código [*] y [card *1111]"),
            (#"{"n":4111111111111111,"cvv":123}"#, #"{"n":"[card *1111]","cvv":"*"}"#),
            (
                #"{"t":"\"is: 4111111111111111, yes","u":"[4111111111111111]"}"#,
                #"{"t":"\"is: [card *1111], yes","u":"[[card *1111]]"}"#
            ),
            ("4111111111111111 5500005555555559", "[card *1111] [card *5559]"),
            (
                #"{"n":4111111111111111,"m":"4111111111111111"}"#,
                #"{"n":"[card *1111]","m":"[card *1111]"}"#
            ),
        ])
    func cards(_ text: String, _ expected: String) {
        #expect(redacted(text) == expected)
    }

    @Test(
        "what is none stays",
        arguments: [
            "4111 1111 1111 1112", "ORD4111111111111111", "+4111111111111111",
            "cvv 123 without a card", "1234567812345670", "0000 0000 0000 0000",
            "ES91 2100 0418 4502 0005 1332", "call +34 911 234 567 or 010-1234-5678",
            "2026-11-27 14:32:08.120 to 2026-11-27 14:33:00", "imei 353918058270284",
            "550e8400-e29b-41d4-a716-446655440000", "41111111111111111111111111",
        ])
    func others(_ text: String) { #expect(redacted(text, Self.all) == nil) }

    @Test("two lengths that both fit leave no digits: the last ones may be a code")
    func ambiguous() throws {
        let card = "4111111111111111"
        let code = try #require(
            (100...999).first { luhn((card + "\($0)").map { $0.wholeNumberValue ?? 0 }) })
        #expect(redacted("4111 1111 1111 1111 \(code)") == "[card]")
    }

    @Test(
        "numbers of persons",
        arguments: [
            ("rrn 900101-1234568 ok", "rrn [rrn] ok"), ("DNI 12345678Z", "DNI [dni]"),
            ("dni 12.345.678-z.", "dni [dni]."), ("nie X1234567L", "nie [dni]"),
        ])
    func persons(_ text: String, _ expected: String) {
        #expect(redacted(text, Self.all) == expected)
        #expect(redacted(text) == nil, "these rules are off unless they are switched on")
    }

    @Test(
        "with a wrong letter, date or check digit they are none",
        arguments: ["12345678A", "X1234567A", "901301-1234568", "9001011234567", "12345678 y 2"])
    func noPersons(_ text: String) { #expect(redacted(text, Self.all) == nil) }

    @Test("a pattern is taken out where it stands alone")
    func patterns() throws {
        let pattern = try #require(RedactionPattern("LOY-@####"))
        let rules = RedactionRules([], patterns: [pattern])
        #expect(
            redacted("LOY-A1234, xLOY-A1234, LOY-A12345, LOY-B0000", rules)
                == "[*], xLOY-A1234, LOY-A12345, [*]")
        for wrong in ["##", "LOY-##", "with blank ###", String(repeating: "#", count: 65)] {
            #expect(RedactionPattern(wrong) == nil, "\(wrong)")
        }
    }

    @Test("at least 99.9 % of valid card numbers are found, however they are written")
    func recall() {
        var random = SeededRandom(seed: Self.seed)
        var missed: [String] = []
        let count = 20_000
        for _ in 0..<count {
            let text = CardCorpus.sentence(with: CardCorpus.card(&random), &random)
            let result = redacted(text.full)
            if result == nil || result?.contains(text.number) == true { missed.append(text.full) }
        }
        #expect(missed.count * 1_000 <= count, "seed \(Self.seed): \(missed.prefix(5))")
    }

    @Test("at most 0.1 % of order and phone numbers are taken for cards")
    func falseAlarms() {
        var random = SeededRandom(seed: Self.seed)
        var wrong: [String] = []
        let count = 20_000
        for _ in 0..<count {
            let number =
                Bool.random(using: &random)
                ? CardCorpus.order(&random) : CardCorpus.phone(&random)
            let text = CardCorpus.sentence(with: number, &random).full
            if redacted(text) != nil { wrong.append(text) }
        }
        #expect(wrong.count * 1_000 <= count, "seed \(Self.seed): \(wrong.prefix(5))")
    }

    @Test("digits and separators in any order never trap, and what is done twice is done once")
    func anything() {
        var random = SeededRandom(seed: Self.seed)
        let pieces: [String] = [
            "4111", "1", "12", "123456", "900101", "-", " ", ".", "/", "\u{A0}", "\u{2013}", "Z",
            "x", "X", "é", "cvv", "\"", "{", "4111111111111111", "12345678", "\u{2}",
        ]
        for _ in 0..<2_000 {
            let text = (0..<Int.random(in: 0...30, using: &random))
                .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            guard let once = redacted(text, Self.all) else { continue }
            if let twice = redacted(once, Self.all) {
                #expect(twice.utf8.count <= once.utf8.count, "seed \(Self.seed): \(text)")
            }
        }
    }

    private func luhn(_ digits: [Int]) -> Bool { CardCorpus.sum(digits) % 10 == 0 }
}
