import ArgumentParser

struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Figures of queues and channels in a period.")

    @Option(help: ArgumentHelp("Where the period begins (RFC 3339).", valueName: "time"))
    var from: String

    @Option(help: ArgumentHelp("Where it ends, not included.", valueName: "time"))
    var to: String

    @Option(help: ArgumentHelp("Only this queue; may be repeated.", valueName: "name"))
    var queue: [String] = []

    @Option(help: "Only this channel.")
    var channel: String?

    @Option(help: ArgumentHelp("quarter, hour, day, week or month.", valueName: "interval"))
    var by: String?

    @Option(
        help: ArgumentHelp(
            "queue, channel, agent, brand, reason …: a row for each.", valueName: "dimension"))
    var per: String?

    @Option(
        name: .customLong("where"),
        help: ArgumentHelp(
            "Only contacts under this name of a dimension; may be repeated.",
            valueName: "dimension=name"))
    var conditions: [String] = []

    @Option(help: ArgumentHelp("Only this metric; may be repeated.", valueName: "name"))
    var only: [String] = []

    @Option(help: ArgumentHelp("The window of repeats: 1, 3, 7, 14 or 30.", valueName: "days"))
    var days: UInt8?

    @Option(help: ArgumentHelp("created, offered or ended: the moment that counts."))
    var anchor: String?

    @Option(help: ArgumentHelp("The zone of days and hours, such as Europe/Madrid."))
    var zone: String?

    @Option(help: ArgumentHelp("A service level's target; may be repeated.", valueName: "seconds"))
    var target: [UInt32] = []

    @Option(
        help: ArgumentHelp("Who leaves sooner counts as a short abandon.", valueName: "seconds"))
    var short: UInt32?

    @Flag(help: "Show every figure also where there are several rows.")
    var all = false

    @Flag(help: "Show the interactions behind the figures instead.")
    var events = false

    @OptionGroup var moment: MomentOptions

    @OptionGroup var view: ViewOptions

    func validate() throws {
        for condition in conditions where !condition.contains("=") {
            throw ValidationError("--where takes dimension=name, like agent=ana")
        }
    }

    /// The words of the request.
    var words: [String] {
        var words = ["METRICS", "FROM", from, "TO", to]
        for name in queue { words += ["QUEUE", name] }
        let options = [
            ("CHANNEL", channel), ("BY", by), ("PER", per), ("ANCHOR", anchor), ("ZONE", zone),
        ]
        for (name, value) in options { if let value { words += [name, value] } }
        for seconds in target { words += ["TARGET", "\(UInt64(seconds) * 1_000)"] }
        for condition in conditions {
            words += ["WHERE"] + condition.split(separator: "=", maxSplits: 1).map(String.init)
        }
        for name in only { words += ["ONLY", name] }
        if let days { words += ["DAYS", "\(days)"] }
        if events { words.append("EVENTS") }
        if let short { words += ["SHORT", "\(UInt64(short) * 1_000)"] }
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
