/// What is told as it happens, and what is remembered of how far somebody has read.
extension CommandTable {
    static let follow = [
        make(
            "FOLLOW", .follow, .follow,
            "Pushes (RESP3) the events of the log from a position on, or the document of a customer or "
                + "queue whenever it changes; with CREDIT only so many until CREDIT gives more. LIST "
                + "shows what this connection follows.",
            [
                .word("LOG"), .option("FROM", "position", .integer),
                .option("EPOCH", "n", .integer), .option("TYPE", "pattern", multiple: true),
                .option("CHANNEL", "channel", multiple: true),
                .option("IDENTIFIER", "kind:value", multiple: true),
                .option("CUSTOMER", "identifier"), .option("QUEUE", "name"),
                .option("CREDIT", "n", .integer), .word("LIST"),
            ],
            reply:
                "the follow's id, then pushes: follow id event|changed|live|behind|closing|ended "
                + "position …; for LIST a JSON document"),
        make(
            "UNFOLLOW", .follow, .unfollow, "Ends a follow.", [.value("id", .integer)],
            reply: "the position to go on from"),
        make(
            "CREDIT", .follow, .credit, "Lets a follow push so many more events or documents.",
            [.value("id", .integer), .value("n", .integer)],
            reply: "the credit there is now, or null for a follow without bound"),
    ]
}
