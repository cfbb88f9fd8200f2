import ArgumentParser

/// Which contacts count, and how, for every command that shows figures.
struct ConditionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only this queue; may be repeated.", valueName: "name"))
    var queue: [String] = []

    @Option(help: "Only this channel.")
    var channel: String?

    @Option(
        name: .customLong("where"),
        help: ArgumentHelp(
            "Only contacts under this name of a dimension; may be repeated.",
            valueName: "dimension=name"))
    var conditions: [String] = []

    @Option(help: ArgumentHelp("The window of repeats: 1, 3, 7, 14 or 30.", valueName: "days"))
    var days: UInt8?

    @Option(
        help: ArgumentHelp("Who leaves sooner counts as a short abandon.", valueName: "seconds"))
    var short: UInt32?

    func validate() throws {
        for condition in conditions where !condition.contains("=") {
            throw ValidationError("--where takes dimension=name, like agent=ana")
        }
    }

    /// The words of the request.
    var words: [String] {
        var words = queue.flatMap { ["QUEUE", $0] }
        if let channel { words += ["CHANNEL", channel] }
        for condition in conditions {
            words += ["WHERE"] + condition.split(separator: "=", maxSplits: 1).map(String.init)
        }
        if let days { words += ["DAYS", "\(days)"] }
        if let short { words += ["SHORT", Self.milliseconds(short)] }
        return words
    }

    /// The daemon counts in milliseconds.
    static func milliseconds(_ seconds: UInt32) -> String { "\(UInt64(seconds) * 1_000)" }
}
