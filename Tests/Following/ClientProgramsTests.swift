import Client
import DaemonTesting
import Foundation
import RESP
import TestSupport
import Testing

/// Clients that others have written, as they come: redis-py and redis-cli. `tools/install-clients`
/// gets them.
@Suite("Foreign clients")
struct ClientProgramsTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    private static let programs = root.appendingPathComponent("Tests/Following/programs")

    private static let python: URL? = {
        let path = root.appendingPathComponent(".build/python/bin/python")
        return FileManager.default.isExecutableFile(atPath: path.path) ? path : nil
    }()

    private static let redisCLI: URL? = ["/usr/bin/redis-cli", "/usr/local/bin/redis-cli"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }
        .map { URL(fileURLWithPath: $0) }

    /// Starts a program; `input` is what it reads.
    private func start(
        _ program: URL?, _ arguments: [String], input: String = ""
    ) throws -> (process: Process, output: FileHandle) {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        let (from, to) = (Pipe(), Pipe())
        process.standardInput = to
        process.standardOutput = from
        process.standardError = from
        try ChildStarter.shared.run(process)
        try to.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try to.fileHandleForWriting.close()
        return (process, from.fileHandleForReading)
    }

    private func run(
        _ program: URL?, _ arguments: [String], input: String = ""
    ) throws -> (code: Int32, output: String) {
        let (process, output) = try start(program, arguments, input: input)
        let text = String(decoding: output.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    @Test(
        "redis-py does what it does with any server",
        .enabled(if: python != nil, "tools/install-clients got no redis-py"),
        arguments: ["2", "3"])
    func pythonOrdinary(_ version: String) throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        let program = Self.programs.appendingPathComponent("ordinary.py").path
        let (code, output) = try run(Self.python, [program, daemon.socket, version])
        #expect(code == 0 && output == "ordinary\n", "\(output)")
    }

    @Test(
        "redis-py follows, over a daemon that is killed and comes back",
        .enabled(if: python != nil, "tools/install-clients got no redis-py"))
    func pythonFollows() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        let program = Self.programs.appendingPathComponent("follow.py").path
        let (process, output) = try start(
            Self.python, [program, daemon.socket, "1", "400", "TYPE", "demo.*"])
        for half in 0..<2 {
            var connection = try daemon.connect()
            for number in 1...200 {
                let reply = try connection.call(
                    "APPEND", "demo.said", "source", "test", "id", "\(half)-\(number)")
                #expect(reply == .integer(Int64(half * 200 + number)))
            }
            guard half == 0 else { continue }
            daemon.killNow()
            try daemon.start()
        }
        let lines = String(decoding: output.readDataToEndOfFile(), as: UTF8.self).split(
            separator: "\n")
        process.waitUntilExit()
        let positions = lines.compactMap {
            $0.firstMatch(of: /"position":([0-9]+)/).flatMap { Int($0.1) }
        }
        #expect(positions == Array(1...400))
    }

    /// Starts redis-py following, and waits until it has printed events.
    private func startFollowing(
        _ daemon: DaemonProcess, from: Int, count: Int, until printed: Int
    ) throws -> (process: Process, output: FileHandle, text: String) {
        let program = Self.programs.appendingPathComponent("follow.py").path
        let (process, output) = try start(
            Self.python, [program, daemon.socket, "\(from)", "\(count)"])
        var text = ""
        while text.split(separator: "\n").count < printed {
            let more = output.availableData
            guard !more.isEmpty else { break }
            text += String(decoding: more, as: UTF8.self)
        }
        return (process, output, text)
    }

    @Test(
        "redis-py does not go on in a log that is another one since a backup was brought back",
        .enabled(if: python != nil, "tools/install-clients got no redis-py"))
    func pythonEpoch() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        var connection = try daemon.connect()
        func append(_ numbers: ClosedRange<Int>) throws {
            for number in numbers {
                let reply = try connection.call(
                    "APPEND", "demo.said", "source", "test", "id", "\(number)")
                #expect(reply.integerValue != nil, "\(reply)")
            }
        }
        try append(1...10)
        try daemon.backUp("one")
        try append(11...20)
        let (process, output, text) = try startFollowing(daemon, from: 1, count: 99, until: 20)
        #expect(text.split(separator: "\n").count == 20)
        try daemon.startRestored(from: "one")
        connection = try daemon.connect()
        // As long again as it was: without the epoch it would go on with other events.
        try append(101...130)
        let rest = String(decoding: output.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 1)
        // The end of the last event's line may come with it.
        #expect(rest.drop { $0.isNewline }.hasPrefix("ResponseError: EPOCH "), "\(rest)")
        #expect(rest.contains("have positions up to 10 in common"), "\(rest)")
    }

    @Test(
        "redis-py is told where events cannot be read, and ends",
        .enabled(if: python != nil, "tools/install-clients got no redis-py"))
    func pythonEnded() throws {
        let daemon = try DaemonProcess()
        let sizes = ["--segment-events", "64", "--stride-bytes", "1000"]
        try daemon.start(arguments: sizes)
        var connection = try daemon.connect()
        for number in 1...300 {
            let reply = try connection.call(
                "APPEND", "demo.said", "source", "test", "id", "\(number)")
            #expect(reply == .integer(Int64(number)))
        }
        try waitUntil("256 events are sealed") {
            try connection.call("INFO", "log").text?.contains("sealed:256\r") == true
        }
        #expect(daemon.stop() == 0)
        try damageSecondSegment(daemon)
        try daemon.start(arguments: sizes)
        let program = Self.programs.appendingPathComponent("follow.py").path
        let (code, output) = try run(Self.python, [program, daemon.socket, "1", "300"])
        #expect(code == 1)
        let lines = output.split(separator: "\n")
        #expect(lines.dropLast().count == 64)
        let last = lines.last ?? ""
        #expect(last.hasPrefix("FollowEnded: cannot go on from 65: DAMAGED "), "\(last)")
    }

    /// Flips a bit in each block of the second segment, positions 65 to 128.
    private func damageSecondSegment(_ daemon: DaemonProcess) throws {
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: daemon.store + "/log")
                .filter { $0.hasSuffix(".segment") }.sorted().dropFirst().first)
        let url = URL(fileURLWithPath: daemon.store + "/log/" + name)
        var bytes = [UInt8](try Data(contentsOf: url))
        let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
        let frames = (0..<bytes.count - 64).filter { Array(bytes[$0..<$0 + 4]) == magic }
        #expect(!frames.isEmpty)
        for frame in frames { bytes[frame + 24] ^= 1 }
        try Data(bytes).write(to: url)
    }

    @Test(
        "redis-cli runs commands, reads what comes, and shows pushes",
        .enabled(if: redisCLI != nil, "tools/install-clients got no redis-cli"))
    func shell() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        let socket = ["-s", daemon.socket]
        #expect(try run(Self.redisCLI, socket + ["PING"]).output == "PONG\n")
        let appended = try run(
            Self.redisCLI, socket + ["APPEND", "demo.said", "source", "shell", "id", "1"])
        #expect(appended.output == "1\n")
        let events = try run(
            Self.redisCLI, socket + ["EVENTS", "FROM", "1", "COUNT", "1", "WAIT", "1000"])
        #expect(events.output.hasPrefix("2\n{\"position\":1,"), "\(events.output)")
        let followed = try run(
            Self.redisCLI, socket + ["-3", "--show-pushes", "yes"],
            input: "FOLLOW LOG FROM 1\nPING\n")
        #expect(followed.output.contains("follow"), "\(followed.output)")
        #expect(followed.output.contains("demo.said"), "\(followed.output)")
        #expect(followed.output.contains("PONG"), "\(followed.output)")
    }

    @Test(
        "redis-cli helps with our commands, and pipes requests in mass",
        .enabled(if: redisCLI != nil, "tools/install-clients got no redis-cli"))
    func shellHelp() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        let socket = ["-s", daemon.socket]
        let help = try run(Self.redisCLI, socket + ["help", "queue"])
        for word in ["QUEUE", "name [AFTER position]", "Shows who waits in a queue", "group:"] {
            #expect(help.output.contains(word), "\(help.output)")
        }
        let group = try run(Self.redisCLI, socket + ["help", "@write"])
        #expect(group.output.contains("APPENDBATCH"), "\(group.output)")
        var requests = (1...2_000).map { "APPEND demo.said source pipe id \($0)\r\n" }
        requests.append("APPEND queue.entered source pipe id 1\r\n")
        let piped = try run(Self.redisCLI, socket + ["--pipe"], input: requests.joined())
        // It says itself that one of them was refused.
        #expect(piped.code == 1)
        #expect(piped.output.contains("errors: 1, replies: 2001"), "\(piped.output)")
        var connection = try daemon.connect()
        #expect(try connection.call("HEAD") == .integer(2_000))
    }
}
