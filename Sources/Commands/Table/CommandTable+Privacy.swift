/// Forgetting people.
extension CommandTable {
    static let privacy = [
        make(
            "ERASE", .privacy, .erase, role: .privacy,
            "Forgets a person: from its position on nothing shows what they said or who they were, "
                + "and soon no file holds it; figures stay. DRYRUN tells what would go.",
            [
                .value("customer"), .option("REASON", "text", required: true),
                .option("ACTOR", "who"), .option("REQUEST", "id"), .word("DRYRUN"),
            ], reply: "JSON document")
    ]
}
