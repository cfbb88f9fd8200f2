/// What is told as it happens, and what is remembered of how far somebody has read.
extension CommandTable {
    static let follow = [
        make(
            "FOLLOW", .follow, .follow,
            "Pushes (RESP3) the events of the log from a position on, or the document of a customer or "
                + "queue whenever it changes, or signals of some kinds whenever one begins or ends; "
                + "with CREDIT only so many until CREDIT gives more. LIST "
                + "shows what this connection follows.",
            [
                .word("LOG"), .option("FROM", "position", .integer),
                .option("EPOCH", "n", .integer), .option("TYPE", "pattern", multiple: true),
                .option("CHANNEL", "channel", multiple: true),
                .option("IDENTIFIER", "kind:value", multiple: true),
                .option("CUSTOMER", "identifier"), .option("QUEUE", "name"),
                .word("SIGNALS"), .option("KIND", "kind", multiple: true),
                .option("OLDER", "milliseconds", .integer), .option("COUNT", "n", .integer),
                .option("CREDIT", "n", .integer), .word("LIST"),
            ],
            reply:
                "the follow's id, then pushes: follow id event|changed|live|behind|closing|ended "
                + "position …; for LIST a JSON document",
            subcommands:
                "LOG FROM position, CUSTOMER identifier, QUEUE name, SIGNALS KIND kind …, LIST"),
        make(
            "UNFOLLOW", .follow, .unfollow, "Ends a follow.", [.value("id", .integer)],
            reply: "the position to go on from"),
        make(
            "CREDIT", .follow, .credit, "Lets a follow push so many more events or documents.",
            [.value("id", .integer), .value("n", .integer)],
            reply: "the credit there is now, or null for a follow without bound"),
        make(
            "CONSUMER", .follow, .consumer,
            "Reads the log under a name whose place is kept: CREATE name FROM position, READ name, "
                + "ACK name position (all up to there is done; DURABLE waits for the disk, EPOCH n refuses positions that "
                + "meant other events in that epoch), RESET name "
                + "position, DELETE name, LIST. A consumer is its maker's: other users than that and "
                + "operators are refused. GIVE name user (operators only) hands it to another user.",
            [
                .option("CREATE", "name"), .option("READ", "name"),
                .named("ACK", "position"), .named("RESET", "position"), .option("DELETE", "name"),
                .named("GIVE", "user"), .word("LIST"),
                .option("FROM", "position", .integer), .option("EPOCH", "n", .integer),
                .option("TYPE", "pattern", multiple: true),
                .option("CHANNEL", "channel", multiple: true),
                .option("COUNT", "n", .integer), .option("WAIT", "milliseconds", .integer),
                .word("DURABLE"),
            ],
            reply: "OK; for READ an array of the position to go on from and an array of JSON "
                + "documents; for ACK the position up to which all is done; for LIST a JSON document",
            subcommands: "CREATE name FROM position, READ name, ACK name position, RESET name "
                + "position, DELETE name, GIVE name user, LIST"),
    ]
}

extension ArgumentDefinition {
    /// A subcommand that takes a consumer's name and a number.
    fileprivate static func named(_ token: String, _ number: String) -> ArgumentDefinition {
        ArgumentDefinition(
            name: "name \(number)", kind: .string, token: token, valueCount: 2, isOptional: true,
            isMultiple: false)
    }
}
