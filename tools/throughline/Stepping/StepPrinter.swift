import JSON

/// Shows events of a walk, each with what it changed of what was known.
struct StepPrinter {
    /// Only changes whose path begins so count; nil for all.
    let only: String?
    let json: Bool
    private var before: JSONValue?

    /// - Parameter before: What was known before the first event; nil for nothing.
    init(only: String?, json: Bool, before: JSONValue?) {
        self.only = only
        self.json = json
        self.before = before
    }

    /// What moves with every event, or with the clock.
    private static func isAge(_ name: String) -> Bool {
        ["position", "now", "positions", "last_position"].contains(name) || name.hasSuffix("_ms")
    }

    /// Shows an event, given what was known when it had just been recorded.
    mutating func show(_ event: JSONValue, after: JSONValue?) {
        let all = DocumentDifference.changes(before, after, isLeftOut: Self.isAge)
        before = after
        let changes = all.filter { $0.path.hasPrefix(only ?? "") }
        guard only == nil || !changes.isEmpty else { return }
        if json {
            return OutputOptions.printed(
                .object([
                    JSONValue.Member("event", event),
                    JSONValue.Member("changes", .array(changes.map(\.document))),
                ]))
        }
        Terminal.write(
            EventLine.text(event) + "\n" + changes.map { "           \($0.text)\n" }.joined())
    }
}
