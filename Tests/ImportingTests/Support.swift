import EventModel
import Foundation

@testable import Importing

/// Bytes of a text, shown to a body.
func withBytes<Result, Failure>(
    _ text: String, _ body: (RawSpan) throws(Failure) -> Result
) throws(Failure) -> Result {
    let bytes = Array(text.utf8)
    return try unsafe body(bytes.span.bytes)
}

/// A mapping for small tables: columns `a` to `d`, a date and three clocks.
enum SmallTable {
    static let columns = ["id", "a", "b", "day", "start", "middle", "stop"]

    static func text(_ events: String, more: String = "", order: String = "time") -> String {
        """
        format = 1
        [table]
        delimiter = ";"
        header = false
        columns = ["id", "a", "b", "day", "start", "middle", "stop"]
        [time]
        zone = "Asia/Jerusalem"
        date = "day"
        date_format = "YYMMDD"
        century = 1900
        clocks = ["start", "middle", "stop"]
        clock_format = "h:mm:ss"
        next_day = { reference = "start", earlier_by_hours = 12 }
        \(more)
        [every_event]
        source = "small"
        id = "{id}:{step}"
        order = "\(order)"
        \(events)
        """
    }

    static let oneEvent = """
        [[event]]
        type = "small.happened"
        step = "only"
        at = "start"
        """

    /// Maps rows by a mapping whose columns are these; returns the events' words.
    static func map(_ rows: String..., by toml: String) throws -> [[String]] {
        let program = try RowProgram(Mapping(toml: toml), columns: columns)
        var mapper = RowMapper(program)
        var batch = RowBatch()
        for (number, row) in rows.enumerated() {
            _ = try withBytes(row) { row throws(RowFault) in
                try mapper.map(row, file: 0, line: number + 1, into: &batch)
            }
        }
        return batch.texts()
    }
}

extension [String] {
    /// The value after a name.
    subscript(_ name: String) -> String? {
        let pairs = stride(from: 1, to: count - 1, by: 2)
        return pairs.first { self[$0] == name }.map { self[$0 + 1] }
    }
}

/// A folder that is removed when it goes out of use.
final class TemporaryFolder {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("importing-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws -> String {
        let file = "\(path)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }

    func read(_ name: String) -> String? {
        FileManager.default.contents(atPath: "\(path)/\(name)")
            .map { String(decoding: $0, as: UTF8.self) }
    }
}

/// Files of the repository and the public data sets.
enum Places {
    /// The mapping of the bank's tables.
    static var bankMapping: String { mapping("anonymous-bank") }
    /// The mapping of an Asterisk's queue log.
    static var asteriskMapping: String { mapping("asterisk-queue-log") }

    private static func mapping(_ name: String) -> String {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return tests.deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("bench/mappings/\(name).toml").path
    }

    /// The folder of the bank's tables among the public data sets, where `$THROUGHLINE_DATA` says;
    /// nil when it is not there.
    static var bankTables: String? {
        guard let data = ProcessInfo.processInfo.environment["THROUGHLINE_DATA"] else { return nil }
        let folder = data + "/anonymous-bank"
        let truth = folder + "/truth-jan-jul.json"
        return FileManager.default.fileExists(atPath: truth) ? folder : nil
    }

    /// The queue log among the public data sets; nil when it is not there.
    static var asteriskLog: String? {
        guard let data = ProcessInfo.processInfo.environment["THROUGHLINE_DATA"] else { return nil }
        let file = data + "/asterisk-queue-log/queue_log.csv"
        return FileManager.default.fileExists(atPath: file) ? file : nil
    }
}
