import ArgumentParser
import EventModel
import Glibc
import Importing
import Projecting

struct InspectView: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "view", abstract: "The rows of a view's file, key and value.")

    @Argument(help: "The folder of a store, or one that a replay left with --into.")
    var store: String

    @Argument(help: "The view's file, such as queues-v1.view.")
    var file: String

    @Option(help: "Only keys that begin with these hexadecimal digits.")
    var prefix: String = ""

    @Option(help: "How many rows at most.")
    var count = 100

    @Flag(help: "Print a JSON document per row.")
    var json = false

    func validate() throws {
        guard HexText.bytes(prefix) != nil else {
            throw ValidationError("--prefix must be pairs of hexadecimal digits, such as 6900")
        }
        guard count >= 1 else { throw ValidationError("--count must be 1 or more") }
    }

    func run() throws {
        let inStore = store + "/views"
        let folder = unsafe access(inStore, F_OK) == 0 ? inStore : store
        let start = HexText.bytes(prefix) ?? []
        var left = count
        do {
            let faults = try StoredView.pageFaults(folder: folder, file: file)
            guard faults.isEmpty else { throw Self.damaged(file, faults) }
            let view = try StoredView.open(folder: folder, file: file)
            if !json {
                Terminal.write("\(view.name) v\(view.version) at position \(view.rows.position)\n")
            }
            try view.rows.rows(
                from: start.isEmpty ? [0] : start, below: [UInt8](repeating: 0xFF, count: 512)
            ) { key, row in
                let key = key.copied()
                guard key.starts(with: start), left > 0 else { return false }
                left -= 1
                Terminal.write(line(key, row.copied()))
                return true
            }
        } catch let failure as ToolFailure {
            throw failure
        } catch {
            throw ToolFailure("\(error)")
        }
    }

    /// A file that liblmdb cannot be led through.
    static func damaged(_ file: String, _ faults: [String]) -> ToolFailure {
        ToolFailure(
            "\(file) is damaged: \(faults.joined(separator: "; "))",
            "A view can be made anew from the log: the next start does so. Its bytes: throughline "
                + "inspect hex")
    }

    private func line(_ key: [UInt8], _ row: [UInt8]) -> String {
        guard json else {
            return "key  \(HexText.line(key))\nrow  \(HexText.line(row))\n"
        }
        return "{\"key\":\"\(HexText.digits(key))\",\"row\":\"\(HexText.digits(row))\"}\n"
    }
}
