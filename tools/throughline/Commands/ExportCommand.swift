import ArgumentParser
import EventLog
import EventModel
import Importing
import Views

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write events as CloudEvents, one JSON document per line.",
        discussion: """
            Reads the log of a store or of a backup, also beside a running daemon. What is written can \
            be read back with `throughline import`: into an empty store it gives the same events in the \
            same order, and so the same views but for positions and recorded times, which are that \
            store's own. Left out are erased events, and what only a daemon says (store.epoch).

            A file whose name ends in .zst is compressed. An export into a file that was interrupted \
            goes on with --resume and the same words.
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
    }

    func run() throws {
        let log: StoredLog
        do {
            log = try StoredLog.open(store: store, through: to.map { Position($0) })
        } catch {
            throw ToolFailure("\(error)")
        }
        let words = [log.storeID, "\(from)", "\(to ?? 0)", identifier ?? ""] + type
        var sink = try ExportSink(path: output, resumes: resume, words: words)
        let count = try export(try log.hidingSource(), from: Position(sink.next ?? from), to: &sink)
        try sink.finish()
        if output != nil { Terminal.writeError("wrote \(count.grouped) events\n") }
    }

    private func export(
        _ log: LogSource, from start: Position, to sink: inout ExportSink
    ) throws -> Int {
        let bar = ProgressBar("exporting", unit: "events", isDrawn: Terminal.isErrorShown)
        defer { bar.clear() }
        do {
            var filter = ExportFilter(types: type, identifier: identifier)
            try filter.findInteractions(log, from: Position(from))
            var reader = try log.makeReader()
            let last = log.head.position
            var position = start
            var written = 0
            while position <= last {
                // A portion at a time: what is written is then on disk, whatever comes.
                let end = min(last, Position(position.rawValue + ExportSink.portionEvents - 1))
                var json = JSONWriter()
                var lines: [UInt8] = []
                try reader.events(from: position, through: end) { event in
                    guard filter.wants(event) else { return true }
                    json = JSONWriter()
                    if CloudEventDocument.write(event, to: &json) {
                        lines += json.bytes
                        lines.append(UInt8(ascii: "\n"))
                        written += 1
                    }
                    return true
                }
                try sink.write(lines, next: end.next.rawValue)
                position = end.next
                if output != nil { bar.show(end.rawValue, of: last.rawValue) }
            }
            return written
        } catch let error as ToolFailure {
            throw error
        } catch {
            throw ToolFailure("\(error)")
        }
    }
}
