import ArgumentParser
import Importing
import JSON
import RESP

struct TailCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "The latest events, and those to come.",
        discussion: """
            With --type, --channel or --identifier the latest events are those that pass. An event \
            that names no channel has its interaction's. --csv has a column for what events have in \
            common, the rest in one.
            """)

    @OptionGroup var connection: ConnectionOptions

    @OptionGroup var output: OutputOptions

    @Option(name: [.customShort("n"), .long], help: "How many events.")
    var count: Int = 20

    @Option(help: "From this position on instead of the latest.")
    var from: UInt64?

    @OptionGroup var filter: EventFilterOptions

    @Flag(name: [.short, .long], help: "Go on with what comes.")
    var follow = false

    func validate() throws {
        guard (1...1_000_000).contains(count) else {
            throw ValidationError("--count must be 1 to 1000000")
        }
        guard from != 0 else { throw ValidationError("positions begin at 1") }
    }

    func run() throws {
        var session = try connection.connect()
        var feed = try EventFeed(&session, filter: filter.words)
        if output.csv { Terminal.write(EventCSV.header) }
        if let from {
            guard from <= feed.head + 1 else {
                throw ToolFailure("the log ends at position \(feed.head)")
            }
            var left = count
            try feed.read(&session, from: from) { event in
                try show(event)
                left -= 1
                return follow || left > 0
            }
        } else {
            for event in try feed.latest(&session, count) { try show(event) }
        }
        while follow { try feed.next(&session, show) }
    }

    private func show(_ document: Document) throws {
        if output.json {
            document.printJSON()
        } else if output.csv {
            Terminal.write(EventCSV.line(try document.value()))
        } else {
            Terminal.write(EventLine.text(try document.value()) + "\n")
        }
    }
}

/// Which events of the log are wanted.
struct EventFilterOptions: ParsableArguments {
    @Option(help: "Only events of types that match, such as 'queue.*'; may be repeated.")
    var type: [String] = []

    @Option(help: "Only events on this channel; may be repeated.")
    var channel: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only events that carry this identifier; may be repeated.", valueName: "kind:value"))
    var identifier: [String] = []

    func validate() throws {
        guard identifier.allSatisfy({ $0.contains(":") }) else {
            throw ValidationError("an identifier is kind:value, such as crm:8812")
        }
    }

    /// The words of FOLLOW LOG.
    var words: [String] {
        type.flatMap { ["TYPE", $0] } + channel.flatMap { ["CHANNEL", $0] }
            + identifier.flatMap { ["IDENTIFIER", $0] }
    }
}
