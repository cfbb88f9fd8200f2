import Importing
import JSON

/// How single values of a document are shown.
enum Cell {
    /// Returns a member's name as a label: `oldest_wait_ms` is an oldest wait.
    static func label(_ name: String) -> String {
        let words = name.hasSuffix("_ms") ? String(name.dropLast(3)) : name
        return Escaping.printable(words.replacing("_", with: " "))
    }

    /// Returns a value in one line.
    static func text(_ value: JSONValue, name: String) -> String {
        switch value {
        case .null: return "–"
        case .boolean(let flag): return flag ? "yes" : "no"
        case .integer(let number): return name.hasSuffix("_ms") ? duration(number) : "\(number)"
        case .number(let digits): return number(digits, name: name)
        case .string(let text): return Escaping.printable(text)
        case .array(let elements):
            return elements.isEmpty
                ? "none" : elements.map { Cell.text($0, name: name) }.joined(separator: ", ")
        case .object(let members):
            return members.isEmpty
                ? "none"
                : members.map { "\(label($0.name)) \(Cell.text($0.value, name: $0.name))" }
                    .joined(separator: ", ")
        }
    }

    /// Returns a number with a fraction: durations in whole milliseconds, others to four decimals;
    /// more say nothing to a person, and `--json` has them.
    private static func number(_ digits: String, name: String) -> String {
        guard let value = Double(digits), value.magnitude < 1e12 else { return digits }
        if name.hasSuffix("_ms") { return duration(Int64(value.rounded())) }
        let units = Int64((value * 10_000).rounded())
        let (whole, rest) = units.magnitude.quotientAndRemainder(dividingBy: 10_000)
        let decimals = String(10_000 + rest).dropFirst()
        return "\(units < 0 ? "-" : "")\(whole).\(decimals)"
    }

    /// Returns a share as a percentage with one decimal; `–` where there is none.
    static func percentage(_ value: JSONValue?) -> String {
        let share: Double? =
            switch value {
            case .number(let digits): Double(digits)
            case .integer(let number): Double(number)
            default: nil
            }
        guard let share, share.magnitude <= 1_000 else { return "–" }
        let tenths = Int64((share * 1_000).rounded())
        return "\(tenths / 10).\(tenths.magnitude % 10) %"
    }

    /// Whether a value stands in one line beside its name.
    static func isSimple(_ value: JSONValue) -> Bool {
        switch value {
        case .array(let elements): elements.allSatisfy(isScalar)
        case .object(let members): members.isEmpty
        default: true
        }
    }

    /// Whether a value fits into a table's cell: no list of objects in it.
    static func isShort(_ value: JSONValue) -> Bool {
        switch value {
        case .array(let elements): elements.count <= 8 && elements.allSatisfy(isScalar)
        case .object(let members): members.isEmpty
        default: true
        }
    }

    static func isScalar(_ value: JSONValue) -> Bool {
        switch value {
        case .array, .object: false
        default: true
        }
    }

    static func isNumeric(_ value: JSONValue, name: String) -> Bool {
        switch value {
        case .integer, .number, .null: true
        default: false
        }
    }

    static func integer(_ value: JSONValue?) -> Int64 {
        if case .integer(let number) = value { number } else { 0 }
    }

    /// Returns milliseconds in the two greatest units that matter.
    static func duration(_ milliseconds: Int64) -> String {
        let sign = milliseconds < 0 ? "-" : ""
        let total = milliseconds.magnitude
        let seconds = total / 1_000
        switch total {
        case ..<1_000: return "\(sign)\(total) ms"
        case ..<60_000: return "\(sign)\(seconds).\(total % 1_000 / 100) s"
        case ..<3_600_000: return "\(sign)\(seconds / 60) m \(seconds % 60) s"
        case ..<86_400_000: return "\(sign)\(seconds / 3_600) h \(seconds / 60 % 60) m"
        default: return "\(sign)\(seconds / 86_400) d \(seconds / 3_600 % 24) h"
        }
    }
}
