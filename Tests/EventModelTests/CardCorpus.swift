/// Card numbers as issuers give them, order and phone numbers as shops and people write them,
/// written from the schemes' own descriptions and not from the code under test.
enum CardCorpus {
    private static let issuers: [(prefixes: [Int], length: Int)] = [
        ([4], 16), ([4], 19), (Array(51...55), 16), (Array(2_221...2_720), 16), ([34, 37], 15),
        ([36, 38, 300, 301, 302, 303, 304, 305], 14), ([6_011, 65] + Array(644...649), 16),
        (Array(3_528...3_589), 16), ([62], 16), ([62], 19), ([50, 56, 57, 58, 67], 16),
    ]

    static func card(_ random: inout SeededRandom) -> [Int] {
        let issuer = issuers.randomElement(using: &random) ?? ([4], 16)
        let prefix = issuer.prefixes.randomElement(using: &random) ?? 4
        var digits = "\(prefix)".compactMap(\.wholeNumberValue)
        while digits.count < issuer.length - 1 { digits.append(.random(in: 0...9, using: &random)) }
        return digits + [(10 - sum(digits + [0]) % 10) % 10]
    }

    /// Luhn's sum.
    static func sum(_ digits: [Int]) -> Int {
        var sum = 0
        for (index, digit) in digits.enumerated() {
            let isDoubled = (digits.count - index) % 2 == 0
            let value = isDoubled ? digit * 2 : digit
            sum += value / 10 + value % 10
        }
        return sum
    }

    /// A card in one of the ways in which people write one, in a sentence.
    static func sentence(
        with card: [Int], _ random: inout SeededRandom
    ) -> (full: String, number: String) {
        let separator = ["", "", " ", "-", ".", "\u{A0}", "  "].randomElement(using: &random) ?? ""
        var groups = [4, 4, 4, 4, 4]
        if card.count == 15 { groups = [4, 6, 5] }
        if card.count == 14 { groups = [4, 6, 4] }
        var rest = card[...]
        var parts: [String] = []
        for size in groups where !rest.isEmpty {
            parts.append(rest.prefix(size).map { "\($0)" }.joined())
            rest = rest.dropFirst(size)
        }
        return sentence(with: parts.joined(separator: separator), &random)
    }

    static func sentence(
        with number: String, _ random: inout SeededRandom
    ) -> (full: String, number: String) {
        let frames: [(String, String)] = [
            ("", ""), ("my number is ", ", please"), ("pago con ", " gracias"), ("카드번호 ", "입니다"),
            ("nr:", ";"), ("(", ")"), ("it starts\n", "\nand ends"), ("2 items, ", " today"),
        ]
        let frame = frames.randomElement(using: &random) ?? ("", "")
        return (frame.0 + number + frame.1, number)
    }

    static func order(_ random: inout SeededRandom) -> String {
        func digits(_ count: Int) -> String {
            (0..<count).map { _ in "\(Int.random(in: 0...9, using: &random))" }.joined()
        }
        switch Int.random(in: 0...7, using: &random) {
        case 0: return "#" + digits(Int.random(in: 4...10, using: &random))
        case 1: return "ORD-2026-" + digits(6)
        case 2: return "\(digits(3))-\(digits(7))-\(digits(7))"
        case 3: return "2026" + digits(12)
        case 4: return "1Z" + digits(16)
        case 5: return "SO" + digits(14)
        case 6: return digits(12)
        default: return "100000" + digits(7)
        }
    }

    static func phone(_ random: inout SeededRandom) -> String {
        func digits(_ count: Int) -> String {
            (0..<count).map { _ in "\(Int.random(in: 0...9, using: &random))" }.joined()
        }
        switch Int.random(in: 0...6, using: &random) {
        case 0: return "+34\(digits(9))"
        case 1: return "+34 6\(digits(2)) \(digits(3)) \(digits(3))"
        case 2: return "010-\(digits(4))-\(digits(4))"
        case 3: return "+82 10-\(digits(4))-\(digits(4))"
        case 4: return "(415) 555-\(digits(4))"
        case 5: return "+49 1512 \(digits(7)) / 0049 30 \(digits(6))"
        default: return "0034 91\(digits(7))"
        }
    }
}
