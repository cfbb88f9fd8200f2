import ArgumentParser
import EventLog
import EventModel
import JSON

struct InspectIndex: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index", abstract: "What the index of each segment holds, run by run.",
        discussion: """
            Ids and streams lie under keyed hashes: an index names nobody. It can be made anew from \
            the log: throughline verify --repair.
            """)

    @OptionGroup var folder: StoreArgument

    @Option(help: ArgumentHelp("Only that of this position's segment.", valueName: "position"))
    var at: UInt64?

    @OptionGroup var output: OutputOptions

    func run() throws {
        var rows: [JSONValue] = []
        do throws(EventLogError) {
            let firsts = try SegmentInspection.firsts(store: folder.store)
            let chosen =
                at.map { at in firsts.filter { $0.rawValue <= at }.suffix(1) } ?? firsts[...]
            for first in chosen {
                let index = try IndexInspection.read(store: folder.store, first: first)
                rows += Self.rows(index)
            }
        } catch {
            throw ToolFailure("\(error)")
        }
        output.show(
            .object([JSONValue.Member("runs", .array(rows))]),
            as: DocumentShape(list: "runs", bars: ["stream_entries"]))
    }

    /// A line for each run; one for a file that has none or cannot be read.
    private static func rows(_ index: IndexInspection) -> [JSONValue] {
        func number(_ name: String, _ value: UInt64) -> JSONValue.Member {
            JSONValue.Member(name, .integer(Int64(clamping: value)))
        }
        let file = JSONValue.Member("file", .string(index.file))
        guard !index.runs.isEmpty else {
            let what = index.faults.isEmpty ? "no run yet" : index.faults.joined(separator: "; ")
            return [.object([file, JSONValue.Member("fault", .string(what))])]
        }
        return index.runs.map { run in
            .object([
                file, number("first", run.positions.lowerBound),
                number("last", max(1, run.positions.upperBound) - 1),
                number("ids", UInt64(run.ids)), number("streams", UInt64(run.streams)),
                number("stream_entries", UInt64(run.streamEntries)),
                JSONValue.Member("fault", run.fault.map { .string($0) } ?? .null),
            ])
        }
    }
}
