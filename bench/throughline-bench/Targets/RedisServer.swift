internal import Client
internal import Foundation
internal import RESP

/// One redis-server for all its targets: append-only file, no RDB.
final class RedisServer {
    private static let configuration = [
        "port": "0", "save": "", "appendonly": "yes",
        // A rewrite would disturb the rounds; nothing is ever rewritten.
        "auto-aof-rewrite-percentage": "0", "daemonize": "no", "databases": "1",
        "stop-writes-on-bgsave-error": "no",
    ]

    let folder: String
    let program: String
    private let configuration: [String: String]
    private var server: ServerProcess?

    /// - Returns: nil when redis-server is not installed.
    init?(scratch: String, _ durability: Durability) {
        guard let program = Programs.locate("redis-server") else { return nil }
        self.program = program.path
        folder = scratch + "/redis"
        configuration = Self.configuration.merging(["appendfsync": durability.redis]) { $1 }
    }

    var socketPath: String { folder + "/s.sock" }

    var facts: [String] {
        let version = (try? Programs.run(program, ["--version"])) ?? "?"
        let settings = configuration.sorted { $0.key < $1.key }
            .map { "\($0.key) \($0.value.isEmpty ? "\"\"" : $0.value)" }
        return [version, "  " + settings.joined(separator: ", ")]
    }

    func begin() throws {
        end()
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let arguments = configuration.flatMap { ["--" + $0.key, $0.value] }
        server = try ServerProcess(
            program, arguments + ["--unixsocket", socketPath, "--dir", folder],
            readyWords: "ready to accept connections at")
        try call("FUNCTION", "LOAD", Self.function)
    }

    func end() {
        server?.stop()
        server = nil
    }

    func cpuSeconds() throws -> Double { try server?.cpuSeconds() ?? 0 }

    /// Sends one command.
    @discardableResult
    func call(_ words: String...) throws -> Reply {
        var connection = try Connection(socketPath: socketPath)
        let reply = try connection.call(words)
        if case .error(let code, let message) = reply {
            throw BenchFailure("redis \(words[0]): \(code) \(message)")
        }
        return reply
    }

    /// The bytes of the append-only file.
    func logBytes() throws -> Int { try Programs.diskBytes(folder + "/appendonlydir") }

    /// Appends only what is new by its id. The name is the library's.
    private static let function = """
        #!lua name=bench
        redis.register_function('append_once', function(keys, args)
          if redis.call('SET', keys[1], '1', 'NX') then
            return redis.call('XADD', keys[2], '*', 'd', args[1])
          end
          return false
        end)
        """
}
