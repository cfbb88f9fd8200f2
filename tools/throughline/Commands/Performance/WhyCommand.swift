import ArgumentParser
import EventLog
import EventModel
import Importing
import JSON
import Projecting
import Views

struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Why a figure of a past period has changed since.",
        discussion: """
            Folds the log of a store or of a backup twice, up to --since and to its end, and shows the \
            figure as it was and as it is, the contacts whose part in it has changed, and their events \
            since: what came late, another contact that made one a repeat, persons who turned out to \
            be one. A daemon may go on beside it.
            """)

    @Argument(help: "The folder of a store or of a backup.")
    var store: String

    @Option(help: ArgumentHelp("The metric, such as fcr_repeat.", valueName: "name"))
    var metric: String

    @Option(help: ArgumentHelp("Where the period begins (RFC 3339).", valueName: "time"))
    var from: String

    @Option(help: ArgumentHelp("Where it ends, not included.", valueName: "time"))
    var to: String

    @Option(
        help: ArgumentHelp(
            "When it was looked at: the position that the answer named, or the time.",
            valueName: "position|time"))
    var since: String

    @Option(help: ArgumentHelp("Only this queue; may be repeated.", valueName: "name"))
    var queue: [String] = []

    @Option(help: ArgumentHelp("The window of repeats: 1, 3, 7, 14 or 30.", valueName: "days"))
    var days: Int64 = 7

    @Option(help: ArgumentHelp("How many contacts are shown.", valueName: "n"))
    var count = 20

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard UInt64(since) != 0 else { throw ValidationError("positions begin at 1") }
        guard UInt64(since) != nil || Self.time(since) != nil else {
            throw ValidationError("--since is a position, or a time like 2026-11-27T14:32:08Z")
        }
        for time in [from, to] where Self.time(time) == nil {
            throw ValidationError("--from and --to are times like 2026-11-27T14:00:00Z")
        }
        guard count >= 1 else { throw ValidationError("--count must be 1 or more") }
    }

    private static func time(_ text: String) -> Timestamp? {
        unsafe Timestamp(rfc3339: text.utf8Span.span.bytes)
    }

    private func query() throws -> MetricsQuery {
        guard let from = Self.time(from), let to = Self.time(to) else {
            throw ValidationError("--from and --to are times like 2026-11-27T14:00:00Z")
        }
        return try MetricsQuery(
            from: from, to: to, queues: queue.isEmpty ? nil : queue, only: [metric],
            windowDays: days)
    }

    func run() throws {
        do {
            let query = try query()
            // One after the other: a process has a segment open once.
            let place = try place()
            let moves = FigureMoves(
                then: try values(query, through: place), now: try values(query, through: nil))
            if output.json {
                OutputOptions.printed(moves.document)
            } else if output.csv {
                Terminal.write(CSVText.text(moves.document["contacts"]?.elements ?? []))
            } else {
                Terminal.write(moves.text(most: count))
            }
        } catch let failure as ToolFailure {
            throw failure
        } catch MetricsFault.refused(let why) {
            throw ToolFailure("\(why)")
        } catch {
            throw ToolFailure("\(error)")
        }
    }

    /// The position at which it was looked at.
    private func place() throws -> Position {
        let log = try StoredLog.open(store: store).source
        let head = log.head.position
        if let position = UInt64(since) {
            guard Position(position) <= head else {
                throw ToolFailure("the log ends at position \(head)")
            }
            return Position(position)
        }
        guard let moment = Self.time(since) else { return head }
        var last = Position.zero
        var reader = try log.makeReader()
        try reader.events(from: Position(1), through: head) { (event) throws(Never) in
            guard event.recorded <= moment else { return false }
            last = event.position
            return true
        }
        guard last > .zero else { throw ToolFailure("nothing had been recorded by then") }
        return last
    }

    private func values(_ query: MetricsQuery, through last: Position?) throws -> JSONValue {
        let folded = try FoldedViews(
            try StoredLog.open(store: store, through: last).hidingSource())
        var json = JSONWriter()
        try ContactValuesDocument.write(
            query, from: try folded.views.metrics.snapshot(), to: &json)
        return try Document(json.bytes).value()
    }
}
