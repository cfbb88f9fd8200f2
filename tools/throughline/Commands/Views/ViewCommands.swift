import ArgumentParser

struct CustomerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "customer", abstract: "Who is this, and what do they want?")

    @Argument(help: "kind:value such as crm:8812, a customer's id, or interaction:<id>.")
    var identifier: String

    @Option(
        help: ArgumentHelp(
            "Only these sections, with commas between them, such as orders,consents.",
            valueName: "sections"))
    var fields: String?

    @Flag(help: "Also earlier values, and what is over.")
    var history = false

    @Flag(help: "What matters while it rings.")
    var pop = false

    @OptionGroup var moment: MomentOptions

    @OptionGroup var view: ViewOptions

    func validate() throws {
        guard identifier.contains(":") || identifier.hasPrefix("c_") else {
            throw ValidationError("an identifier is kind:value, such as crm:8812")
        }
    }

    /// The words of CUSTOMER.
    var words: [String] {
        var words = ["CUSTOMER", identifier]
        if let fields { words += ["FIELDS", fields] }
        if history { words.append("HISTORY") }
        if pop { words.append("POP") }
        return words + moment.words
    }

    func run() throws {
        try view.show(words, missing: "no customer has this identifier")
    }
}

struct IdentityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identity", abstract: "Which events made these identifiers one person?",
        discussion: "The events of one identifier: throughline timeline identifier-<kind:value>.")

    @Argument(help: "kind:value such as phone:+34600000001, or a customer's id.")
    var identifier: String

    @Option(
        help: ArgumentHelp(
            "As it was at this position, or at this time (RFC 3339).", valueName: "position|time"))
    var at: String?

    @OptionGroup var view: ViewOptions

    func run() throws {
        try view.show(
            ["IDENTITY", identifier] + (at.map { ["AT", $0] } ?? []),
            missing: "nobody has this identifier", as: DocumentShape(list: "identifiers"))
    }
}

struct SignalsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signals", abstract: "Whom should somebody look at?")

    @Option(help: "Only this kind, such as orderLate; may be repeated.")
    var kind: [String] = []

    @Option(
        help: ArgumentHelp("Only those that began so long ago.", valueName: "milliseconds"))
    var older: UInt64?

    @Option(help: ArgumentHelp("How many of each kind at most.", valueName: "n"))
    var count: UInt64?

    @OptionGroup var moment: MomentOptions

    @OptionGroup var view: ViewOptions

    func run() throws {
        var words = ["SIGNALS"] + kind.flatMap { ["KIND", $0] }
        if let older { words += ["OLDER", "\(older)"] }
        if let count { words += ["COUNT", "\(count)"] }
        try view.show(
            words + moment.words, missing: "there are no signals",
            as: DocumentShape(list: "signals", bars: ["age_ms"]))
    }
}

struct InteractionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "interaction", abstract: "What happened in one interaction.")

    @Argument(help: "The interaction's id.")
    var id: String

    @OptionGroup var moment: MomentOptions

    @OptionGroup var view: ViewOptions

    func run() throws {
        try view.show(
            ["INTERACTION", id] + moment.words, missing: "no interaction has this id")
    }
}
