import ArgumentParser

struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Figures of queues and channels in a period.")

    @Option(help: ArgumentHelp("Where the period begins (RFC 3339).", valueName: "time"))
    var from: String

    @Option(help: ArgumentHelp("Where it ends, not included.", valueName: "time"))
    var to: String

    @OptionGroup var conditions: ConditionOptions

    @Option(help: ArgumentHelp("quarter, hour, day, week or month.", valueName: "interval"))
    var by: String?

    @Option(
        help: ArgumentHelp(
            "queue, channel, agent, brand, reason …: a row for each.", valueName: "dimension"))
    var per: String?

    @Option(help: ArgumentHelp("Only this metric; may be repeated.", valueName: "name"))
    var only: [String] = []

    @Option(help: ArgumentHelp("created, offered or ended: the moment that counts."))
    var anchor: String?

    @Option(help: ArgumentHelp("The zone of days and hours, such as Europe/Madrid."))
    var zone: String?

    @Option(help: ArgumentHelp("A service level's target; may be repeated.", valueName: "seconds"))
    var target: [UInt32] = []

    @Flag(help: "Show every figure also where there are several rows.")
    var all = false

    @Flag(help: "Show the interactions behind the figures instead.")
    var events = false

    @OptionGroup var moment: MomentOptions

    @OptionGroup var view: ViewOptions

    /// The words of the request.
    var words: [String] {
        var words = ["METRICS", "FROM", from, "TO", to] + conditions.words
        let options = [("BY", by), ("PER", per), ("ANCHOR", anchor), ("ZONE", zone)]
        for (name, value) in options { if let value { words += [name, value] } }
        words += target.flatMap { ["TARGET", ConditionOptions.milliseconds($0)] }
        words += only.flatMap { ["ONLY", $0] }
        if events { words.append("EVENTS") }
        return words + moment.words
    }

    func run() throws {
        let document = try view.document(words, missing: "there are no such figures")
        let isForPeople = !view.output.json && !view.output.csv
        if !all, isForPeople, let table = MetricsTable.text(try document.value()) {
            Terminal.write(table)
        } else {
            try view.output.show(
                document, as: DocumentShape(list: events ? "interactions" : "rows"))
        }
    }
}
