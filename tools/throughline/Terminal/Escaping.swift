/// Makes text from events safe to show: it was written by customers and by other systems.
enum Escaping {
    /// Returns the text with every character that could move the cursor, reorder the line or hide
    /// itself written as `\u{…}`: controls, line separators, bidirectional marks, and what has no
    /// width.
    static func printable(_ text: String) -> String {
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

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value >= 0x20, scalar.value < 0x7F { return false }
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse:
            return true
        case .format:
            // Scripts and emoji need the joiners; every other format character is invisible.
            return scalar.value != 0x200C && scalar.value != 0x200D
        default: return false
        }
    }
}
