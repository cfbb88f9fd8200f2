internal import EventLog

/// What reads views.
extension CommandTable {
    static let views = [
        make(
            "TIMELINE", .views, .timeline,
            "Shows the events of a stream (\(StreamName.grammar)), of an interaction by its bare id, or "
                + "of the customer behind kind:value, c_id or interaction:id; newest first, with "
                + "FROM oldest first.",
            [
                .value("stream-or-identifier"), .option("FROM", "position", .integer),
                .option("BEFORE", "position", .integer), .option("COUNT", "n", .integer),
                .option("CHANNEL", "channel"), .option("TYPE", "pattern", multiple: true),
            ],
            reply: "JSON document with events and the next page's from or before, or null for an "
                + "unknown one"),
        make(
            "CUSTOMER", .views, .customer,
            "Shows the customer behind kind:value, c_id or interaction:id: a bounded card, or the "
                + "sections that FIELDS names with commas between them; with HISTORY also earlier "
                + "values and what is over; with POP what matters while it rings.",
            [
                .value("identifier"), .option("FIELDS", "sections"), .word("HISTORY"),
                .word("POP"),
            ],
            reply: "JSON document, or null for an unknown identifier"),
        make(
            "SIGNALS", .views, .signals,
            "Lists whom somebody should look at, by kind, the oldest first.",
            [
                .option("KIND", "kind", multiple: true),
                .option("OLDER", "milliseconds", .integer), .option("COUNT", "n", .integer),
                .option("PAGE", "next"),
            ],
            reply:
                "JSON document with up to n signals of each kind and, of a single kind of which there "
                + "may be more, next"),
        make(
            "INTERACTION", .views, .interaction, "Shows one interaction.", [.value("id")],
            reply: "JSON document, or null for an unknown interaction"),
        make(
            "QUEUE", .views, .queue, "Shows who waits in a queue and who is being served.",
            [.value("name")], reply: "JSON document, or null for an unknown queue"),
        make(
            "QUEUES", .views, .queues,
            "Shows queues by name, one line each, from a name on.",
            [.option("FROM", "name"), .option("COUNT", "n", .integer)],
            reply:
                "JSON document with up to n queues and, where there are more, the next page's from"
        ),
        make(
            "METRICS", .views, .metrics,
            "Computes the figures of a period; ONLY some metrics by name, or shows EVENTS: the "
                + "interactions behind them, or holds what a source claims against them. DEFINITIONS alone lists the metrics.",
            [
                .word("DEFINITIONS"), .option("FROM", "time"), .option("TO", "time"),
                .option("QUEUE", "name", multiple: true), .option("CHANNEL", "channel"),
                .option("ANCHOR", "created|offered|ended|overlap"),
                .option("BY", "quarter|hour|day|week|month"), .option("PER", "dimension"),
                .pair("WHERE", "dimension name"), .option("ONLY", "metric", multiple: true),
                .word("EVENTS"), .option("PAGE", "next"), .option("RECONCILE", "source"),
                .option("DAYS", "1|3|7|14|30", .integer), .pair("WITH", "definition version"),
                .option("ZONE", "iana-name"),
                .option("TARGET", "milliseconds", .integer, multiple: true),
                .option("SHORT", "milliseconds", .integer),
            ], reply: "JSON document with one row per interval and group"),
    ]
}
