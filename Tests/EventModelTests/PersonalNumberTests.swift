import Testing

@testable import EventModel

/// Numbers that states give, made by the states' own descriptions and not by the code under test.
@Suite("Korean and Spanish personal numbers, however they are written")
struct PersonalNumberTests {
    private static let seed = UInt64.random(in: 0 ... .max)
    private static let count = 10_000
    private static let rules = RedactionRules([.koreanResidentNumber, .spanishIdentityNumber])

    private func redacted(_ text: String, _ rules: RedactionRules = rules) -> String? {
        var counts = RedactionCounts()
        let bytes = Array(text.utf8)
        let result = unsafe Redactor(rules).redacted(bytes.span.bytes, counting: &counts)
        return result.map { String(decoding: $0, as: UTF8.self) }
    }

    private func digits(_ number: Int, _ count: Int) -> String {
        let text = "\(number)"
        return String(repeating: "0", count: count - text.utf8.count) + text
    }

    /// Date of birth, digit for sex and century, five more, and the check digit, which numbers given
    /// since October 2020 have not: those stand with a dash.
    private func korean(_ random: inout SeededRandom) -> String {
        let date =
            digits(.random(in: 0...99, using: &random), 2)
            + digits(.random(in: 1...12, using: &random), 2)
            + digits(.random(in: 1...28, using: &random), 2)
        let sex = Int.random(in: 1...8, using: &random)
        let body = date + "\(sex)" + digits(.random(in: 0...99_999, using: &random), 5)
        let weighted = zip(
            body.compactMap(\.wholeNumberValue), [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5])
        let rest = weighted.reduce(0) { $0 + $1.0 * $1.1 } % 11
        let check = ((sex < 5 ? 11 : 13) - rest) % 10
        guard Bool.random(using: &random) else { return body + "\(check)" }
        let last = Bool.random(using: &random) ? check : .random(in: 0...9, using: &random)
        return date + "-" + body.dropFirst(6) + "\(last)"
    }

    /// Eight digits, or X, Y, Z and seven, and the letter that the rest by 23 has.
    private func spanish(_ random: inout SeededRandom, shift: Int = 0) -> String {
        let letters = Array("TRWAGMYFPDXBNJZSQVHLCKE")
        let isForeign = Bool.random(using: &random)
        let first = isForeign ? Int.random(in: 0...2, using: &random) : 0
        let number = Int.random(in: 0..<(isForeign ? 10_000_000 : 100_000_000), using: &random)
        let value = isForeign ? first * 10_000_000 + number : number
        var written = digits(number, isForeign ? 7 : 8)
        if Bool.random(using: &random) {
            let head = written.count - 6
            written =
                written.prefix(head) + "." + written.dropFirst(head).prefix(3) + "."
                + written.suffix(3)
        }
        let prefix = isForeign ? ["X", "Y", "Z"][first] : ""
        let dash = Bool.random(using: &random) ? "-" : ""
        let text = prefix + written + dash + String(letters[(value + shift) % 23])
        return Bool.random(using: &random) ? text : text.lowercased()
    }

    @Test("each that is valid is found")
    func recall() {
        var random = SeededRandom(seed: Self.seed)
        var missed: [String] = []
        for number in 0..<Self.count {
            let name = number % 2 == 0 ? korean(&random) : spanish(&random)
            let text = CardCorpus.sentence(with: name, &random)
            let result = redacted(text.full)
            if result == nil || result?.contains(text.number) == true { missed.append(text.full) }
        }
        #expect(missed.isEmpty, "seed \(Self.seed): \(missed.count), \(missed.prefix(5))")
    }

    @Test("with another control letter none is")
    func otherLetters() {
        var random = SeededRandom(seed: Self.seed)
        let spanish = RedactionRules([.spanishIdentityNumber])
        for _ in 0..<Self.count {
            let wrong = self.spanish(&random, shift: .random(in: 1..<23, using: &random))
            #expect(redacted(wrong, spanish) == nil, "seed \(Self.seed): \(wrong)")
        }
    }

    @Test("at most 0.1 % of order and phone numbers are taken for one")
    func falseAlarms() {
        var random = SeededRandom(seed: Self.seed)
        var wrong: [String] = []
        for number in 0..<Self.count * 2 {
            let name =
                number % 2 == 0 ? CardCorpus.order(&random) : CardCorpus.phone(&random)
            let text = CardCorpus.sentence(with: name, &random).full
            if redacted(text) != nil { wrong.append(text) }
        }
        #expect(wrong.count <= Self.count * 2 / 1_000, "seed \(Self.seed): \(wrong.prefix(5))")
    }
}
