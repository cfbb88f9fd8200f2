import ArgumentParser

/// What every command about a view understands.
struct ViewOptions: ParsableArguments {
    @OptionGroup var connection: ConnectionOptions

    @Flag(help: "Print the daemon's JSON document as it is.")
    var json = false

    @Option(help: ArgumentHelp("Wait until this position is in the answer.", valueName: "position"))
    var after: UInt64?

    @Option(help: ArgumentHelp("How long to wait for it.", valueName: "milliseconds"))
    var within: UInt64?

    func validate() throws {
        guard within == nil || after != nil else {
            throw ValidationError("--within says how long to wait for --after; it stands alone")
        }
    }

    /// Asks for a view.
    func document(_ words: [String], missing: String) throws -> Document {
        var words = words
        if let after { words += ["AFTER", "\(after)"] }
        if let within { words += ["WITHIN", "\(within)"] }
        var session = try connection.connect()
        return try session.document(words, missing: missing)
    }

    /// Asks for a view and shows it.
    func show(_ words: [String], missing: String, bars: Set<String> = []) throws {
        try document(words, missing: missing).show(json: json, bars: bars)
    }
}

struct CustomerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "customer", abstract: "Who is this, and what do they want?")

    @Argument(help: "kind:value such as crm:8812, a customer's id, or interaction:<id>.")
    var identifier: String

    @OptionGroup var view: ViewOptions

    func validate() throws {
        guard identifier.contains(":") || identifier.hasPrefix("c_") else {
            throw ValidationError("an identifier is kind:value, such as crm:8812")
        }
    }

    func run() throws {
        try view.show(["CUSTOMER", identifier], missing: "no customer has this identifier")
    }
}

struct InteractionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "interaction", abstract: "What happened in one interaction.")

    @Argument(help: "The interaction's id.")
    var id: String

    @OptionGroup var view: ViewOptions

    func run() throws {
        try view.show(["INTERACTION", id], missing: "no interaction has this id")
    }
}

struct QueuesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queues", abstract: "Who waits where, and who works.")

    @OptionGroup var view: ViewOptions

    func run() throws {
        try view.show(["QUEUES"], missing: "there are no queues yet", bars: ["waiting_count"])
    }
}

struct QueueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "One queue and who waits in it.")

    @Argument(help: "The queue's name.")
    var name: String

    @OptionGroup var view: ViewOptions

    func run() throws {
        try view.show(
            ["QUEUE", name], missing: "no queue has this name; `throughline queues` lists all")
    }
}
