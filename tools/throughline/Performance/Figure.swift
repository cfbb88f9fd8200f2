import Importing
import JSON

/// One metric's value as documents have it: a share (`value` with `part` or `part_ms`), a duration (`value_ms`),
/// or a score or count (`value`).
struct Figure {
    private let document: JSONValue?

    init(_ document: JSONValue?) { self.document = document }

    private var isShare: Bool { document?["part"] != nil || document?["part_ms"] != nil }

    /// The value; `–` where there was nothing to divide by.
    var text: String {
        if isShare { return Cell.percentage(document?["value"]) }
        for part in ["value", "value_ms", "mean_ms"] {
            if let value = document?[part] { return Cell.text(value, name: part) }
        }
        return "–"
    }

    /// The 95 % interval of a share; nothing for other figures.
    var interval: String {
        guard document?["low"] != nil else { return "" }
        return "\(Cell.percentage(document?["low"])) to \(Cell.percentage(document?["high"]))"
    }

    /// The value that it is held against; none where nothing lies beside it.
    var before: Figure { Figure(document?["before"]) }

    /// How much it has grown since: points of a share, time, or as many.
    var change: String {
        if let change = number("change_ms") {
            let duration = Cell.duration(Int64(change.rounded()))
            return change > 0 ? "+\(duration)" : duration
        }
        guard let change = number("change") else { return "–" }
        guard isShare else {
            let text = Self.trimmed(Cell.text(document?["change"] ?? .null, name: "change"))
            return change > 0 ? "+\(text)" : text
        }
        let tenths = Int64((change * 1_000).rounded())
        let sign = tenths < 0 ? "-" : tenths > 0 ? "+" : ""
        return "\(sign)\(tenths.magnitude / 10).\(tenths.magnitude % 10) points"
    }

    /// Decimals without the zeros at their end.
    static func trimmed(_ text: String) -> String {
        guard text.contains(".") else { return text }
        var text = text
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }

    /// A number for a course: thousandths of a share, milliseconds, or the value; nil where there is
    /// none.
    var height: Int64? {
        guard let value = number("value") ?? number("value_ms") ?? number("mean_ms") else {
            return nil
        }
        return Int64(clamping: Int((value * (isShare ? 1_000 : 1)).rounded()))
    }

    /// A member as a number; nil where it is none that can be shown.
    func number(_ name: String) -> Double? {
        let number: Double? =
            switch document?[name] {
            case .integer(let number): Double(number)
            case .number(let digits): Double(digits)
            default: nil
            }
        return number.flatMap { $0.magnitude < 1e15 ? $0 : nil }
    }

    /// What is aimed at, in the unit of the value; nil where nothing is.
    var target: String? {
        if let target = document?["target_ms"] { return Cell.text(target, name: "target_ms") }
        guard let target = document?["target"] else { return nil }
        return isShare ? Cell.percentage(target) : Cell.text(target, name: "target")
    }
}
