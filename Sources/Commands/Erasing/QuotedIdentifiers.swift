internal import EventModel

/// A person's identifiers as others write them in texts.
enum QuotedIdentifiers {
    /// Digits from which on a value of nothing else is taken for a telephone's number.
    private static let phoneDigitsMin = 7
    /// Digits at a number's end that are the same with and without the country in front.
    private static let phoneDigitsCompared = 9

    /// The values that are long enough to be known in a text.
    static func values(of identifiers: Set<[UInt8]>) -> [String] {
        let values = identifiers.compactMap { name -> String? in
            guard let colon = name.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            let value = String(decoding: name[(colon + 1)...], as: UTF8.self)
            return value.utf8.count >= CommandLimits.identifierBytesRecognised ? value : nil
        }
        return Set(values).sorted()
    }

    /// What fits each of them, in letters of either case, and numbers however they are parted; nil
    /// where none is long enough.
    static func pattern(of identifiers: Set<[UInt8]>) -> TextPattern? {
        let forms = Set(values(of: identifiers).map(form)).sorted()
        guard !forms.isEmpty else { return nil }
        let text = "(?i)" + forms.joined(separator: "|")
        do throws(PatternFault) {
            return try TextPattern(text, ofBytes: text.utf8.count)
        } catch {
            preconditionFailure("a quoted value is no pattern: \(error.expected)")
        }
    }

    private static func form(_ value: String) -> String {
        let digits = value.utf8.filter { (0x30...0x39).contains($0) }
        let others = value.utf8.count - digits.count
        guard digits.count >= phoneDigitsMin, others == (value.hasPrefix("+") ? 1 : 0) else {
            return value.unicodeScalars.map(quoted).joined()
        }
        return digits.suffix(phoneDigitsCompared).map { "\($0 - 0x30)" }
            .joined(separator: "[ ./()-]*")
    }

    private static func quoted(_ scalar: Unicode.Scalar) -> String {
        "\\.[](){}^$|*+?".unicodeScalars.contains(scalar) ? "\\\(scalar)" : "\(scalar)"
    }
}
