internal import Foundation
internal import Glibc

/// A server that the bench has started, and ends by its process id.
final class ServerProcess {
    /// How a server came to its end.
    enum Ending: Equatable {
        /// It had ended before it was asked to.
        case before(String)
        case exit(Int32)
        case signal(Int32)
    }

    private let process = Process()
    private let output = Pipe()
    private let log: FileHandle?
    private let name: String

    /// Starts a program and returns once it has printed some words.
    ///
    /// It runs under `setpriv`, which has the kernel end it when the bench dies.
    ///
    /// - Parameters:
    ///   - user: Whom it runs as; nil: the same user.
    ///   - log: A file to whose end all goes that it says; nil: nobody keeps it.
    init(
        _ program: String, _ arguments: [String], user: String? = nil, log: String? = nil,
        readyWords: String
    ) throws {
        self.log = try log.map(Self.openLog)
        name = URL(fileURLWithPath: program).lastPathComponent
        var words = ["--pdeathsig", "TERM"]
        if let user { words += ["--reuid", user, "--regid", user, "--init-groups"] }
        process.executableURL = try Programs.find("setpriv")
        process.arguments = words + ["--", program] + arguments
        process.standardOutput = output
        process.standardError = output
        do {
            try process.run()
        } catch {
            throw BenchFailure("cannot start \(name): \(error)")
        }
        try waitFor(readyWords)
    }

    private static func openLog(_ path: String) throws -> FileHandle {
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        guard let file = FileHandle(forWritingAtPath: path) else {
            throw BenchFailure("cannot write \(path)")
        }
        try file.seekToEnd()
        return file
    }

    private func waitFor(_ words: String) throws {
        var text = ""
        while !text.contains(words) {
            let data = output.fileHandleForReading.availableData
            log?.write(data)
            guard !data.isEmpty else {
                process.waitUntilExit()
                throw BenchFailure("\(name) ended before it was ready:\n\(text.suffix(2_000))")
            }
            text += String(decoding: data, as: UTF8.self)
        }
        // A full pipe would have it stand still.
        output.fileHandleForReading.readabilityHandler = { [log] handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            log?.write(data)
        }
    }

    /// The process id: `setpriv` becomes the program.
    var pid: Int32 { process.processIdentifier }

    /// Asks the server to end and waits for it.
    @discardableResult
    func stop(signal: Int32 = SIGTERM) -> Ending {
        guard process.isRunning else { return .before("\(ending)") }
        kill(pid, signal)
        process.waitUntilExit()
        return ending
    }

    private var ending: Ending {
        process.terminationReason == .uncaughtSignal
            ? .signal(process.terminationStatus) : .exit(process.terminationStatus)
    }

    /// The processor seconds of the process and of its children that live.
    func cpuSeconds(withChildren: Bool = false) throws -> Double {
        var ticks = try Self.ticks("/proc/\(pid)/stat")
        if withChildren {
            let path = "/proc/\(pid)/task/\(pid)/children"
            let children = try String(contentsOfFile: path, encoding: .utf8)
            for child in children.split(separator: " ").compactMap({ Int32($0) }) {
                ticks += (try? Self.ticks("/proc/\(child)/stat")) ?? 0
            }
        }
        return Double(ticks) / Self.ticksPerSecond
    }

    /// The processor seconds of each thread's name so far.
    func cpuSecondsByThread() throws -> [String: Double] {
        let folder = "/proc/\(pid)/task"
        var seconds: [String: Double] = [:]
        for thread in try FileManager.default.contentsOfDirectory(atPath: folder) {
            // A thread may end meanwhile.
            guard
                let name = try? String(contentsOfFile: "\(folder)/\(thread)/comm", encoding: .utf8),
                let ticks = try? Self.ticks("\(folder)/\(thread)/stat")
            else { continue }
            let key = name.trimmingCharacters(in: .whitespacesAndNewlines)
            seconds[key, default: 0] += Double(ticks) / Self.ticksPerSecond
        }
        return seconds
    }

    /// The memory that is the process's own, mapped files left out.
    func ownMemoryBytes() throws -> Int { try statusBytes("RssAnon:") }

    /// All memory that the process has resident, mapped files included.
    func residentBytes() throws -> Int { try statusBytes("VmRSS:") }

    /// A field of proc_pid_status(5) that is given in kibibytes.
    private func statusBytes(_ field: String) throws -> Int {
        let path = "/proc/\(pid)/status"
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.count == 3, words[0] == field, let kibibytes = Int(words[1]) else {
                continue
            }
            return kibibytes * 1_024
        }
        throw BenchFailure("\(path) tells no \(field)")
    }

    /// How many descriptors it has open.
    func openFiles() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
    }

    private static var ticksPerSecond: Double { Double(sysconf(Int32(_SC_CLK_TCK))) }

    /// utime and stime, fields 14 and 15 of proc_pid_stat(5); field 2 may hold blanks.
    private static func ticks(_ path: String) throws -> Int {
        let line = try String(contentsOfFile: path, encoding: .utf8)
        let fields = line[(line.lastIndex(of: ")") ?? line.startIndex)...].split(separator: " ")
        guard fields.count > 13, let user = Int(fields[12]), let system = Int(fields[13]) else {
            throw BenchFailure("\(path) has another shape than expected")
        }
        return user + system
    }
}
