import ArgumentParser
import EventModel
import Glibc
import Importing
import JSON
import Projecting
import Views

struct InspectSnapshot: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot", abstract: "The states a view keeps for questions about the past.",
        discussion: "With --at the rows of the state kept last before a position, key and value.")

    @OptionGroup var folder: StoreArgument

    @Argument(help: "The view's file, such as queues-v3.view.")
    var file: String

    @Option(help: ArgumentHelp("Show the rows as of this position.", valueName: "position"))
    var at: UInt64?

    @Option(help: "How many rows at most.")
    var count = 100

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard count >= 1 else { throw ValidationError("--count must be 1 or more") }
    }

    func run() throws {
        let views = folder.store + "/views"
        do throws(ViewFault) {
            let faults = try StoredView.pageFaults(folder: views, file: file)
            guard faults.isEmpty else {
                throw .storage("\(file) is damaged: \(faults.joined(separator: "; "))")
            }
            if let at { try showRows(views, at) } else { try showStates(views) }
        } catch {
            throw ToolFailure("\(error)")
        }
    }

    private func showStates(_ views: String) throws(ViewFault) {
        let states = try StoredView.keptStates(folder: views, file: file).map { state in
            JSONValue.object([
                JSONValue.Member("position", .integer(Int64(clamping: state.position.rawValue))),
                JSONValue.Member("bytes", .integer(Int64(state.bytes))),
            ])
        }
        output.show(
            .object([JSONValue.Member("kept", .array(states))]),
            as: DocumentShape(list: "kept", bars: ["bytes"]))
    }

    private func showRows(_ views: String, _ position: UInt64) throws(ViewFault) {
        var rows: [JSONValue] = []
        var text = ""
        let kept = try StoredView.keptRows(
            folder: views, file: file, atOrBefore: Position(position)
        ) { key, row in
            guard rows.count < count else { return false }
            rows.append(
                .object([
                    JSONValue.Member("key", .string(HexText.digits(key))),
                    JSONValue.Member("row", .string(HexText.digits(row))),
                ]))
            text += "key  \(HexText.line(key))\nrow  \(HexText.line(row))\n"
            return true
        }
        guard let kept else { throw .storage("\(file) keeps no state of \(position) or before") }
        guard output.json || output.csv else {
            return Terminal.write("kept at position \(kept)\n" + text)
        }
        output.show(
            .object([
                JSONValue.Member("position", .integer(Int64(clamping: kept.rawValue))),
                JSONValue.Member("rows", .array(rows)),
            ]), as: DocumentShape(list: "rows"))
    }
}
