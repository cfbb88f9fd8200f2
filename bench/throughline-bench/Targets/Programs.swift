internal import Foundation
internal import Glibc
internal import JSON

/// Where programs lie, and what they say of themselves.
enum Programs {
    /// Debian's newest first.
    private static let postgresFolders = ["/usr/lib/postgresql/15/bin"]

    /// Finds a program on the path or where Debian keeps PostgreSQL's.
    static func locate(_ name: String) -> URL? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return (path.split(separator: ":").map(String.init) + postgresFolders)
            .map { URL(fileURLWithPath: $0).appendingPathComponent(name) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    /// - Throws: `BenchFailure` when there is none.
    static func find(_ name: String) throws -> URL {
        guard let program = locate(name) else { throw BenchFailure("\(name) is not installed") }
        return program
    }

    /// Runs a program to its end and returns what it printed.
    ///
    /// - Throws: `BenchFailure` when it fails.
    @discardableResult
    static func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL =
            try program.hasPrefix("/")
            ? URL(fileURLWithPath: program) : find(program)
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchFailure("\(program) failed: \(text.suffix(2_000))")
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A number in a JSON document that a program printed last, behind what it said meanwhile.
    static func number(_ name: String, in text: String) throws -> UInt64 {
        let document = text.split(whereSeparator: \.isNewline).last ?? ""
        guard case .integer(let number)? = try JSONValue.read(Array(document.utf8))[name] else {
            throw BenchFailure("\(name) is no number in \(text.prefix(300))")
        }
        return UInt64(clamping: number)
    }

    /// The bytes that a folder's files take on the disk.
    static func diskBytes(_ folder: String) throws -> Int {
        let text = try run("du", ["-s", "-B1", folder])
        guard let bytes = text.split(whereSeparator: \.isWhitespace).first.flatMap({ Int($0) })
        else { throw BenchFailure("du printed what is no number: \(text)") }
        return bytes
    }
}
