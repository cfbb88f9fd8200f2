@testable import Commands

/// The command table, the codes of errors and the limits as Markdown.
enum ReferencePage {
    static let text =
        [heading, groups, errors, limits].joined(separator: "\n")

    private static let heading = """
        # Commands

        Written by `ReferencePageTests` from the command table, the codes of errors and the limits; do
        not edit. What commands are for is told in `GUIDE.md`; `COMMAND DOCS name` says the same over
        the socket.
        A role includes reader; privacy and operator include writer, not each other.

        """

    private static var groups: String {
        CommandGroup.allCases.map { group in
            let commands = CommandTable.standard.commands.filter { $0.group == group }
            return "## \(group.rawValue)\n\n" + commands.map(describe).joined(separator: "\n")
        }.joined(separator: "\n")
    }

    private static func describe(_ command: CommandDefinition) -> String {
        """
        ### \(command.name)

        \(command.summary)

            \(command.usage)

        - answers: \(command.reply)
        - role: \(command.role.rawValue)
        - since: \(command.since)

        """
    }

    private static var errors: String {
        let parts = [
            ("the request is not as it must be", ErrorCodes.mistakes),
            ("the event is not taken, nothing of the request was stored", ErrorCodes.events),
            ("it may be otherwise later", ErrorCodes.states),
            ("an operator has to look", ErrorCodes.troubles),
        ]
        let tables = parts.map { title, lines in
            "| code | \(title) |\n|---|---|\n"
                + lines.map { "| `\($0.code)` | \($0.meaning) |" }.joined(separator: "\n") + "\n"
        }
        return """
            ## Errors

            An error is a code and a sentence that says what was wrong and what to do. Clients match
            the code; sentences may change. Bytes that are no request are answered `ERR Protocol
            error` with what was expected and what came, and the connection closes; behind all other
            errors it lives.

            \(tables.joined(separator: "\n"))
            """
    }

    private static var limits: String {
        let rows = Limit.allCases.map { limit in
            let definition = limit.definition
            return "| `\(definition.name)` | \(definition.standard) | "
                + "\(definition.range.lowerBound) to \(definition.range.upperBound) | "
                + "\(definition.summary) | \(definition.consequence) |"
        }
        return """
            ## Limits

            | limit | standard | range | bounds | at the bound |
            |---|---|---|---|---|
            \(rows.joined(separator: "\n"))

            """
    }
}
