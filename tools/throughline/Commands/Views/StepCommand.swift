import ArgumentParser
import Importing
import JSON
import RESP

struct StepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "step", abstract: "Walk one customer, interaction or agent, event by event.",
        discussion: """
            Shows each event and what it changed of what was known, from the first one on. Ages, \
            which change with the clock alone, are left out. --only stage shows the events that moved \
            the customer's stage.

            The daemon is asked about the past once for each event, and folds some of it anew each \
            time: --from and --to keep a long history short.
            """)

    @Argument(
        help: """
            kind:value or a customer's id, interaction-<id>, or agent-<id>.
            """)
    var subject: String

    @Option(
        help: ArgumentHelp(
            "Only changes whose path begins so, and the events that made them.",
            valueName: "path"))
    var only: String?

    @Option(help: ArgumentHelp("From this position on.", valueName: "position"))
    var from: UInt64 = 1

    @Option(help: ArgumentHelp("Up to this position.", valueName: "position"))
    var to: UInt64?

    @OptionGroup var connection: ConnectionOptions

    @Flag(help: "Print a JSON document for each event.")
    var json = false

    func validate() throws {
        guard from >= 1, from <= to ?? .max else {
            throw ValidationError("--from must be at least 1 and not greater than --to")
        }
        guard !question(at: 1).isEmpty else {
            throw ValidationError(
                "step walks a customer (kind:value or c_…), interaction-<id> or agent-<id>; other "
                    + "streams have events only: throughline timeline \(subject)")
        }
    }

    /// Streams of which nothing but their events is kept; what begins so is no kind of identifier.
    private static let otherStreams = ["identifier-", "thread-", "order-", "case-"]

    /// The words that ask for what was known of the subject; none for a subject of another kind.
    func question(at position: UInt64) -> [String] {
        let at = ["AT", "\(position)"]
        if subject.hasPrefix("interaction-") { return ["INTERACTION", id("interaction-")] + at }
        if subject.hasPrefix("agent-") { return ["AGENT", id("agent-")] + at }
        guard !Self.otherStreams.contains(where: subject.hasPrefix) else { return [] }
        if subject.hasPrefix("c_") || subject.contains(":") { return ["CUSTOMER", subject] + at }
        return []
    }

    private func id(_ prefix: String) -> String { String(subject.dropFirst(prefix.count)) }

    func run() throws {
        var session = try connection.connect()
        var before: JSONValue?
        if from > 1 { before = try state(&session, at: from - 1) }
        var next: UInt64? = from
        while let start = next {
            let page = try session.document(
                ["TIMELINE", subject, "FROM", "\(start)"], missing: "no event belongs to it"
            ).value()
            for event in page["events"]?.elements ?? [] {
                let position = UInt64(max(0, Cell.integer(event["position"])))
                guard position <= to ?? .max else { return }
                let after = try state(&session, at: position)
                show(event, DocumentDifference.changes(before, after, isLeftOut: Self.isAge))
                before = after
            }
            guard case .integer(let place)? = page["from"] else { return }
            next = UInt64(max(1, place))
        }
    }

    /// What was known when the event at a position had just been recorded; nil for nothing.
    private func state(
        _ session: inout DaemonSession, at position: UInt64
    ) throws -> JSONValue? {
        let reply = try session.call(question(at: position))
        guard let text = reply.text else { return nil }
        return try Document(Array(text.utf8)).value()
    }

    /// What moves with every event, or with the clock.
    private static func isAge(_ name: String) -> Bool {
        ["position", "now", "positions", "last_position"].contains(name) || name.hasSuffix("_ms")
    }

    private func show(_ event: JSONValue, _ all: [DocumentDifference.Change]) {
        let changes = all.filter { $0.path.hasPrefix(only ?? "") }
        guard only == nil || !changes.isEmpty else { return }
        if json {
            return OutputOptions.printed(
                .object([
                    JSONValue.Member("event", event),
                    JSONValue.Member("changes", .array(changes.map(\.document))),
                ]))
        }
        Terminal.write(
            EventLine.text(event) + "\n" + changes.map { "           \($0.text)\n" }.joined())
    }
}
