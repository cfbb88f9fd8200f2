/// What tells how well it goes.
extension CommandTable {
    private static let conditions: [ArgumentDefinition] = [
        .option("QUEUE", "name", multiple: true), .option("CHANNEL", "channel"),
        .pair("WHERE", "dimension name"), .option("DAYS", "1|3|7|14|30", .integer),
        .pair("WITH", "definition version"),
        .option("TARGET", "milliseconds", .integer), .option("SHORT", "milliseconds", .integer),
    ]

    static let performance = [
        make(
            "SCORECARD", .views, .scorecard,
            "Shows the performance picture of a period or season: value, target and change of each "
                + "metric AGAINST another season, yearBefore or periodBefore, and what to improve "
                + "first.",
            [
                .option("FROM", "time"), .option("TO", "time"), .option("SEASON", "name"),
                .option("AGAINST", "season|yearBefore|periodBefore"),
                .option("PER", "dimension"), .option("ZONE", "iana-name"),
            ] + conditions, reply: "JSON document with one row per group"),
        make(
            "SEASON", .views, .season,
            "Shows a season day by day, AGAINST another one aligned by day, weekday or trading day; "
                + "LIKE a dimension counts only what both have.",
            [
                .value("name"), .option("AGAINST", "season"),
                .option("ALIGN", "day|weekday|trading"), .option("LIKE", "dimension"),
                .option("ONLY", "metric", multiple: true),
            ] + conditions, reply: "JSON document with one row per day"),
        make(
            "LIFECYCLE", .views, .lifecycle,
            "Shows whether customers come back in a period or behind a season: repeat purchase, "
                + "churn, and who bought again by what they had last gone through; with CAMPAIGNS "
                + "also how those responded whom a campaign reached in it.",
            [
                .option("FROM", "time"), .option("TO", "time"), .option("SEASON", "name"),
                .word("CAMPAIGNS"),
            ],
            reply: "JSON document of shares, or nil for a season that nobody defined"),
    ]
}
