import ArgumentParser

struct AgentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agents", abstract: "Who is there, and who is free?",
        discussion: """
            --free shows who can be offered work of a queue now, the longest idle first; --channel, \
            --skill and --language narrow that. --queue and --state narrow the list of all agents.
            """)

    @Option(help: ArgumentHelp("Only who can be offered work of this queue.", valueName: "queue"))
    var free: String?

    @Option(help: "The channel of the work.")
    var channel: String?

    @Option(
        help: ArgumentHelp(
            "A skill, or the least level of one: cards>=3; may be repeated.", valueName: "skill"))
    var skill: [String] = []

    @Option(help: ArgumentHelp("A language they must speak.", valueName: "tag"))
    var language: String?

    @Option(help: ArgumentHelp("Only who serves this queue.", valueName: "name"))
    var queue: String?

    @Option(help: ArgumentHelp("Only who is available, onContact, offline …", valueName: "word"))
    var state: String?

    @Option(help: ArgumentHelp("How many at most.", valueName: "n"))
    var count: UInt64?

    @OptionGroup var moment: MomentOptions

    @OptionGroup var view: ViewOptions

    func validate() throws {
        guard free != nil || channel == nil && skill.isEmpty && language == nil else {
            throw ValidationError("--channel, --skill and --language narrow --free")
        }
        guard free == nil || queue == nil && state == nil else {
            throw ValidationError("--queue and --state narrow the list without --free")
        }
    }

    private static let columns = [
        "agent", "presence.presence", "presence.reason", "activity", "state_ms", "contacts",
        "team", "site",
    ]

    /// The words of AGENTS.
    var words: [String] {
        var words = ["AGENTS"]
        let options = [
            ("FREE", free), ("CHANNEL", channel), ("LANGUAGE", language), ("QUEUE", queue),
            ("STATE", state), ("COUNT", count.map { "\($0)" }),
        ]
        for (token, value) in options { if let value { words += [token, value] } }
        return words + skill.flatMap { ["SKILL", $0] } + moment.words
    }

    func run() throws {
        try view.show(
            words,
            missing: free ?? queue == nil ? "there are no agents yet" : QueueHint.missing,
            as: DocumentShape(
                list: "agents", columns: free == nil ? Self.columns : nil,
                bars: [free == nil ? "state_ms" : "idle_ms"]))
    }
}

struct AgentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent", abstract: "One agent: presence, activity, skills, contacts.")

    @Argument(help: "The agent's id.")
    var id: String

    @OptionGroup var moment: MomentOptions

    @OptionGroup var view: ViewOptions

    func run() throws {
        try view.show(
            ["AGENT", id] + moment.words,
            missing: "no agent has this id; `throughline agents` lists all")
    }
}
