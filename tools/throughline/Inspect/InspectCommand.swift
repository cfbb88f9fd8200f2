import ArgumentParser
import EventLog
import EventModel
import Glibc
import Importing
import JSON
import Projecting
import Views

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Look at what a store's files hold, as they hold it.",
        discussion: """
            Opens everything for reading only: a daemon may go on beside it, and none is needed. What \
            comes from events is shown so that a terminal follows nothing in it.
            """,
        subcommands: [
            InspectLayout.self, InspectEvent.self, InspectView.self, InspectHex.self,
        ])
}

struct InspectLayout: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "layout", abstract: "Which files there are, how long, and what they are.")

    @Argument(help: "The folder of a store or of a backup.")
    var store: String

    @Flag(help: "Print one JSON document.")
    var json = false

    func run() throws {
        let files = StoreLayout.files(of: store)
        guard !files.isEmpty else {
            throw ToolFailure("\(store) has nothing in it, or cannot be read")
        }
        guard !json else {
            let list = files.map { file in
                JSONValue.object([
                    JSONValue.Member("file", .string(file.name)),
                    JSONValue.Member("bytes", .integer(file.bytes)),
                    JSONValue.Member("kind", .string(file.kind)),
                ])
            }
            var bytes: [UInt8] = []
            JSONValue.array(list).write(to: &bytes)
            return Terminal.write(Escaping.document(bytes) + [UInt8(ascii: "\n")])
        }
        var table = TextTable(
            titles: ["file", "bytes", "what it is"], isNumeric: [false, true, false])
        for file in files {
            table.add([Escaping.printable(file.name), Int(file.bytes).grouped, file.kind])
        }
        Terminal.write(table.lines().map { $0 + "\n" }.joined())
    }
}

struct InspectEvent: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event", abstract: "One event, and the bytes of its record.")

    @Argument(help: "The folder of a store or of a backup.")
    var store: String

    @Argument(help: "The event's position.")
    var position: UInt64

    @Flag(help: "Print the event's JSON document.")
    var json = false

    func run() throws {
        var document: [UInt8] = []
        var record: [UInt8] = []
        do {
            let log = try StoredLog.open(store: store)
            var reader = try log.source.makeReader()
            let isThere = try reader.event(at: Position(position)) { event in
                var json = JSONWriter()
                EventDocument.write(event, to: &json)
                document = json.bytes
                record = event.record.copied()
            }
            guard isThere else {
                throw ToolFailure("the log ends at position \(log.source.head.position)")
            }
        } catch let error as ToolFailure {
            throw error
        } catch {
            throw ToolFailure("\(error)")
        }
        guard !json else {
            return Terminal.write(Escaping.document(document) + [UInt8(ascii: "\n")])
        }
        try Document(document).show()
        Terminal.write("\nrecord, \(record.count.grouped) bytes\n" + HexText.dump(record, from: 0))
    }
}

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
        } catch {
            throw ToolFailure("\(error)")
        }
    }

    private func line(_ key: [UInt8], _ row: [UInt8]) -> String {
        guard json else {
            return "key  \(HexText.line(key))\nrow  \(HexText.line(row))\n"
        }
        return "{\"key\":\"\(HexText.digits(key))\",\"row\":\"\(HexText.digits(row))\"}\n"
    }
}

struct InspectHex: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hex", abstract: "The bytes of any file, when nothing else is left.")

    @Argument(help: "The file.")
    var file: String

    @Option(help: "The first byte.")
    var from: Int = 0

    @Option(help: "How many bytes.")
    var count: Int = 4_096

    func validate() throws {
        guard from >= 0, (1...16_777_216).contains(count) else {
            throw ValidationError("--from must be at least 0, --count 1 to 16777216")
        }
    }

    func run() throws {
        let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: count)
        let read = unsafe pread(descriptor, &bytes, count, off_t(from))
        guard read >= 0 else { throw failure() }
        Terminal.write(HexText.dump(Array(bytes[..<read]), from: from))
    }

    private func failure() -> ToolFailure {
        ToolFailure("cannot read \(file): \(unsafe String(cString: strerror(errno)))")
    }
}
