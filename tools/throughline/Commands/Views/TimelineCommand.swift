import ArgumentParser
import JSON

struct TimelineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline", abstract: "The events of a stream or of a customer, a page.",
        discussion: """
            The newest come first; with --from the oldest. The page says where the next one \
            begins: give that to --before or --from.
            """)

    @Argument(
        help: """
            interaction-<id>, agent-<id>, thread-<id>, order-<id>, case-<id> or \
            identifier-<kind:value>; or for a customer kind:value, their id, interaction:<id>.
            """)
    var stream: String

    @Option(help: ArgumentHelp("Begin with this position, oldest first.", valueName: "position"))
    var from: UInt64?

    @Option(help: ArgumentHelp("Begin before this position.", valueName: "position"))
    var before: UInt64?

    @Option(help: ArgumentHelp("How many events at most.", valueName: "n"))
    var count: UInt64?

    @Option(help: "Only events on this channel.")
    var channel: String?

    @Option(
        help: ArgumentHelp(
            "Only events of this type, or with this beginning of a type and a *; may be repeated.",
            valueName: "pattern"))
    var type: [String] = []

    @Option(
        help: ArgumentHelp(
            "As it was at this position, or at this time (RFC 3339).", valueName: "position|time"))
    var at: String?

    @Option(
        help: ArgumentHelp(
            "Only what had happened by this time, however late it came.", valueName: "time"))
    var occurred: String?

    @OptionGroup var view: ViewOptions

    func validate() throws {
        guard from == nil || before == nil else {
            throw ValidationError("--from goes forward, --before back; give one of them")
        }
        guard at == nil || occurred == nil else {
            throw ValidationError("--at and --occurred are two ways to name a moment; give one")
        }
        guard count != 0 else { throw ValidationError("--count is at least 1") }
    }

    /// The words of TIMELINE.
    var words: [String] {
        var words = ["TIMELINE", stream]
        if let from { words += ["FROM", "\(from)"] }
        if let before { words += ["BEFORE", "\(before)"] }
        if let count { words += ["COUNT", "\(count)"] }
        if let channel { words += ["CHANNEL", channel] }
        if let at { words += ["AT", at] }
        if let occurred { words += ["OCCURRED", occurred] }
        return words + type.flatMap { ["TYPE", $0] }
    }

    func run() throws {
        let document = try view.document(words, missing: "no event belongs to it")
        guard !view.output.json else { return document.printJSON() }
        let page = try document.value()
        let events = page["events"]?.elements ?? []
        if view.output.csv {
            return Terminal.write(EventCSV.header + events.map(EventCSV.line).joined())
        }
        Terminal.write(events.map { EventLine.text($0) + "\n" }.joined())
        for option in ["before", "from"] {
            guard case .integer(let position)? = page[option] else { continue }
            Terminal.write("more with --\(option) \(position)\n")
        }
    }
}
