import ArgumentParser

struct ScorecardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scorecard", abstract: "How well it goes, and what to improve first.",
        discussion: """
            Of a period (--from and --to) or of a season: each metric with its target and what is \
            lacking to it, its change --against another period, and what falls short ranked by what \
            is lacking, how many it concerns and what it weighs. --csv has a line for each metric.
            """)

    @Option(help: ArgumentHelp("Where the period begins (RFC 3339).", valueName: "time"))
    var from: String?

    @Option(help: ArgumentHelp("Where it ends, not included.", valueName: "time"))
    var to: String?

    @Option(help: ArgumentHelp("The dates of this season instead.", valueName: "name"))
    var season: String?

    @Option(
        help: ArgumentHelp(
            "What it is held against: a season, yearBefore or periodBefore.", valueName: "period"))
    var against: String?

    @Option(
        help: ArgumentHelp(
            "queue, channel, agent, brand, reason …: a scorecard for each.",
            valueName: "dimension"))
    var per: String?

    @Option(help: ArgumentHelp("The zone whose days yearBefore means, such as Europe/Madrid."))
    var zone: String?

    @Option(
        help: ArgumentHelp(
            "The service level's target where no definition says one.", valueName: "seconds"))
    var target: UInt32?

    @OptionGroup var conditions: ConditionOptions

    @OptionGroup var moment: MomentOptions

    @OptionGroup var view: ViewOptions

    func validate() throws {
        guard (from == nil) == (to == nil), (from == nil) != (season == nil) else {
            throw ValidationError("a scorecard is of --from and --to, or of a --season")
        }
    }

    /// The words of SCORECARD.
    var words: [String] {
        let options = [
            ("FROM", from), ("TO", to), ("SEASON", season), ("AGAINST", against), ("PER", per),
            ("ZONE", zone), ("TARGET", target.map(ConditionOptions.milliseconds)),
        ]
        return ["SCORECARD"] + options.flatMap { name, value in value.map { [name, $0] } ?? [] }
            + conditions.words + moment.words
    }

    func run() throws {
        let document = try view.document(words, missing: "there are no such figures")
        guard !view.output.json else { return document.printJSON() }
        let table = ScorecardTable(try document.value())
        Terminal.write(view.output.csv ? CSVText.text(table.lines) : table.text)
    }
}
