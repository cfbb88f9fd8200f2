/// How alike two names are: Jaro's measure with Winkler's bonus for how they begin (Winkler 1990,
/// "String Comparator Metrics"), over letters and digits without capitals and accents.
enum NameLikeness {
    /// From what on two names may be one person's.
    static let least = 0.92

    /// Returns 1 for names that read the same, 0 for those that share nothing. Words may stand in another
    /// order: `García, Ana` is `Ana García`.
    ///
    /// Complexity: O(length²); texts that facts keep have at most `ViewLimits.subjectTextBytesMax` bytes.
    static func score(_ left: String, _ right: String) -> Double {
        let (one, other) = (words(left), words(right))
        guard !one.isEmpty, !other.isEmpty else { return 0 }
        return max(score(one, other), score(one.sorted(by: <), other.sorted(by: <)))
    }

    /// Which share of the words of the shorter of two addresses stands in the other, spelled alike; numbers
    /// and short words are left out, as they are on many.
    static func sharedWords(_ left: String, _ right: String) -> Double {
        let (one, other) = (telling(left), telling(right))
        let (shorter, longer) = one.count <= other.count ? (one, other) : (other, one)
        guard !shorter.isEmpty else { return 0 }
        let shared = shorter.count { word in longer.contains { winkler(word, $0) >= least } }
        return Double(shared) / Double(shorter.count)
    }

    private static func telling(_ address: String) -> [[UInt8]] {
        words(address).filter { word in
            word.count > 2 && !word.contains { (0x30...0x39).contains($0) }
        }
    }

    private static func score(_ left: [[UInt8]], _ right: [[UInt8]]) -> Double {
        winkler(Array(left.joined(separator: [blank])), Array(right.joined(separator: [blank])))
    }

    private static let blank = UInt8(ascii: " ")

    /// The words of a text as they are compared.
    static func words(_ text: String) -> [[UInt8]] {
        var plain: [UInt8] = []
        for scalar in text.lowercased().unicodeScalars {
            if let letters = letters[scalar] {
                plain.append(contentsOf: letters.utf8)
            } else if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                plain.append(contentsOf: String(scalar).utf8)
            } else if scalar.properties.canonicalCombiningClass == .notReordered {
                // What is neither a letter nor an accent on one parts words.
                plain.append(blank)
            }
        }
        return plain.split(separator: blank).map { Array($0) }
    }

    /// What stands for letters of European languages.
    private static let letters: [Unicode.Scalar: String] = {
        var letters: [Unicode.Scalar: String] = [:]
        for (plain, others) in [
            ("a", "àáâãäåāăą"), ("ae", "æ"), ("c", "çćĉċč"), ("d", "ďđð"), ("e", "èéêëēĕėęě"),
            ("g", "ĝğġģ"), ("h", "ĥħ"), ("i", "ìíîïĩīĭįı"), ("j", "ĵ"), ("k", "ķ"),
            ("l", "ĺļľŀł"), ("n", "ñńņň"), ("o", "òóôõöøōŏő"), ("oe", "œ"), ("r", "ŕŗř"),
            ("s", "śŝşšș"), ("ss", "ß"), ("t", "ţťŧț"), ("th", "þ"), ("u", "ùúûüũūŭůűų"),
            ("w", "ŵ"), ("y", "ýÿŷ"), ("z", "źżž"),
        ] {
            for scalar in others.unicodeScalars { letters[scalar] = plain }
        }
        return letters
    }()

    /// Jaro's measure of two texts, and a tenth of what is missing to 1 for each of the first four bytes
    /// that agree.
    private static func winkler(_ left: [UInt8], _ right: [UInt8]) -> Double {
        let jaro = jaro(left, right)
        let common = zip(left, right).prefix { $0 == $1 }.prefix(4).count
        return jaro + Double(common) * 0.1 * (1 - jaro)
    }

    private static func jaro(_ left: [UInt8], _ right: [UInt8]) -> Double {
        guard !left.isEmpty, !right.isEmpty else { return left.count == right.count ? 1 : 0 }
        let reach = max(0, max(left.count, right.count) / 2 - 1)
        var taken = [Bool](repeating: false, count: right.count)
        var (ofLeft, count): ([UInt8], Int) = ([], 0)
        for (place, byte) in left.enumerated() {
            let first = min(right.count, max(0, place - reach))
            let window = first..<min(right.count, place + reach + 1)
            guard let match = window.first(where: { !taken[$0] && right[$0] == byte }) else {
                continue
            }
            taken[match] = true
            ofLeft.append(byte)
            count += 1
        }
        guard count > 0 else { return 0 }
        let ofRight = right.indices.filter { taken[$0] }.map { right[$0] }
        let swapped = zip(ofLeft, ofRight).count { $0 != $1 }
        let matches = Double(count)
        return
            (matches / Double(left.count) + matches / Double(right.count)
            + (matches - Double(swapped) / 2) / matches) / 3
    }
}

/// Orders words.
private func < (left: [UInt8], right: [UInt8]) -> Bool { left.lexicographicallyPrecedes(right) }
