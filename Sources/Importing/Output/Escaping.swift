/// Makes text from events safe to show: it was written by customers and by other systems.
public enum Escaping {
    /// Returns the text with every character that could move the cursor, reorder the line or hide
    /// itself written as `\u{…}`: controls, line separators, bidirectional marks, and what has no
    /// width.
    public static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where isUnsafe(scalar):
                result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Returns a JSON document that means the same, in which such characters stand as `\uXXXX`.
    /// What is no JSON in UTF-8 is returned as it is.
    public static func document(_ bytes: [UInt8]) -> [UInt8] {
        // Controls below the blank stand between a document's parts, never raw in its texts.
        guard bytes.contains(where: { $0 >= 0x7F }),
            let text = String(validating: bytes, as: UTF8.self)
        else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for scalar in text.unicodeScalars {
            if scalar.value >= 0x20, isUnsafe(scalar) {
                for unit in UTF16.encode(scalar) ?? .init() {
                    let digits = String(unit, radix: 16)
                    let zeros = String(repeating: "0", count: 4 - digits.count)
                    result.append(contentsOf: "\\u\(zeros)\(digits)".utf8)
                }
            } else {
                result.append(contentsOf: UTF8.encode(scalar) ?? .init())
            }
        }
        return result
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value >= 0x20, scalar.value < 0x7F { return false }
        // Emoji need the variation selectors, scripts and emoji the joiners; everything else that
        // may be left out when drawn is invisible, Hangul's fillers and the tags among them.
        if (0xFE00...0xFE0F).contains(scalar.value) || (0x200C...0x200D).contains(scalar.value) {
            return false
        }
        if scalar.properties.isDefaultIgnorableCodePoint { return true }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned,
            .privateUse:
            return true
        default: return false
        }
    }
}
