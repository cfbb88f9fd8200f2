import ArgumentParser
import Client
import EventLog
import EventModel
import Glibc
import Importing

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Store what files hold: tables, or events as JSON.",
        discussion: """
            Without --mapping each line of a file is one event in the JSON form of CloudEvents \
            1.0. With it the files are delimited tables, and the mapping says which events a row \
            is. Files that are compressed with zstd are read as they are.

            An import can be repeated as often as need be: what is stored already is recognised. \
            Rows that cannot be stored are written to a file of dead letters, with the reason.

            With --into no daemon is asked: a new store is made of what throughline export wrote, with \
            the times at which the events were recorded, so that all views are those of the store that \
            was exported. It is there whole or not at all. What was erased since the export is in it: \
            erase it there, too.
            """)

    @Argument(help: "The files, in order; - is standard input.")
    var files: [String]

    @OptionGroup var connection: ConnectionOptions

    @Option(
        help: ArgumentHelp(
            "Make a new store of an export: a folder that is missing or empty.",
            valueName: "folder"))
    var into: String?

    @Option(help: "A mapping file (TOML): the files are tables.")
    var mapping: String?

    @Option(help: "Events per request, 1 to \(ImportLimits.batchEventsMax).")
    var batch = ImportLimits.batchEventsDefault

    @Option(help: "Where rows go that cannot be stored.")
    var deadLetters = "dead-letters.ndjson"

    @Flag(help: "Map and check everything, but send nothing.")
    var dryRun = false

    @Flag(help: "Print the summary as JSON.")
    var json = false

    func validate() throws {
        guard (1...ImportLimits.batchEventsMax).contains(batch) else {
            throw ValidationError("--batch must be 1 to \(ImportLimits.batchEventsMax)")
        }
        guard into == nil || mapping == nil && !dryRun else {
            throw ValidationError(
                "--into takes what throughline export wrote: neither --mapping nor --dry-run")
        }
    }

    func run() throws {
        let mapping = try self.mapping.map { try Mapping(file: $0) }
        let now = Timestamp(milliseconds: Int64(time(nil)) * 1_000)
        if let into {
            try makeStore(into, now)
        } else if dryRun {
            try run(CheckingChannel(now: now), mapping, batch: batch)
        } else {
            try run(
                DaemonChannel(try connection.connect().intoConnection()), mapping, batch: batch)
        }
    }

    private func makeStore(_ path: String, _ now: Timestamp) throws {
        do {
            let store = try StoreImport(path: path, now: now)
            // Each event has a round's time of its own.
            try run(StoreChannel(store), nil, to: .newStore, batch: 1)
            let last: Position
            do throws(EventLogError) {
                last = try store.finish()
            } catch {
                throw ToolFailure(
                    "\(error)",
                    store.isDone
                        ? "The store is in its place, but a power cut may take it away."
                        : "No store was made.")
            }
            guard !json else { return }
            Terminal.write(
                "store      \(Escaping.printable(path))\npositions  1 to "
                    + "\(Int(clamping: last.rawValue).grouped)\n")
        } catch let error as BackupError {
            throw ToolFailure("\(error)")
        }
    }

    private func run<Channel: RequestChannel & ~Copyable>(
        _ channel: consuming Channel, _ mapping: Mapping?, to target: ImportTarget = .daemon,
        batch: Int
    ) throws {
        let clock = ContinuousClock()
        let start = clock.now
        let line = ProgressLine(start: start)
        var importer = Importer(
            channel, files: files, mapping: mapping, target: target, batchEvents: batch,
            deadLettersPath: deadLetters, onProgress: line.show)
        do {
            try importer.run()
        } catch {
            line.clear()
            // What could not even begin needs no figures.
            guard importer.summary.rowsRead > 0 else { throw ToolFailure("\(error)") }
            Terminal.write(report(importer.summary, clock.now - start))
            throw ToolFailure("\(error)", "The import broke off. " + target.afterBreakingOff)
        }
        line.clear()
        Terminal.write(report(importer.summary, clock.now - start))
        let count = importer.summary.deadLetterCount
        guard count == 0 else {
            throw ToolFailure(
                "\(count.grouped) dead letters are in \(deadLetters)"
                    + (target == .newStore ? "; no store was made" : ""))
        }
    }

    private func report(_ summary: ImportSummary, _ elapsed: Duration) -> String {
        let seconds = max(0.001, elapsed.seconds)
        if json { return jsonReport(summary, seconds) }
        var rows: [(String, Int, String)] = [
            ("rows read", summary.rowsRead, ""),
            ("rows without events", summary.rowsWithoutEvents, ""),
            ("events sent", summary.eventsSent, ""),
            (dryRun ? "  would be stored" : "  stored", summary.eventsStored, ""),
            (
                "  repeated", summary.eventsRepeated,
                dryRun || summary.eventsRepeated == 0 ? "" : "stored before"
            ),
            ("dead letters", summary.deadLetterCount, ""),
        ]
        if summary.eventsSuppressed > 0 {
            rows.insert(
                ("  of the erased", summary.eventsSuppressed, "not stored, kept nowhere"),
                at: rows.count - 1)
        }
        for (reason, count) in summary.deadLetters.sorted(by: { $0.key < $1.key }) {
            rows.append(("  \(Escaping.printable(reason))", count, ""))
        }
        let label = rows.map { DisplayWidth.of($0.0) }.max() ?? 0
        let width = rows.map { $0.1.grouped.count }.max() ?? 0
        var text = ""
        for (name, count, note) in rows {
            text += DisplayWidth.pad(name, to: label) + "  "
            text += DisplayWidth.pad(count.grouped, to: width, right: true)
            text += (note.isEmpty ? "" : "  \(note)") + "\n"
        }
        let tenths = Int(seconds * 10)
        let rate = Int(Double(summary.eventsSent) / seconds).grouped
        return text + "\(tenths / 10).\(tenths % 10) s, \(rate) events/s\n"
    }

    private func jsonReport(_ summary: ImportSummary, _ seconds: Double) -> String {
        """
        {"rows_read":\(summary.rowsRead),"rows_without_events":\(summary.rowsWithoutEvents),\
        "events_sent":\(summary.eventsSent),"events_stored":\(summary.eventsStored),\
        "events_repeated":\(summary.eventsRepeated),\
        "events_suppressed":\(summary.eventsSuppressed),"dead_letters":\(summary.deadLetterCount),\
        "elapsed_ms":\(Int(seconds * 1_000)),\
        "events_per_second":\(Int(Double(summary.eventsSent) / seconds))}

        """
    }
}

extension ImportTarget {
    /// What became of what was stored before an import broke off.
    fileprivate var afterBreakingOff: String {
        switch self {
        case .daemon:
            "What the summary calls stored is stored; run the same command again when the cause is "
                + "mended, nothing is stored twice."
        case .newStore: "No store was made."
        }
    }
}

/// One line on a terminal that is written over and over; nothing in a pipe.
final class ProgressLine {
    private let start: ContinuousClock.Instant
    private var latest: ContinuousClock.Instant?
    private static let interval = Duration.milliseconds(200)

    init(start: ContinuousClock.Instant) { self.start = start }

    func show(_ progress: ImportProgress) {
        guard Terminal.isErrorShown else { return }
        let now = ContinuousClock.now
        if let latest, now - latest < Self.interval { return }
        latest = now
        let line = Escaping.printable(progress.line(elapsed: now - start))
        Terminal.writeError("\r\u{1B}[K\(line)")
    }

    /// Removes the line.
    func clear() {
        if latest != nil { Terminal.writeError("\r\u{1B}[K") }
    }
}
