internal import Client
internal import EventModel
internal import Foundation
internal import Glibc
internal import RESP
internal import Simulation

/// Our daemon: APPEND, all views live.
final class ThroughlineTarget: LoadTarget {
    let name = "throughline"
    let program: String
    let folder: String
    let wire = Wire.resp(expects: UInt8(ascii: ":"))
    let greeting: [[UInt8]] = []
    private let durability: Durability
    /// What the daemon is told besides.
    var arguments: [String]
    /// Where all that it says is kept; nil where nobody needs it.
    var log: String?
    private var server: ServerProcess?

    init(
        program: String, scratch: String, durability: Durability, arguments: [String] = []
    ) {
        self.program = program
        self.arguments = arguments
        self.durability = durability
        folder = scratch + "/tl"
    }

    var socketPath: String { folder + "/run/s.sock" }
    var store: String { folder + "/store" }

    var facts: [String] {
        [
            "throughlined \((try? Programs.run(program, ["--version"])) ?? "?"), durability \(durability.ours),"
                + " schema checks, ids unique for ever, digest chain, four views live"
        ]
    }

    func begin() throws {
        try clear()
        try open()
    }

    /// Leaves nothing but an empty folder for the socket.
    func clear() throws {
        end()
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(
            atPath: folder + "/run", withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o750])
    }

    /// Starts the daemon on the store as it is.
    func open() throws {
        end()
        server = try ServerProcess(
            program,
            [
                "--store", store, "--socket", socketPath, "--log-level", "warning",
                "--durability", durability.ours,
            ] + arguments, log: log,
            readyWords: "listening on")
    }

    func end() {
        server?.stop()
        server = nil
    }

    /// Ends the daemon in the middle of whatever it does.
    func kill() {
        server?.stop(signal: SIGKILL)
        server = nil
    }

    /// Ends the daemon, which must be there until then.
    ///
    /// - Parameter signal: SIGTERM, or SIGKILL in the middle of whatever it does.
    /// - Throws: `BenchFailure` where it had ended by itself, or ends otherwise than it should.
    func stop(by signal: Int32) throws {
        guard let server else { throw BenchFailure("there is no daemon to end") }
        let ending = server.stop(signal: signal)
        self.server = nil
        guard ending == (signal == SIGKILL ? .signal(SIGKILL) : .exit(0)) else {
            throw BenchFailure("the daemon ended otherwise than it was told to: \(ending)")
        }
    }

    func request(for event: EventDraft, json: [UInt8]) -> [UInt8] { Self.request(for: event) }

    /// Returns the APPEND of an event.
    static func request(for event: EventDraft) -> [UInt8] {
        var batch = EventBatch()
        batch.append(event)
        var words: [[UInt8]] = []
        batch.forEachWord { word in words.append(unsafe word.withUnsafeBytes { unsafe [UInt8]($0) })
        }
        // The first word is the number of those behind it, which only APPENDBATCH wants.
        words[0] = Array("APPEND".utf8)
        return RESPRequest.bytes(words)
    }

    func cpuSeconds() throws -> Double { try server?.cpuSeconds() ?? 0 }

    /// Processor seconds by the names of the daemon's threads.
    func cpuSecondsByThread() throws -> [String: Double] {
        try server?.cpuSecondsByThread() ?? [:]
    }

    /// The memory of the daemon, mapped files left out.
    func ownMemoryBytes() throws -> Int { try server?.ownMemoryBytes() ?? 0 }

    /// All memory that the daemon has resident.
    func residentBytes() throws -> Int { try server?.residentBytes() ?? 0 }

    /// How many files and sockets the daemon has open.
    func openFiles() throws -> Int { try server?.openFiles() ?? 0 }

    /// Waits until all views have seen the head.
    func settle() throws { try Settling(socketPath: socketPath).run() }

    /// Ends the segment, and waits until it has its final form.
    func seal() throws {
        var connection = try Connection(socketPath: socketPath)
        guard let last = try connection.call("SEAL").integerValue else {
            throw BenchFailure("SEAL answered no position")
        }
        while try info("sealed") < Int(last) { usleep(20_000) }
    }

    /// Has a view folded anew beside the one in use, and returns how long that takes.
    func rebuildSeconds(_ view: String) throws -> Double {
        var connection = try Connection(socketPath: socketPath)
        let begin = Clock.now()
        if case .error(let code, let message) = try connection.call("REBUILD", view) {
            throw BenchFailure("REBUILD: \(code) \(message)")
        }
        try Rebuilds.wait(&connection)
        return Double(Clock.now() - begin) / 1e9
    }

    /// Returns a field of INFO.
    func info(_ field: String) throws -> Int {
        guard let value = Int(try infoText(field)) else {
            throw BenchFailure("INFO has no number \(field)")
        }
        return value
    }

    /// A line of INFO, behind its name.
    func infoText(_ field: String) throws -> String {
        var connection = try Connection(socketPath: socketPath)
        let text = try connection.call("INFO").text ?? ""
        for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix(field + ":") {
            return String(line.dropFirst(field.count + 1))
        }
        throw BenchFailure("INFO has no line \(field)")
    }
}
