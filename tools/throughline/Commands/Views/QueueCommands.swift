import ArgumentParser

struct QueuesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queues", abstract: "Who waits where, and who works.",
        discussion: "A page of queues by name; where there are more, it says from which to go on.")

    @Option(help: ArgumentHelp("The first queue that is shown.", valueName: "name"))
    var from: String?

    @Option(help: ArgumentHelp("How many at most.", valueName: "n"))
    var count: UInt64?

    @OptionGroup var moment: MomentOptions

    @OptionGroup var view: ViewOptions

    /// What a wallboard shows of each queue.
    static let shape = DocumentShape(
        list: "queues",
        columns: [
            "queue", "waiting_count", "oldest.wait_ms", "in_service_count", "agents.online",
            "totals.offered", "totals.answered", "totals.abandoned", "complete_until",
        ], bars: ["waiting_count"])

    func run() throws {
        var words = ["QUEUES"]
        if let from { words += ["FROM", from] }
        if let count { words += ["COUNT", "\(count)"] }
        try view.show(
            words + moment.words, missing: "there are no queues yet",
            as: Self.shape)
    }
}

struct QueueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "One queue and who waits in it.")

    @Argument(help: "The queue's name.")
    var name: String

    @OptionGroup var moment: MomentOptions

    @OptionGroup var view: ViewOptions

    func run() throws {
        try view.show(
            ["QUEUE", name] + moment.words, missing: QueueHint.missing,
            as: DocumentShape(list: "waiting", bars: ["wait_ms"]))
    }
}

struct WaitingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "waiting", abstract: "Who waits in a queue, in the order of being served.")

    @Argument(help: "The queue's name.")
    var queue: String

    @Option(help: ArgumentHelp("How many at most.", valueName: "n"))
    var count: UInt64?

    @OptionGroup var moment: MomentOptions

    @OptionGroup var view: ViewOptions

    func run() throws {
        let words = ["WAITING", queue] + (count.map { ["COUNT", "\($0)"] } ?? [])
        try view.show(
            words + moment.words, missing: QueueHint.missing,
            as: DocumentShape(
                list: "waiting",
                columns: [
                    "place", "interaction", "customers", "channel", "priority", "entered",
                    "whole_wait_ms", "attempts_24h", "unknown",
                ], bars: ["whole_wait_ms"]))
    }
}

struct WaitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait", abstract: "How long will it take in a queue?")

    @Argument(help: "The queue's name.")
    var queue: String

    @Option(help: ArgumentHelp("For this one who waits, not who comes now.", valueName: "id"))
    var interaction: String?

    @OptionGroup var moment: MomentOptions

    @OptionGroup var view: ViewOptions

    func run() throws {
        let words = ["WAIT", queue] + (interaction.map { ["INTERACTION", $0] } ?? [])
        let missing =
            interaction == nil ? QueueHint.missing : "no such interaction waits in this queue"
        try view.show(words + moment.words, missing: missing)
    }
}

/// What is said where a queue is not known.
enum QueueHint {
    static let missing = "no queue has this name; `throughline queues` lists all"
}
