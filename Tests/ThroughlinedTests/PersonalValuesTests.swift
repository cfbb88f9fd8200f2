import Client
import Commands
import DaemonTesting
import Foundation
import RESP
import Testing

/// Everything that a producer says is marked; what the daemon says of itself has none of the marks.
@Suite("Personal values stay in the store and in answers about it")
struct PersonalValuesTests {
    /// What stands nowhere but in what producers say.
    private static let marks = [
        "7719283746", "zq.marked@example.com", "Zqmarked Person", "zqmark-id 9", "zqmark/thing",
        "zqmark:text", "zqmark=secret",
    ]
    /// The same as words of requests. A single word of letters is not among them: where a name is
    /// expected such a one is shown, for it is a misspelling. Nor is a bare number: who asks for one
    /// as a position is told of that position.
    private static let words = [
        "phone:+347719283746", "email:zq.marked@example.com", "Zqmarked Person", "zqmark-id 9",
        "interaction-zqmark/thing", "{\"t\":\"zqmark:text\"}", "zqmark=secret",
    ]
    /// What ends the connection or the daemon, or makes it answer by pushes.
    private static let apart: Set<String> = ["SHUTDOWN", "QUIT", "FOLLOW", "HELLO"]

    private static func marks(in text: String) -> [String] { marks.filter(text.contains) }

    /// All that a reply says.
    private static func text(_ reply: Reply) -> String {
        if let elements = reply.elements { return elements.map(text).joined(separator: "\n") }
        return reply.text ?? "\(reply)"
    }

    @Test("no log line, refusal, INFO, LIMITS, CLIENT LIST or PROJECTIONS has one, crash included")
    func nothingIsSaid() throws {
        let daemon = try DaemonProcess()
        let file = daemon.folder.appendingPathComponent("daemon.log")
        try #require(FileManager.default.createFile(atPath: file.path, contents: nil))
        let log = try FileHandle(forWritingTo: file)
        let arguments = [
            "--log-level", "trace", "--segment-events", "4", "--stride-bytes", "1",
            "--set", "limits.request_ms=400",
        ]
        for round in 0..<2 {
            try #require(try daemon.start(arguments: arguments, log: log))
            var connection = try daemon.connect()
            try record(&connection, round)
            try expectAnswered(&connection)
            for refusal in try misuse(&connection) + protocolErrors(daemon) {
                #expect(Self.marks(in: refusal).isEmpty, "\(refusal)")
            }
            for command in [
                ["INFO"], ["LIMITS"], ["CLIENT", "LIST"], ["PROJECTIONS"], ["COMMAND"],
            ] {
                let text = Self.text(try connection.call(command))
                #expect(
                    text.utf8.count > 100 && Self.marks(in: text).isEmpty, "\(command): \(text)")
            }
            if round == 0 { daemon.killNow() } else { #expect(daemon.stop() == 0) }
        }
        let said = try String(contentsOf: file, encoding: .utf8)
        #expect(said.contains("stopped"), "the log was not kept")
        for line in said.split(separator: "\n") {
            #expect(Self.marks(in: String(line)).isEmpty, "\(line)")
        }
    }

    /// Appends events that carry marks wherever an event can, singly, again, changed, in a batch.
    private func record(_ connection: inout Connection, _ round: Int) throws {
        let common = [
            "customer", "phone:+347719283746", "recipient:verified",
            "email:zq.marked@example.com", "interaction", "zqmark/thing",
        ]
        let events = [
            [
                "interaction.created", "channel", "voice", "direction", "inbound", "method",
                "inbound",
            ],
            ["queue.entered", "channel", "voice", "queue", "billing"],
            ["demo.unheardOf", "word", "zqmark:text Zqmarked Person", "DATA", "zqmark=secret"],
        ]
        for (number, event) in events.enumerated() {
            let data = event.firstIndex(of: "DATA") ?? event.endIndex
            let named = ["source", "zqmark-id 9", "id", "zqmark-id 9 \(round) \(number)"] + common
            let request = ["APPEND"] + event[..<data] + named + event[data...]
            let position = try #require(try connection.call(request).integerValue)
            let again = try connection.call(request)
            #expect(again.elements?.first?.integerValue == position)
            #expect(try connection.call(request + ["EXPECT", "agent-zqmark/thing", "7"]) == again)
            var changed = request
            changed[1] = "demo.other"
            let refusal = try connection.call(changed)
            #expect(refusal.isError && Self.marks(in: "\(refusal)").isEmpty, "\(refusal)")
        }
        let words = ["demo.batched", "source", "zqmark-id 9", "id", "zqmark=secret"]
        let twice = ["\(words.count)"] + words
        let refusal = try connection.call(["APPENDBATCH", "2"] + twice + twice)
        #expect(refusal.isError && Self.marks(in: "\(refusal)").isEmpty, "\(refusal)")
    }

    /// The marks are in the store: else the rest would say nothing.
    private func expectAnswered(_ connection: inout Connection) throws {
        let head = "\(try #require(try connection.call("HEAD").integerValue))"
        let card = try connection.call(
            "CUSTOMER", "phone:+347719283746", "AFTER", head, "WITHIN", "60000")
        #expect(card.text?.contains("7719283746") == true, "\(card)")
        let events = try connection.call("EVENTS", "FROM", "1")
        #expect(Self.text(events).contains("zqmark:text"))
    }

    /// Calls every command with marked words wherever a word can stand; returns the refusals.
    private func misuse(_ connection: inout Connection) throws -> [String] {
        var refusals: [String] = []
        for command in CommandTable.standard.commands where !Self.apart.contains(command.name) {
            for word in Self.words {
                for request in requests(command, word) {
                    let reply = try connection.call(request)
                    if reply.isError { refusals.append("\(request): \(reply)") }
                }
            }
        }
        for word in Self.words {
            refusals.append("\(try connection.call(word, word))")
            refusals.append("\(try connection.call("HELLO", "3", "AUTH", word, word))")
            refusals.append("\(try connection.call("HELLO", word))")
            refusals.append("\(try connection.call("FOLLOW", word, word))")
        }
        return refusals.map { String($0.split(separator: "]: ", maxSplits: 1).last ?? "") }
    }

    private func requests(_ command: CommandDefinition, _ word: String) -> [[String]] {
        let name = command.name
        let placed =
            [name]
            + command.arguments.filter { $0.token == nil && !$0.isOptional }.map { _ in word }
        let options = command.arguments.compactMap { argument in
            argument.token.map { token in
                let isWord = argument.kind == .pureToken
                return placed + [token]
                    + Array(repeating: word, count: isWord ? 1 : argument.valueCount)
            }
        }
        return [placed, [name, word], [name, word, word], [name, word, word, word]] + options
    }

    /// What is answered to bytes that are no requests.
    private func protocolErrors(_ daemon: DaemonProcess) throws -> [String] {
        let broken = Self.words.flatMap { word in
            ["*\(word)\r\n", "*1\r\n$\(word)\r\n", "*1\r\n\(word)\r\n", "ECHO \"\(word)\r\n"]
        }
        return try broken.map { bytes in
            let peer = try #require(RawPeer(to: daemon.socket))
            peer.send(bytes)
            return peer.readToEnd()
        }
    }
}
