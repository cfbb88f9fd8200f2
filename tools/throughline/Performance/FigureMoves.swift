import Importing
import JSON

/// A figure at two moments, and the contacts that made the difference.
struct FigureMoves {
    private struct Move {
        let interaction: String
        let then: JSONValue?
        let now: JSONValue?
        /// Its events behind the first moment.
        let since: [JSONValue]
    }

    private let then: JSONValue
    private let now: JSONValue
    private let moves: [Move]

    /// - Parameters: What is counted by contact at the two moments, as `ContactValuesDocument` says
    ///   it.
    init(then: JSONValue, now: JSONValue) {
        (self.then, self.now) = (then, now)
        let end = Cell.integer(then["position"])
        func contacts(_ document: JSONValue) -> [(name: String, value: JSONValue)] {
            (document["contacts"]?.elements ?? []).compactMap { contact in
                contact["interaction"]?.text.map { ($0, contact) }
            }
        }
        let (old, new) = (contacts(then), contacts(now))
        let oldValues = Dictionary(old, uniquingKeysWith: { first, _ in first })
        let newValues = Dictionary(new, uniquingKeysWith: { first, _ in first })
        let gone = old.filter { newValues[$0.name] == nil }.map {
            Move(interaction: $0.name, then: $0.value, now: nil, since: [])
        }
        moves =
            gone
            + new.compactMap { name, value in
                let before = oldValues[name]
                guard before.map(Self.part) != Self.part(value) else { return nil }
                let positions = value["positions"]?.elements ?? []
                return Move(
                    interaction: name, then: before, now: value,
                    since: positions.filter { Cell.integer($0) > end })
            }
    }

    /// What a contact adds.
    private static func part(_ contact: JSONValue) -> [JSONValue?] {
        ["value", "value_ms", "n", "part"].map { contact[$0] }
    }

    /// A part in words: how many of how many, or the value.
    private static func text(_ contact: JSONValue?) -> String {
        guard let contact else { return "not counted" }
        guard let part = contact["part"], let n = contact["n"] else {
            return Figure(contact).text
        }
        return "\(CSVText.plain(part)) of \(CSVText.plain(n))"
    }

    func text(most: Int) -> String {
        func line(_ title: String, _ document: JSONValue) -> String {
            let position = Int(clamping: Cell.integer(document["position"])).grouped
            let n = Cell.text(document["n"] ?? .null, name: "n")
            return "\(title)  \(Figure(document).text) of \(n), at position \(position)\n"
        }
        let metric = Cell.text(now["metric"] ?? .null, name: "metric")
        var text = Terminal.bold(metric) + "\n" + line("then", then) + line("now ", now) + "\n"
        guard !moves.isEmpty else {
            return text + "no contact has another part in it than it had\n"
        }
        var table = TextTable(
            titles: ["contact", "then", "now", "its events since"],
            isNumeric: [false, false, false, false])
        for move in moves.prefix(most) {
            let events = move.since.map { Cell.text($0, name: "") }
            table.add([
                Escaping.printable(move.interaction), Self.text(move.then), Self.text(move.now),
                events.isEmpty ? "none: others of the person's" : events.joined(separator: ", "),
            ])
        }
        text += table.lines().map { $0 + "\n" }.joined()
        if moves.count > most {
            text += "and \((moves.count - most).grouped) more; --count shows them\n"
        }
        return text + "throughline event N shows one\n"
    }

    var document: JSONValue {
        func figure(_ document: JSONValue) -> JSONValue {
            .object((document.members ?? []).filter { $0.name != "contacts" })
        }
        func part(_ contact: JSONValue?) -> JSONValue {
            guard let members = contact?.members else { return .null }
            return .object(members.filter { !["interaction", "positions"].contains($0.name) })
        }
        return .object([
            JSONValue.Member("then", figure(then)), JSONValue.Member("now", figure(now)),
            JSONValue.Member(
                "contacts",
                .array(
                    moves.map { move in
                        .object([
                            JSONValue.Member("interaction", .string(move.interaction)),
                            JSONValue.Member("then", part(move.then)),
                            JSONValue.Member("now", part(move.now)),
                            JSONValue.Member("events_since", .array(move.since)),
                        ])
                    })),
        ])
    }
}
