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
            time: --from and --to keep a long history short. Where no daemon runs: throughline \
            replay STORE --step.
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
        _ = try StepSubject(subject)
    }

    func run() throws {
        let walked = try StepSubject(subject)
        var session = try connection.connect()
        var printer = StepPrinter(
            only: only, json: json,
            before: from > 1 ? try Self.state(walked, &session, at: from - 1) : nil)
        var next: UInt64? = from
        while let start = next {
            let page = try session.document(
                ["TIMELINE", subject, "FROM", "\(start)"], missing: "no event belongs to it"
            ).value()
            for event in page["events"]?.elements ?? [] {
                let position = UInt64(max(0, Cell.integer(event["position"])))
                guard position <= to ?? .max else { return }
                printer.show(event, after: try Self.state(walked, &session, at: position))
            }
            guard case .integer(let place)? = page["from"] else { return }
            next = UInt64(max(1, place))
        }
    }

    /// What was known when the event at a position had just been recorded; nil for nothing.
    private static func state(
        _ subject: StepSubject, _ session: inout DaemonSession, at position: UInt64
    ) throws -> JSONValue? {
        let reply = try session.call(subject.question(at: position))
        guard let text = reply.text else { return nil }
        return try Document(Array(text.utf8)).value()
    }
}
