import Client
import DaemonTesting
import Foundation
import RESP
import Testing

/// Golden transcripts: what goes over the socket, byte for byte. `THROUGHLINE_RECORD=1` writes the
/// replies anew; the difference is then to be read.
@Suite("Transcript: the daemon answers as the transcripts say")
struct TranscriptTests {
    private static let records = ProcessInfo.processInfo.environment["THROUGHLINE_RECORD"] != nil

    /// Error codes that no conversation of one peer with a fresh daemon can be sure to get: why, and
    /// which tests get them.
    private static let elsewhere: [String: (why: String, tests: String)] = [
        "BUSY": ("an erasure must be under way", "CommandsTests/PastWhileErasingTests"),
        "FULL": ("the disk must be full", "Crash/FullVolumeTests"),
        "STOPPING": ("the daemon must be stopping", "ThroughlinedTests/StopTests"),
        "STORAGE": ("the log must fail", "ThroughlinedTests/NoFilesTests"),
        "VIEW": ("a view's file must fail", "ThroughlinedTests/NoFilesTests"),
    ]

    private func replies(_ transcript: Transcript, bytesAtATime: Int) throws -> [[String]] {
        let daemon = try DaemonProcess()
        try transcript.store?.make(at: daemon.store)
        var arguments =
            transcript.role.map { ["--set", "access.rules=user:\(geteuid())=\($0)"] } ?? []
        if transcript.failpoint != nil {
            arguments += ["--set", "limits.stop_ms=1000", "--set", "limits.drain_ms=100"]
        }
        try #require(
            try daemon.start(
                failpoint: transcript.failpoint, arguments: arguments,
                quietly: transcript.store != nil || transcript.failpoint != nil))
        var other = transcript.beside.isEmpty ? nil : try daemon.connect()
        for request in transcript.beside {
            let reply = try other?.call(request.split(separator: " ").map(String.init))
            if case .error(let code, _)? = reply { Issue.record("beside: \(request): \(code)") }
        }
        var conversation = Conversation(transcript, with: daemon, bytesAtATime: bytesAtATime)
        let replies = try conversation.hold()
        // Where the transcript stopped the daemon, this finds it stopped. 75: a thread stood still.
        let ends: [Int32] = transcript.failpoint == nil ? [0] : [0, 75]
        #expect(ends.contains(daemon.stop()), "\(transcript.name): the daemon did not end well")
        return replies
    }

    @Test("a conversation, requests whole and byte by byte", arguments: Transcript.names)
    func conversation(_ name: String) throws {
        let transcript = try Transcript(named: name)
        let whole = try replies(transcript, bytesAtATime: .max / 2)
        if Self.records {
            try transcript.record(whole)
        } else {
            for (exchange, replies) in zip(transcript.exchanges, whole) {
                #expect(replies == exchange.replies, "\(name): \(exchange.requests)")
            }
        }
        #expect(try replies(transcript, bytesAtATime: 1) == whole, "\(name), byte by byte")
    }

    @Test("every command of the table is called in a transcript")
    func everyCommand() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        var connection = try daemon.connect()
        let names = try #require(try connection.call("COMMAND", "LIST").elements).compactMap(\.text)
        let called = try Transcript.names.reduce(into: Set<String>()) {
            $0.formUnion(try Transcript(named: $1).commands)
        }
        #expect(!names.isEmpty)
        for name in names where !called.contains(name.uppercased()) {
            Issue.record("no transcript calls \(name)")
        }
    }

    @Test("every error code stands in a transcript, or in the tests that are named for it")
    func everyErrorCode() throws {
        let codes = try Self.codes()
        let answered = try Transcript.names.reduce(into: Set<String>()) {
            $0.formUnion(try Transcript(named: $1).errorCodes)
        }
        let elsewhere = Set(Self.elsewhere.keys)
        #expect(codes.subtracting(elsewhere).subtracting(answered).isEmpty)
        #expect(elsewhere.intersection(answered).isEmpty, "it can be provoked after all")
        #expect(elsewhere.subtracting(codes).isEmpty, "no such code")
        #expect(answered.subtracting(codes).isEmpty, "a code that no error declares")
        for (code, place) in Self.elsewhere {
            let text = try Self.text("Tests/\(place.tests).swift")
            let word = try Regex("[\"-]\(code)[\" ]")
            #expect(text.contains(word), "\(place.tests) has no \(code)")
        }
    }

    @Test("every error code stands on the reference page, and no other does")
    func reference() throws {
        let codes = try Self.codes()
        let page = try Self.text("Sources/Commands/REFERENCE.md")
        let part = try #require(page.components(separatedBy: "## Errors").last)
            .components(separatedBy: "\n## ")[0]
        let told = part.matches(of: /\| `([A-Z]+)` \|/).map { String($0.output.1) }
        #expect(Set(told).count == told.count)
        #expect(Set(told) == codes)
    }

    /// A file of this repository.
    private static func text(_ path: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// All codes that errors declare.
    private static func codes() throws -> Set<String> {
        let codes = try codes("Commands/CommandError.swift")
            .union(try codes("EventModel/EventRefusal.swift"))
        #expect(codes.contains("IDCONFLICT") && codes.contains("ILLTYPED"))
        return codes
    }

    /// The codes that a source file's `code` gives, so that a new one cannot be forgotten here.
    private static func codes(_ file: String) throws -> Set<String> {
        let lines = try text("Sources/\(file)").components(separatedBy: "var code: StaticString")
            .dropFirst()
            .joined().components(separatedBy: "\n}")[0]
        return Set(lines.matches(of: /:\s+"([A-Z]+)"/).map { String($0.1) })
    }
}
