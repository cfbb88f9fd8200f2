import Importing
import JSON

/// One event in one line.
enum EventLine {
    private static let leading = ["position", "occurred", "type"]
    /// What says little to a person; `--json` has it.
    private static let left = ["recorded"]
    private static let valueLengthMax = 60

    static func text(_ event: JSONValue) -> String {
        let position = Cell.text(event["position"] ?? .null, name: "position")
        let occurred = Cell.text(event["occurred"] ?? .null, name: "occurred")
        let type = Cell.text(event["type"] ?? .null, name: "type")
        var parts = [
            DisplayWidth.pad(position, to: 9, right: true), occurred,
            DisplayWidth.pad(type, to: 24),
        ]
        parts += pairs(event.members ?? []).filter { !$0.isEmpty }
        var line = parts.joined(separator: "  ")
        while line.hasSuffix(" ") { line.removeLast() }
        return line
    }

    private static func pairs(_ members: [JSONValue.Member]) -> [String] {
        members.filter { !leading.contains($0.name) && !left.contains($0.name) }
            .flatMap { member -> [String] in
                if let inner = member.value.members, member.name == "attributes" {
                    return pairs(inner)
                }
                if member.name == "identifiers", let list = member.value.elements {
                    return list.map(identifier)
                }
                return [pair(member.name, Cell.text(member.value, name: ""))]
            }
    }

    /// An identifier under its role, as APPEND takes it.
    private static func identifier(_ value: JSONValue) -> String {
        func part(_ name: String) -> String { Cell.text(value[name] ?? .null, name: "") }
        return pair(value["role"]?.text ?? "identifier", "\(part("kind")):\(part("value"))")
    }

    /// - Parameter text: What may be printed as it is.
    private static func pair(_ name: String, _ text: String) -> String {
        let shown = text.count > valueLengthMax ? "\(text.prefix(valueLengthMax - 1))…" : text
        return "\(Escaping.printable(name))=\(shown)"
    }
}
