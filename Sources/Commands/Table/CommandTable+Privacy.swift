/// Forgetting people.
extension CommandTable {
    static let privacy = [
        make(
            "ERASE", .privacy, .erase, role: .privacy,
            "Forgets a person: from its position on nothing shows what they said or who they were, "
                + "and soon no file holds it; figures stay. DRYRUN tells what would go, "
                + "and which of others' texts quote them, FROM a position on.",
            [
                .value("customer"), .option("REASON", "text", required: true),
                .option("ACTOR", "who"), .option("REQUEST", "id"), .word("DRYRUN"),
                .option("FROM", "position", .integer),
            ], reply: "JSON document"),
        make(
            "REDACT", .privacy, .redact, role: .privacy,
            "Forgets fields of an event, or what fits a pattern in a range of events: as ERASE does, "
                + "at once and then in every file. Other fields and the figures stay.",
            [
                .value("position", .integer), .option("TO", "position", .integer),
                .option("FIELD", "name", multiple: true),
                .option("PATTERN", "expression"), .option("REASON", "text", required: true),
                .option("ACTOR", "who"), .option("REQUEST", "id"), .word("DRYRUN"),
            ], reply: "JSON document"),
        make(
            "EXPORT", .privacy, .exportCustomer, role: .privacy,
            "Tells everything that is known of a person and where it is from, a page of events at a "
                + "time.",
            [
                .value("customer"), .option("FROM", "position", .integer),
                .option("COUNT", "n", .integer), .option("AFTER", "position", .integer),
                .option("WITHIN", "milliseconds", .integer),
            ], reply: "JSON document"),
    ]
}
