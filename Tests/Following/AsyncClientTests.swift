import Client
import DaemonTesting
import Foundation
import RESP
import TestSupport
import Testing

@Suite("Calls of many tasks")
struct AsyncClientTests {
    @Test("are answered each with its own, over daemons that are killed, and stored once")
    func killed() async throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        let client = AsyncClient(socketPath: daemon.socket)
        let watch = AsyncClient(socketPath: daemon.socket)
        let (tasks, each) = (16, 60)
        try await withThrowingTaskGroup(of: [Int64].self) { group in
            for task in 0..<tasks {
                group.addTask {
                    var positions: [Int64] = []
                    for number in 0..<each {
                        let reply = try await client.call(
                            "APPEND", "demo.said", "source", "t\(task)", "id", "\(number)")
                        // A repeat tells its first position in an array.
                        let position = reply.integerValue ?? reply.elements?.first?.integerValue
                        positions.append(try #require(position, "\(reply)"))
                        let event = try await client.call("EVENT", "\(positions[number])")
                        #expect(event.text?.contains("\"id\":\"\(number)\"") == true)
                        #expect(event.text?.contains("\"source\":\"t\(task)\"") == true)
                    }
                    return positions
                }
            }
            // Twice in the middle; those who call notice nothing but the time.
            for goal in [200, 500] {
                // Not a blocking connection: it would keep one of few threads from the tasks.
                try await waitUntil("\(goal) events are stored") {
                    try await watch.call("HEAD").integerValue ?? 0 >= Int64(goal)
                }
                daemon.killNow()
                try daemon.start()
            }
            var all: [Int64] = []
            for try await positions in group {
                #expect(positions == positions.sorted())
                all += positions
            }
            #expect(all.sorted() == (1...Int64(tasks * each)).map { $0 })
        }
    }

    @Test("that may not be repeated fail when the connection breaks; the next ones are served")
    func interrupted() async throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        let client = AsyncClient(socketPath: daemon.socket)
        let waiting = Task {
            try await client.call("EVENTS", "FROM", "1", "WAIT", "60000", repeats: false)
        }
        let watch = AsyncClient(socketPath: daemon.socket)
        try await waitUntil("a client waits") {
            try await watch.call("INFO", "clients").text?.contains("blocked_clients:1") == true
        }
        daemon.killNow()
        try daemon.start()
        await #expect(throws: ClientError.self) { _ = try await waiting.value }
        #expect(try await client.call("HEAD") == .integer(0))
    }

    @Test("that are cancelled end, others do not")
    func cancelled() async throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        let client = AsyncClient(socketPath: daemon.socket)
        let waiting = Task { try await client.call("EVENTS", "FROM", "1", "WAIT", "60000") }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { _ = try await waiting.value }
        var connection = try daemon.connect()
        _ = try connection.call("APPEND", "demo.said", "source", "t", "id", "1")
        #expect(try await client.call("HEAD") == .integer(1))
    }

    @Test(
        "see their own appends where that is wanted, and wait for a daemon that is away only so long"
    )
    func options() async throws {
        let daemon = try DaemonProcess()
        var options = AsyncClient.Options()
        options.patience = .milliseconds(50)
        options.readsOwnAppends = true
        let away = AsyncClient(socketPath: daemon.socket, options: options)
        await #expect(throws: ClientError.self) { _ = try await away.call("HEAD") }
        try daemon.start()
        for number in 1...20 {
            _ = try await away.call(
                "APPEND", "queue.entered", "source", "t", "id", "\(number)", "interaction",
                "i-\(number)", "queue", "billing")
            let document = try await away.call("QUEUE", "billing").text
            #expect(document?.contains("\"waiting_count\":\(number),") == true)
        }
    }

    @Test("as the README shows them")
    func readme() async throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        var shown: [String] = []
        func print(_ text: String) { shown.append(text) }
        func example(path: String) async throws {
            let daemon = AsyncClient(socketPath: path)
            let position = try await daemon.call(
                "APPEND", "queue.entered", "source", "acd-1", "id", "7f3a:3", "interaction",
                "c-8812",
                "queue", "billing")
            let queue = try await daemon.call(
                "QUEUE", "billing", "AFTER", "\(position.integerValue ?? 0)")
            print(queue.text ?? "nobody has ever waited there")
        }
        try await example(path: daemon.socket)
        #expect(shown.first?.contains("\"waiting_count\":1,") == true)
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let readme = try String(
            contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
        let code = try String(contentsOf: URL(fileURLWithPath: #filePath), encoding: .utf8)
        let example = try #require(readme.split(separator: "let daemon = AsyncClient").last)
        for line in example.prefix(while: { $0 != "`" }).split(separator: "\n").dropFirst() {
            #expect(code.contains("    " + line.trimmingCharacters(in: .whitespaces)), "\(line)")
        }
    }
}
