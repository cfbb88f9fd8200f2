import Foundation
import Testing

@testable import EventModel

/// Payloads are JSON more often than not: what is taken out must leave them JSON, and the rest of
/// them as it was, byte for byte.
@Suite("What is taken out of JSON documents")
struct RedactedDocumentTests {
    private static let seed = UInt64.random(in: 0 ... .max)

    private func redacted(_ text: String, _ rules: RedactionRules = .standard) -> String {
        var counts = RedactionCounts()
        let bytes = Array(text.utf8)
        let result = unsafe Redactor(rules).redacted(bytes.span.bytes, counting: &counts)
        #expect((result != nil) == counts.isAny)
        return String(decoding: result ?? bytes, as: UTF8.self)
    }

    @Test(
        "what stands behind an escape is found",
        arguments: [
            (#"{"t":"is\n4111111111111111"}"#, #"{"t":"is\n[card *1111]"}"#),
            (#"{"t":"is\t4111 1111 1111 1111"}"#, #"{"t":"is\t[card *1111]"}"#),
            (#"{"t":"\u00e94111111111111111"}"#, #"{"t":"\u00e9[card *1111]"}"#),
            (#"{"t":"\u00344111111111111111"}"#, #"{"t":"\u00344111111111111111"}"#),
            (#"{"t":"\u0034111111111111111"}"#, #"{"t":"[card *1111]"}"#),
            (#"{"t":"4111\u00a01111\n1111\u20131111"}"#, #"{"t":"[card *1111]"}"#),
            (
                #"{"t":"{\"u\":\"a\\n4111111111111111\"}"}"#,
                #"{"t":"{\"u\":\"a\\n[card *1111]\"}"}"#
            ),
            (
                #"{"t":"c\u00f3digo 917, 4111111111111111"}"#,
                #"{"t":"c\u00f3digo [*], [card *1111]"}"#
            ),
            (#"a text\n4111111111111111"#, #"a text\n[card *1111]"#),
        ])
    func escapes(_ text: String, _ expected: String) { #expect(redacted(text) == expected) }

    @Test(
        "only a whole number becomes a string",
        arguments: [
            ("\u{FEFF} {\"n\":4111111111111111}", "\u{FEFF} {\"n\":\"[card *1111]\"}"),
            ("\n [4111111111111111]", "\n [\"[card *1111]\"]"),
            (
                "{\"n\":4111111111111111}\n{\"n\":4111111111111111}\n",
                "{\"n\":\"[card *1111]\"}\n{\"n\":\"[card *1111]\"}\n"
            ),
            (
                "[-4111111111111111,4111111111111111.5,4111111111111111E2,0.4111111111111111]",
                "[-4111111111111111,4111111111111111.5,4111111111111111E2,0.4111111111111111]"
            ),
            ("[1] 4111111111111111", "[1] [card *1111]"),
            ("[note] 4111111111111111", "[note] [card *1111]"),
            ("{\"cut\":4111111111111111", "{\"cut\":[card *1111]"),
        ])
    func numbers(_ text: String, _ expected: String) { #expect(redacted(text) == expected) }

    @Test("a pattern with quotes or backslashes takes no quote and no half of an escape")
    func patterns() throws {
        for (form, text) in [
            ("\"####\"", #"{"a":"1234"}"#), ("\\####", #"{"a":"\\1234"}"#),
            ("####\\", #"{"a":"1234\\"}"#), ("###,##", "[123,45]"), ("#\":###", "{\"1\":123}"),
            ("#####", "[12345,-12345]"),
        ] {
            let pattern = try #require(RedactionPattern(form))
            let result = redacted(text, RedactionRules([], patterns: [pattern]))
            #expect(throws: Never.self, "\(form): \(result)") {
                try JSONSerialization.jsonObject(with: Data(result.utf8))
            }
        }
    }

    @Test("JSON stays JSON, and whatever is no card stays byte for byte")
    func documents() throws {
        var random = SeededRandom(seed: Self.seed)
        for _ in 0..<1_500 {
            var writer = DocumentWriter(random: random)
            writer.document()
            random = writer.random
            let result = redacted(writer.text)
            try #require(result == writer.expected, "seed \(Self.seed): \(writer.text)")
            #expect(throws: Never.self, "seed \(Self.seed): \(result)") {
                try JSONSerialization.jsonObject(with: Data(result.utf8))
            }
        }
    }
}

/// Writes a document at random, and beside it what is to become of it.
private struct DocumentWriter {
    var random: SeededRandom
    private(set) var text = ""
    private(set) var expected = ""

    init(random: SeededRandom) { self.random = random }

    private mutating func pick(_ choices: [String]) -> String {
        choices.randomElement(using: &random) ?? ""
    }

    private mutating func add(_ piece: String, as other: String? = nil) {
        text += piece
        expected += other ?? piece
    }

    private mutating func blanks() { add(pick(["", "", "", " ", "\n  ", "\t"])) }

    mutating func document() {
        blanks()
        container(depth: 0)
        blanks()
    }

    private mutating func container(depth: Int) {
        let isObject = Bool.random(using: &random)
        add(isObject ? "{" : "[")
        for index in 0..<Int.random(in: 0...4, using: &random) {
            if index > 0 { add(",") }
            blanks()
            if isObject {
                // A name for each: what has one name twice is read in different ways.
                add("\"k\(index)\"")
                blanks()
                add(":")
                blanks()
            }
            value(depth: depth)
            blanks()
        }
        add(isObject ? "}" : "]")
    }

    private mutating func value(depth: Int) {
        switch Int.random(in: 0...9, using: &random) {
        case 0, 1: if depth < 5 { container(depth: depth + 1) } else { add("null") }
        case 2: add(pick(["true", "false", "null", "0", "-1", "12", "1.5e-3"]))
        case 3:
            let card = digits()
            add(card, as: "\"[card *\(card.suffix(4))]\"")
        case 4:
            let card = digits()
            add(pick(["-\(card)", "\(card).25", "\(card)e2", "0.\(card)", "-\(card)E+1"]))
        case 5, 6:
            add("\"")
            words()
            add("\"")
        default:
            add("\"")
            words()
            add(pick([" ", "\\n", "\\t", "\\r\\n", ": ", "\\u00e9", "\\\"", "\\\\n", "\\/ ", "("]))
            card()
            add(pick(["", " ", "\\n", "\\\"", ".", "\\\\"]))
            words()
            add("\"")
        }
    }

    private mutating func digits() -> String {
        CardCorpus.card(&random).map { "\($0)" }.joined()
    }

    private mutating func words() {
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            add(
                pick(["so", "é", "카", " ", "\\\"", "\\\\", "\\ud83d\\ude00", "\\t", "\\u0041", ";"])
            )
        }
    }

    /// A card's number in fours, with digits and what parts them written in any way.
    private mutating func card() {
        let separator = pick(["", "", " ", "-", "\\n", "\\u00a0", "\\u2013", "\\/", "\\t "])
        var card = CardCorpus.card(&random)
        while card.count != 16 { card = CardCorpus.card(&random) }
        let isEscaped = Int.random(in: 0...4, using: &random) == 0
        var written = ""
        for (index, digit) in card.enumerated() {
            if index % 4 == 0, index > 0 { written += separator }
            written += isEscaped ? "\\u003\(digit)" : "\(digit)"
        }
        add(written, as: "[card *\(card.suffix(4).map { "\($0)" }.joined())]")
    }
}
