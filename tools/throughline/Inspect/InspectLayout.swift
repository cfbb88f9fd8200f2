import ArgumentParser
import Importing
import JSON

struct InspectLayout: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "layout", abstract: "Which files there are, how long, and what they are.")

    @Argument(help: "The folder of a store or of a backup.")
    var store: String

    @OptionGroup var output: OutputOptions

    func run() throws {
        let files = StoreLayout.files(of: store)
        guard !files.isEmpty else {
            throw ToolFailure("\(store) has nothing in it, or cannot be read")
        }
        guard !output.json, !output.csv else {
            let list = files.map { file in
                JSONValue.object([
                    JSONValue.Member("file", .string(file.name)),
                    JSONValue.Member("bytes", .integer(file.bytes)),
                    JSONValue.Member("kind", .string(file.kind)),
                ])
            }
            return output.show(
                .object([JSONValue.Member("files", .array(list))]),
                as: DocumentShape(list: "files"))
        }
        var table = TextTable(
            titles: ["file", "bytes", "what it is"], isNumeric: [false, true, false])
        for file in files {
            table.add([Escaping.printable(file.name), Int(file.bytes).grouped, file.kind])
        }
        Terminal.write(table.lines().map { $0 + "\n" }.joined())
    }
}
