internal import EventLog

/// What reads the log.
extension CommandTable {
    static let log = [
        make("HEAD", .log, .head, "Tells the last position.", reply: "position"),
        make(
            "EVENT", .log, .event, "Shows one event.", [.value("position", .integer)],
            reply: "JSON document, or null beyond the head"),
        make(
            "EVENTS", .log, .events,
            "Shows events in order; with WAIT it waits for the first when there is none yet.",
            [
                .option("FROM", "position", .integer, required: true),
                .option("COUNT", "n", .integer), .option("TYPE", "pattern", multiple: true),
                .option("WAIT", "milliseconds", .integer),
            ], reply: "array of the position to go on from and an array of JSON documents"),
        make(
            "VERSION", .log, .version,
            "Tells how many events a stream has: \(StreamName.grammar).",
            [.value("stream")], reply: "number of events, 0 for a stream that has none"),
    ]
}
