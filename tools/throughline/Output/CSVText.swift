import Importing
import JSON

/// Comma-separated values (RFC 4180), lines ending in CR LF as it says.
///
/// A member of an inner object is named by the path to it (`totals_offered`), an element of a list
/// of objects by its number (`targets_1_target_ms`); values of a list stand in one field with
/// semicolons between them. A name that a line has not is empty there.
enum CSVText {
    /// Returns rows below the line of their names; nothing where there are no rows.
    static func text(_ rows: [JSONValue]) -> String {
        let flat = rows.map { flattened($0) }
        var names: [String] = []
        var seen: Set<String> = []
        for field in flat.joined() where seen.insert(field.name).inserted {
            names.append(field.name)
        }
        guard !names.isEmpty else { return "" }
        return line(names)
            + flat.map { fields in
                let values = Dictionary(
                    fields.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
                return line(names.map { values[$0] ?? "" })
            }.joined()
    }

    /// Returns one line.
    static func line(_ fields: [String]) -> String {
        fields.map(quoted).joined(separator: ",") + "\r\n"
    }

    /// Where a person looks, nothing in a value moves the cursor; a file has it as it is.
    private static func quoted(_ text: String) -> String {
        let text = Terminal.isOutputShown ? Escaping.printable(text) : text
        let isPlain = text.unicodeScalars.allSatisfy { !",\"\r\n".unicodeScalars.contains($0) }
        return isPlain ? text : "\"\(text.replacing("\"", with: "\"\""))\""
    }

    /// The fields of a value, by name.
    private static func flattened(
        _ value: JSONValue, _ name: String = ""
    ) -> [(name: String, text: String)] {
        func path(_ part: String) -> String { name.isEmpty ? part : "\(name)_\(part)" }
        switch value {
        case .object(let members):
            return members.flatMap { flattened($0.value, path($0.name)) }
        case .array(let elements) where elements.contains(where: { !Cell.isScalar($0) }):
            return elements.enumerated().flatMap { flattened($0.element, path("\($0.offset + 1)")) }
        case .array:
            return [(name, field(value))]
        default: return [(name.isEmpty ? "value" : name, plain(value))]
        }
    }

    /// A value in one field: of a list its elements with semicolons between them, identifiers as
    /// `kind:value`; other objects as JSON has them.
    static func field(_ value: JSONValue) -> String {
        guard let elements = value.elements else { return plain(value) }
        return elements.map { element in
            guard let kind = element["kind"], let value = element["value"] else {
                return plain(element)
            }
            return "\(plain(kind)):\(plain(value))"
        }.joined(separator: ";")
    }

    /// A single value, as JSON has it but without quotes; nothing for null.
    static func plain(_ value: JSONValue) -> String {
        switch value {
        case .null: return ""
        case .string(let text): return text
        default:
            var bytes: [UInt8] = []
            value.write(to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
