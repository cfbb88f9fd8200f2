/// Who is who.
extension CommandTable {
    static let identity = [
        make(
            "IDENTITY", .views, .identity,
            "Shows by which events the identifiers of a person are one, what was rejected and who "
                + "else it may be.",
            [.value("identifier")],
            reply: "JSON document, or null for an unknown identifier"),
        make(
            "MERGE", .write, .merge, role: .writer,
            "Says that two customers are one person; UNMERGE takes it back.",
            [.value("customer"), .value("other")] + statement, reply: "position"),
        make(
            "UNMERGE", .write, .unmerge, role: .writer,
            "Says that two customers are two persons: what united them ends, and no rule unites "
                + "them again.",
            [.value("customer"), .value("other")] + statement, reply: "position"),
        make(
            "BLOCK", .write, .block, role: .writer,
            "Takes an identifier out of use: it shows nobody from then on, and what it united is "
                + "apart again.",
            [.value("identifier")] + statement, reply: "position"),
    ]

    /// What every statement says of itself, and what the reader must see before it is made.
    private static let statement: [ArgumentDefinition] = [
        .option("REASON", "text", required: true), .option("ACTOR", "who", required: true),
        .option("AFTER", "position", .integer), .option("WITHIN", "milliseconds", .integer),
    ]
}
