internal import EventModel
internal import RESP

/// COMMAND: the table as clients ask for it.
extension CommandExecutor {
    func describe(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) {
        let names = try arguments.texts("name")
        // As many as there are: a name said again would be one more document.
        guard names.count <= table.commands.count else {
            throw .badArgument(
                command.name, argument: "name",
                expected: "given at most \(table.commands.count) times")
        }
        switch try arguments.text("subcommand")?.uppercased() {
        case nil: writeInfo(table.commands.map(\.self), session)
        case "COUNT": session.replies.integer(table.commands.count)
        case "LIST":
            session.replies.array(table.commands.count)
            for command in table.commands { session.replies.bulk(command.name.lowercased()) }
        case "INFO": writeInfo(names.isEmpty ? table.commands : names.map { find($0) }, session)
        case "DOCS":
            let found = names.isEmpty ? table.commands : names.compactMap { find($0) }
            session.replies.map(found.count)
            for command in found {
                session.replies.bulk(command.name.lowercased())
                writeDocs(command, session)
            }
        default:
            throw .badArgument(
                command.name, argument: "subcommand", expected: "COUNT, LIST, INFO or DOCS")
        }
    }

    private func find(_ name: String) -> CommandDefinition? {
        unsafe table.command(name.utf8Span.span.bytes)
    }

    private func writeInfo(_ commands: [CommandDefinition?], _ session: Session) {
        session.replies.array(commands.count)
        for command in commands {
            guard let command else {
                session.replies.nullArray()
                continue
            }
            let (least, most) = command.arity
            session.replies.array(6)
            session.replies.bulk(command.name.lowercased())
            session.replies.integer(most == least ? least : -least)
            let flags = command.action.flags
            session.replies.array(flags.count)
            for flag in flags { session.replies.simpleString(flag) }
            // No keys: nothing here is sharded by key.
            session.replies.integer(0)
            session.replies.integer(0)
            session.replies.integer(0)
        }
    }

    private func writeDocs(_ command: CommandDefinition, _ session: Session) {
        session.replies.map(command.arguments.isEmpty ? 5 : 6)
        session.replies.bulk("summary")
        session.replies.bulk(command.summary)
        session.replies.bulk("since")
        session.replies.bulk(command.since)
        session.replies.bulk("group")
        session.replies.bulk(command.group.rawValue)
        session.replies.bulk("role")
        session.replies.bulk(command.role.rawValue)
        session.replies.bulk("reply")
        session.replies.bulk(command.reply)
        guard !command.arguments.isEmpty else { return }
        session.replies.bulk("arguments")
        session.replies.array(command.arguments.count)
        for argument in command.arguments {
            var flags: [String] = []
            if argument.isOptional { flags.append("optional") }
            if argument.isMultiple { flags.append("multiple") }
            session.replies.map(2 + (argument.token == nil ? 0 : 1) + (flags.isEmpty ? 0 : 1))
            session.replies.bulk("name")
            session.replies.bulk(argument.name)
            session.replies.bulk("type")
            session.replies.bulk(argument.kind.rawValue)
            if let token = argument.token {
                session.replies.bulk("token")
                session.replies.bulk(token)
            }
            guard !flags.isEmpty else { continue }
            session.replies.bulk("flags")
            session.replies.array(flags.count)
            for flag in flags { session.replies.simpleString(flag) }
        }
    }
}
