internal import EventLog
internal import EventModel
internal import RESP

/// Commands about the connection and the commands themselves.
extension CommandExecutor {
    func runConnection(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        switch command.action {
        case .hello: try hello(command, arguments, session)
        case .ping:
            if let message = arguments.bytes("message") {
                session.replies.bulk(message)
            } else {
                session.replies.simpleString("PONG")
            }
        case .echo: session.replies.bulk(arguments.bytes("message") ?? [])
        case .auth: throw .noPasswords
        case .quit:
            session.replies.simpleString("OK")
            return .closes
        case .select:
            guard try arguments.text("index") == "0" else {
                throw .badArgument(
                    command.name, argument: "index", expected: "0: a daemon has one store")
            }
            session.replies.simpleString("OK")
        case .client: try client(command, arguments, session)
        case .command: try describe(command, arguments, session)
        case .info: session.replies.bulk(info(try arguments.texts("section")))
        default: preconditionFailure("\(command.name) is not about the connection")
        }
        return .answered
    }

    private func hello(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) {
        let version = try arguments.text("protover")
        guard version == nil || version == "2" || version == "3" else { throw .noProtocol }
        guard version != "2" || !session.isFollowing else {
            throw .badArgument(
                command.name, argument: "protover",
                expected: "3 while this connection follows; UNFOLLOW first")
        }
        let credentials = try arguments.texts("AUTH")
        guard credentials.isEmpty else { throw .noPasswords }
        if let name = try arguments.text("SETNAME") { try rename(session, to: name, command) }
        if let version {
            session.replies.protocolVersion = version == "3" ? .resp3 : .resp2
        }
        session.replies.map(10)
        session.replies.bulk("server")
        session.replies.bulk("throughline")
        session.replies.bulk("version")
        session.replies.bulk(environment.version)
        session.replies.bulk("proto")
        session.replies.integer(session.replies.protocolVersion == .resp3 ? 3 : 2)
        session.replies.bulk("id")
        session.replies.integer(session.id)
        session.replies.bulk("mode")
        session.replies.bulk("standalone")
        session.replies.bulk("role")
        session.replies.bulk(session.role.rawValue)
        session.replies.bulk("modules")
        session.replies.array(0)
        session.replies.bulk("store")
        session.replies.bulk(environment.storeID)
        session.replies.bulk("epoch")
        session.replies.integer(environment.epoch)
        session.replies.bulk("head")
        session.replies.integer(log.head.position.rawValue)
    }

    private func rename(
        _ session: Session, to name: String, _ command: CommandDefinition
    ) throws(CommandError) {
        guard name.utf8.count <= CommandLimits.clientNameBytesMax,
            name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            throw .badArgument(
                command.name, argument: "clientname",
                expected: "at most \(CommandLimits.clientNameBytesMax) printable ASCII characters "
                    + "without blanks")
        }
        session.name = name
    }

    private func client(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) {
        let words = try arguments.texts("argument")
        switch (try arguments.text("subcommand") ?? "").uppercased() {
        case "SETNAME" where words.count == 1:
            try rename(session, to: words[0], command)
            session.replies.simpleString("OK")
        case "SETINFO" where words.count == 2:
            guard ["LIB-NAME", "LIB-VER"].contains(words[0].uppercased()),
                words[1].utf8.count <= CommandLimits.clientNameBytesMax,
                words[1].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
            else {
                throw .badArgument(
                    command.name, argument: "SETINFO", expected: "LIB-NAME or LIB-VER and a word")
            }
            session.library[words[0].uppercased()] = words[1]
            session.replies.simpleString("OK")
        case "GETNAME" where words.isEmpty:
            session.name.isEmpty ? session.replies.null() : session.replies.bulk(session.name)
        case "ID" where words.isEmpty: session.replies.integer(session.id)
        case "LIST" where words.isEmpty: session.replies.bulk(clientList(for: session))
        case "INFO" where words.isEmpty: session.replies.bulk(clientLine(of: session))
        case "READAFTERWRITE" where words.count == 1 && isSwitch(words[0]):
            session.readsOwnAppends = words[0].uppercased() == "ON"
            session.replies.simpleString("OK")
        default:
            throw .badArgument(
                command.name, argument: "subcommand",
                expected:
                    "SETNAME name, SETINFO attribute value, GETNAME, ID, LIST, INFO or "
                    + "READAFTERWRITE ON|OFF")
        }
    }

    private func isSwitch(_ word: String) -> Bool { ["ON", "OFF"].contains(word.uppercased()) }
}
