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

    /// Error codes that no peer can provoke, and why.
    private static let unprovokable = [
        "HELD": "another connection must read the consumer",
        "BACKUP": "whether one is still being made is a race",
        "BUSY": "whether an erasure is still under way is a race; else 64 questions must wait",
        "FULL": "the disk must be full",
        "REBUILDING": "only while a version that is new to the store is folded",
        "STALE": "whether a view still lags behind the head is a race",
        "STOPPING": "only in the round between a SHUTDOWN and its commit, by another connection",
        "STORAGE": "the log must fail",
        "VIEW": "a view's file must fail",
    ]

    private func replies(_ transcript: Transcript, bytesAtATime: Int) throws -> [[String]] {
        let daemon = try DaemonProcess()
        try transcript.store?.make(at: daemon.store)
        let rule = transcript.role.map { ["--set", "access.rules=user:\(geteuid())=\($0)"] }
        try #require(
            try daemon.start(arguments: rule ?? [], quietly: transcript.store != nil))
        var conversation = Conversation(transcript, with: daemon, bytesAtATime: bytesAtATime)
        let replies = try conversation.hold()
        // Where the transcript stopped the daemon, this finds it stopped.
        #expect(daemon.stop() == 0, "\(transcript.name): the daemon did not end well")
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

    @Test("every error code stands in a transcript, or in the list of those nobody can provoke")
    func everyErrorCode() throws {
        let codes = try Self.codes("Commands/CommandError.swift")
            .union(try Self.codes("EventModel/EventRefusal.swift"))
        #expect(codes.contains("IDCONFLICT") && codes.contains("ILLTYPED"))
        let answered = try Transcript.names.reduce(into: Set<String>()) {
            $0.formUnion(try Transcript(named: $1).errorCodes)
        }
        let unprovokable = Set(Self.unprovokable.keys)
        #expect(codes.subtracting(unprovokable).subtracting(answered).isEmpty)
        #expect(unprovokable.intersection(answered).isEmpty, "it can be provoked after all")
        #expect(unprovokable.subtracting(codes).isEmpty, "no such code")
        #expect(answered.subtracting(codes).isEmpty, "a code that no error declares")
    }

    /// The codes that a source file's `code` gives, so that a new one cannot be forgotten here.
    private static func codes(_ file: String) throws -> Set<String> {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Sources")
        let text = try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
        let lines = text.components(separatedBy: "var code: StaticString").dropFirst()
            .joined().components(separatedBy: "\n}")[0]
        return Set(lines.matches(of: /: "([A-Z]+)"/).map { String($0.1) })
    }
}
