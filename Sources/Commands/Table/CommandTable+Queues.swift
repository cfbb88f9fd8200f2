/// What reads the live state of queues and agents.
extension CommandTable {
    static let queues = [
        make(
            "WAITING", .views, .waiting,
            "Shows who waits in a queue, in the order of being served, and what else they have open.",
            [.value("queue"), .option("COUNT", "n", .integer)],
            reply: "JSON document, or null for an unknown queue"),
        make(
            "WAIT", .views, .wait,
            "Tells how long it will take in a queue, for who comes now or for one who waits: a "
                + "range from the median to what four of five do not exceed, with the inputs.",
            [.value("queue"), .option("INTERACTION", "id")],
            reply: "JSON document, or null for an unknown queue or who does not wait in it"),
        make(
            "AGENT", .views, .agent,
            "Shows one agent: presence, activity, slots, skills, queues, contacts, stream version.",
            [.value("id")], reply: "JSON document, or null for an unknown agent"),
        make(
            "AGENTS", .views, .agents,
            "Shows agents, one line each: all, those of a QUEUE, those in a STATE; with FREE those "
                + "who can be offered work of a queue now, longest idle first, each with the "
                + "version that EXPECT agent-<id> needs.",
            [
                .option("FREE", "queue"), .option("CHANNEL", "channel"),
                .option("SKILL", "skill>=level", multiple: true), .option("LANGUAGE", "tag"),
                .option("QUEUE", "name"), .option("STATE", "presence-or-activity"),
                .option("COUNT", "n", .integer),
            ], reply: "JSON document, or null for an unknown FREE queue"),
    ]
}
