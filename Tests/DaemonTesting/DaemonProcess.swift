public import Client
internal import Dispatch
public import Foundation
public import RESP
internal import TestSupport

/// A daemon in a process of its own, on a store in a temporary folder that goes with the object.
///
/// The programs are those of `$THROUGHLINE_BIN`, else those beside the running tests.
public final class DaemonProcess {
    /// Where the store, the socket and what a test adds lie.
    public let folder: URL
    private var process: Process?
    private var output = Pipe()
    private var exited = DispatchSemaphore(value: 0)

    /// The daemon's socket.
    public var socket: String { folder.path + "/run/s.sock" }
    /// The daemon's store.
    public var store: String { folder.path + "/store" }

    /// Makes a folder; the daemon is started by `start`.
    public init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("tl-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        if let process, process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        try? FileManager.default.removeItem(at: folder)
    }

    /// Where the built programs lie.
    public static var programs: URL {
        if let path = ProcessInfo.processInfo.environment["THROUGHLINE_BIN"] {
            return URL(fileURLWithPath: path)
        }
        return URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent()
    }

    /// Starts the daemon and returns once it listens.
    ///
    /// - Parameters:
    ///   - failpoint: Where it shall be killed, like `log.committed:3`.
    ///   - arguments: What follows the arguments that every daemon gets.
    ///   - added: What its environment has that the test's has not.
    ///   - quietly: Whether what it says of failures that are meant is kept off the terminal.
    ///   - log: Where its log goes; nil for the terminal.
    ///   - under: A program that starts it, and what stands before the daemon's own words there.
    /// - Returns: false when it ended before it listened, as by a failpoint.
    @discardableResult
    public func start(
        failpoint: String? = nil, arguments: [String] = [],
        environment added: [String: String] = [:],
        quietly: Bool = false, log: FileHandle? = nil, under: [String] = []
    ) throws -> Bool {
        precondition(process?.isRunning != true, "one daemon at a time")
        let process = Process()
        let program = Self.programs.appendingPathComponent("throughlined")
        process.executableURL = under.first.map { URL(fileURLWithPath: $0) } ?? program
        process.arguments =
            (under.isEmpty ? [] : Array(under.dropFirst()) + [program.path])
            + ["--store", store, "--socket", socket, "--log-level", "warning"] + arguments
        var environment = ProcessInfo.processInfo.environment.merging(added) { $1 }
        environment["THROUGHLINE_FAILPOINT"] = failpoint
        process.environment = environment
        output = Pipe()
        process.standardOutput = output
        if quietly { process.standardError = FileHandle.nullDevice }
        if let log { process.standardError = log }
        let exited = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in exited.signal() }
        self.exited = exited
        try ChildStarter.shared.run(process)
        self.process = process
        return listens()
    }

    /// Reads what the daemon prints until it says that it listens, or ends.
    private func listens() -> Bool {
        var text = ""
        while true {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { return false }
            text += String(decoding: data, as: UTF8.self)
            if text.contains("listening on") { return true }
        }
    }

    /// Ends the daemon as a power switch would: SIGKILL.
    public func killNow() {
        guard let process else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Asks the daemon to end and returns its exit code.
    public func stop() -> Int32 {
        guard let process else { return 0 }
        process.terminate()
        waitForExit(process)
        return process.terminationStatus
    }

    /// Waits until the daemon has ended by itself and returns whether a signal killed it.
    public func waitUntilKilled() -> Bool {
        guard let process else { return false }
        waitForExit(process)
        return process.terminationReason == .uncaughtSignal
    }

    /// Waits until the daemon has ended by itself and returns its exit code; nil when a signal
    /// killed it.
    public func waitForExitCode() -> Int32? {
        guard let process else { return nil }
        waitForExit(process)
        return process.terminationReason == .exit ? process.terminationStatus : nil
    }

    /// Waits until the daemon has ended. One that stands still is ended, and with it the test that
    /// would wait for ever: its exit is then a signal's.
    private func waitForExit(_ process: Process) {
        if process.isRunning, exited.wait(timeout: .now() + Self.patience) == .timedOut {
            kill(process.processIdentifier, SIGABRT)
        }
        process.waitUntilExit()
    }

    /// Seconds after which a daemon that does not answer or end is taken to stand still.
    private static let patience: TimeInterval = 120

    /// Connects to the daemon.
    public func connect() throws -> Connection {
        try Connection(socketPath: socket, timeout: .seconds(Int64(Self.patience)))
    }

    /// The files of the store that it has open and that have no name any more.
    public func removedFilesOpen() throws -> [String] {
        let folder = "/proc/\(process?.processIdentifier ?? 0)/fd/"
        let files = FileManager.default
        return try files.contentsOfDirectory(atPath: folder).compactMap { number in
            // One may be closed by now.
            guard let path = try? files.destinationOfSymbolicLink(atPath: folder + number),
                path.hasPrefix(store), path.hasSuffix(" (deleted)")
            else { return nil }
            return path
        }
    }

    /// The memory that the daemon has resident.
    public func residentBytes() throws -> Int {
        let number = process?.processIdentifier ?? 0
        let status = try String(contentsOfFile: "/proc/\(number)/status", encoding: .utf8)
        guard let kibibytes = status.firstMatch(of: /VmRSS:\s+([0-9]+) kB/).flatMap({ Int($0.1) })
        else { throw CocoaError(.fileReadCorruptFile) }
        return kibibytes * 1_024
    }

    /// The processor time that all of the daemon's threads have had.
    public func processorTime() throws -> Duration {
        let tasks = "/proc/\(process?.processIdentifier ?? 0)/task"
        var nanoseconds: Int64 = 0
        for task in try FileManager.default.contentsOfDirectory(atPath: tasks) {
            // A thread may have ended meanwhile.
            let text = try? String(contentsOfFile: "\(tasks)/\(task)/schedstat", encoding: .utf8)
            nanoseconds += text?.split(separator: " ").first.flatMap { Int64($0) } ?? 0
        }
        return .nanoseconds(nanoseconds)
    }

    /// Runs the operators' tool and returns its exit code and what it printed.
    ///
    /// - Parameter added: What its environment has that the test's has not.
    public func tool(
        _ arguments: [String], environment added: [String: String] = [:]
    ) throws -> (code: Int32, output: String, error: String) {
        let process = Process()
        process.executableURL = Self.programs.appendingPathComponent("throughline")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment
            .merging(["THROUGHLINE_SOCKET": socket]) { $1 }.merging(added) { $1 }
        let error = folder.appendingPathComponent("tool.stderr")
        guard FileManager.default.createFile(atPath: error.path, contents: nil) else {
            throw CocoaError(.fileWriteUnknown)
        }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: error)
        try ChildStarter.shared.run(process)
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: printed, as: UTF8.self),
            try String(contentsOf: error, encoding: .utf8)
        )
    }

    /// Makes a backup of a name, and waits until it is made.
    public func backUp(_ name: String) throws {
        var connection = try connect()
        let reply = try connection.call("BACKUP", name)
        guard reply.text == "OK" else { throw UnexpectedReply(command: "BACKUP", reply: reply) }
        var state: String?
        try waitUntil("backup \(name) is made") {
            state = try document("BACKUP")["state"] as? String
            return state != "running"
        }
        guard state == "done" else {
            throw UnexpectedReply(command: "BACKUP", reply: try connection.call("BACKUP"))
        }
    }

    /// Calls one command on a connection of its own and returns the JSON object it answers.
    public func document(_ arguments: String...) throws -> [String: Any] {
        var connection = try connect()
        let reply = try connection.call(arguments)
        guard let text = reply.text,
            let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        else { throw UnexpectedReply(command: arguments.joined(separator: " "), reply: reply) }
        return object
    }
}

/// A reply that is not what a test needs to go on.
public struct UnexpectedReply: Error {
    /// What was asked.
    public let command: String
    /// What came.
    public let reply: Reply

    /// Names a command and what came.
    public init(command: String, reply: Reply) {
        self.command = command
        self.reply = reply
    }
}
