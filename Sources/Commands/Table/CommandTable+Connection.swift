/// The connection itself.
extension CommandTable {
    static let connection = [
        make(
            "HELLO", .connection, .hello,
            "Chooses the protocol version and tells about the server.",
            [
                .value("protover", .integer, optional: true),
                ArgumentDefinition(
                    name: "username password", kind: .string, token: "AUTH", valueCount: 2,
                    isOptional: true, isMultiple: false),
                .option("SETNAME", "clientname"),
            ], reply: "map: server, version, proto, id, store, epoch, head …"),
        make(
            "AUTH", .connection, .auth,
            "Refused: the socket tells who a peer is, there are no passwords.",
            [.value("credential", multiple: true)], reply: "the error WRONGPASS"),
        make(
            "PING", .connection, .ping, "Answers PONG, or the message.",
            [.value("message", optional: true)], reply: "PONG or the message"),
        make(
            "ECHO", .connection, .echo, "Answers the message.", [.value("message")],
            reply: "the message"),
        make(
            "QUIT", .connection, .quit, "Answers OK and closes the connection.", reply: "OK"),
        make(
            "SELECT", .connection, .select,
            "Accepts database 0, the only one, for clients that select one.",
            [.value("index", .integer)], reply: "OK"),
        make(
            "CLIENT", .connection, .client,
            "Names the connection: SETNAME name, SETINFO attribute value, GETNAME, ID; LIST shows "
                + "all connections to an operator, its own user's to everybody else, INFO this one; "
                + "READAFTERWRITE ON|OFF has its reads of views wait for its own appends.",
            [.value("subcommand"), .value("argument", optional: true, multiple: true)],
            reply: "by subcommand"),
        make(
            "COMMAND", .connection, .command,
            "Describes the commands: COUNT, LIST, INFO [name …], DOCS [name …].",
            [
                .value("subcommand", optional: true),
                .value("name", optional: true, multiple: true),
            ], reply: "by subcommand"),
        make(
            "INFO", .connection, .info, "Tells how the daemon stands.",
            [.value("section", optional: true, multiple: true)],
            reply: "text, lines of name:value under # sections"),
    ]
}
