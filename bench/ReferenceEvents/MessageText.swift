/// What people write in the reference events.
public enum MessageText: String, Sendable, CaseIterable, Codable {
    /// Sentences of a stock, with numbers and products put in: texts that resemble each other, as
    /// templates, bots and macros make them.
    case phrases
    /// Words in an order that never comes again.
    case prose
}

extension MessageText {
    /// Returns a text of about as many bytes, at least one sentence.
    func text(byteCount: Int, _ numbers: inout SeededNumbers) -> String {
        var text = ""
        while text.utf8.count < byteCount {
            if !text.isEmpty { text += " " }
            switch self {
            case .phrases: text += Self.phrase(&numbers)
            case .prose: text += Self.sentence(&numbers)
            }
        }
        return text
    }

    private static func phrase(_ numbers: inout SeededNumbers) -> String {
        let place = numbers.below(stock.count)
        return switch place % 3 {
        case 0: stock[place] + " \(100_000 + numbers.below(900_000))."
        case 1: stock[place] + " the " + numbers.pick(products) + "."
        default: stock[place] + "."
        }
    }

    private static func sentence(_ numbers: inout SeededNumbers) -> String {
        var words: [String] = []
        for _ in 0..<(6 + numbers.below(10)) {
            // The square leans towards the front of the list, as common words are common.
            let fraction = numbers.fraction()
            words.append(vocabulary[Int(fraction * fraction * Double(vocabulary.count))])
        }
        let name = numbers.pick(syllables) + numbers.pick(syllables) + numbers.pick(syllables)
        words.insert(name.prefix(1).uppercased() + name.dropFirst(), at: 1 + numbers.below(4))
        let first = words[0]
        words[0] = first.prefix(1).uppercased() + first.dropFirst()
        return words.joined(separator: " ") + "."
    }
}
