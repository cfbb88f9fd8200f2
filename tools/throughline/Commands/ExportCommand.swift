import ArgumentParser
import EventLog
import EventModel
import Importing
import Views

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write events or views, a line each.",
        discussion: """
            Reads the log of a store or of a backup, also beside a running daemon. Events are written \
            as CloudEvents in JSON, which `throughline import` reads back: --into makes a new store of \
            them with the same views; a daemon records the same events in the same order as its own, \
            at its own times. Left out are erased events, and what only a daemon says (store.epoch). \
            With --csv events have the columns of tail --csv.

            --view writes documents of a view instead, as of the last position: the log is folded \
            anew for it. --csv has its main figures then.

            A file whose name ends in .zst is compressed. An export of events into a file that was \
            interrupted goes on with --resume and the same words.
            """)

    @Argument(help: "The folder of a store or of a backup.")
    var store: String

    @Option(
        name: [.customShort("o"), .long], help: "The file to write; standard output by default.")
    var output: String?

    @Option(help: "The first position.")
    var from: UInt64 = 1

    @Option(help: "The last position.")
    var to: UInt64?

    @Option(help: "Only events of types that match, such as 'queue.*'; may be repeated.")
    var type: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only events that carry this identifier, and those of their interactions.",
            valueName: "kind:value"))
    var identifier: String?

    @Option(
        help: ArgumentHelp(
            "Only events of the person behind kind:value or c_…, whatever identifiers they carry, "
                + "and those of their interactions. The log is folded anew for it.",
            valueName: "customer"))
    var customer: String?

    @Option(help: "Write the documents of a view instead.")
    var view: ExportedView?

    @Flag(help: "Write comma-separated values, their names in the first line.")
    var csv = false

    @Flag(help: "Go on with an export into a file that was interrupted.")
    var resume = false

    func validate() throws {
        guard from >= 1, from <= to ?? .max else {
            throw ValidationError("--from must be at least 1 and not greater than --to")
        }
        guard !resume || output != nil else {
            throw ValidationError("--resume goes on with a file: say which with --output")
        }
        guard identifier.map({ $0.contains(":") }) ?? true else {
            throw ValidationError("an identifier is kind:value, such as crm:8812")
        }
        guard customer.map({ $0.contains(":") || $0.hasPrefix("c_") }) ?? true else {
            throw ValidationError("a customer is kind:value, such as crm:8812, or c_…")
        }
        guard identifier == nil || customer == nil else {
            throw ValidationError("--identifier and --customer exclude each other")
        }
        guard view == nil || from == 1 && type.isEmpty && identifier == nil && customer == nil
        else {
            throw ValidationError(
                "--view writes all of a view as of the last position: leave --from, --type, "
                    + "--identifier and --customer out")
        }
        guard view == nil || !resume else {
            throw ValidationError("a view is written at once: leave --resume out")
        }
    }

    func run() throws {
        do {
            let log = try StoredLog.open(store: store, through: to.map { Position($0) })
            let source = try log.hidingSource()
            let form = view?.rawValue ?? "events"
            let words =
                [
                    log.storeID, "\(from)", "\(to ?? 0)", identifier ?? "", customer ?? "", form,
                    csv ? "csv" : "json",
                ] + type
            var sink = try ExportSink(path: output, resumes: resume, words: words)
            let count: Int
            if let view {
                count = try documents(of: view, source, to: &sink)
            } else {
                count = try events(source, of: log.storeID, to: &sink)
            }
            try sink.finish()
            if output != nil {
                let noun = view == nil ? "events" : "documents"
                Terminal.writeError("wrote \(count.grouped) \(noun)\n")
            }
        } catch let failure as ToolFailure {
            throw failure
        } catch {
            throw ToolFailure("\(error)")
        }
    }

    private func events(
        _ log: LogSource, of storeID: String, to sink: inout ExportSink
    ) throws -> Int {
        var filter = ExportFilter(types: type, subject: try subject(log))
        try filter.findInteractions(log, from: Position(from))
        let export = EventExport(
            log: log, form: csv ? .csv : .cloudEvents(storeID: storeID), filter: filter,
            showsBar: output != nil)
        return try export.run(from: Position(sink.next ?? from), to: &sink)
    }

    private func subject(_ log: LogSource) throws -> ExportFilter.Subject {
        if let identifier {
            let parts = identifier.split(
                separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return .identifier(kind: Array(parts[0].utf8), value: Array(parts[1].utf8))
        }
        guard let customer else { return .everybody }
        let people = People(try FoldedViews(log))
        guard let person = try people.person(customer) else {
            throw ToolFailure("no customer has this identifier")
        }
        return .positions(Set(try people.events(of: person)))
    }

    private func documents(
        of view: ExportedView, _ log: LogSource, to sink: inout ExportSink
    ) throws -> Int {
        let folded = try FoldedViews(log)
        var now = Timestamp.earliest
        var reader = try log.makeReader()
        _ = try reader.event(at: folded.position) { (event) throws(Never) in now = event.recorded }
        var lines = csv ? Array(view.header.utf8) : []
        var count = 0
        try ViewExport(view, of: folded, now: now).run { json in
            if csv {
                lines += Array(view.line(try Document(json.bytes).value()).utf8)
            } else {
                lines += json.bytes + [UInt8(ascii: "\n")]
            }
            count += 1
            guard lines.count >= ExportSink.portionBytes else { return }
            try sink.write(lines, next: 1)
            lines.removeAll()
        }
        try sink.write(lines, next: 1)
        return count
    }
}
