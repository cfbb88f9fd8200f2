import Client
import DaemonTesting
import EventLog
import Foundation
import RESP
import TestSupport
import Testing

/// A daemon that is asked to keep a consumer's place and to forget a person, one request after the
/// other, while a recorder notes what it does to its store.
struct ErasingRun {
    static let consumer = "reader"
    private static let phone = "+34911777001"
    /// What no file may hold once she is forgotten.
    static let marks = ["34911777001", "markedtext"]

    private let daemon: DaemonProcess
    private var erasable: [Reference.Erasable] = []
    private var acknowledged: [Int] = []
    private var count = 0

    init(requests: Int, seed: UInt64, folder: String) throws {
        daemon = try DaemonProcess()
        // Nobody holds its lock any more.
        do { try OpenedLog(daemon.store).log.close() }
        var before = RecordingWriter()
        try before.describe(daemon.store, as: "store")
        before.flush(try RecordingWriter.inode(daemon.folder.path), "")
        try before.write(to: folder + "/recording")
        let listens = try daemon.start(
            arguments: RecordedRun.arguments + [
                "--set", "access.rules=user:\(geteuid())=privacy",
            ],
            environment: Recorder.environment(of: daemon, recording: folder + "/recording"))
        try #require(
            listens, "the daemon has ended: \(String(describing: daemon.waitForExitCode()))")
        var connection = try daemon.connect()
        var random = SeededGenerator(seed: seed)
        try Self.expect(
            "OK", try connection.call("CONSUMER", "CREATE", Self.consumer, "FROM", "1"))
        for request in 0..<requests / 2 { try take(request, &random, &connection, withHer: true) }
        let erasing = try erase(&connection)
        for request in requests / 2..<requests {
            try take(request, &random, &connection, withHer: false)
        }
        #expect(daemon.stop() == 0)
        let records = try OpenedLog(daemon.store).records()
        try #require(records.count == count)
        for each in erasable {
            #expect(!records[each.index].ends(with: each.text), "it is still there in the end")
        }
        try Reference(
            records: records, ends: Array(1...records.count), erasable: erasable, erasing: erasing,
            acknowledged: acknowledged
        )
        .write(to: folder + "/reference")
    }

    private static func expect(_ word: String, _ reply: Reply) throws {
        guard reply == .simple(word) else { throw UnexpectedReply(command: word, reply: reply) }
    }

    /// Appends an event; now and then it has the consumer's place kept.
    private mutating func take(
        _ request: Int, _ random: inout SeededGenerator, _ connection: inout Connection,
        withHer: Bool
    ) throws {
        let isHers = withHer && request % 3 == 1
        let length = Int.random(in: 20...600, using: &random)
        let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        let noise = String((0..<length).map { _ in letters.randomElement(using: &random) ?? "a" })
        let text = (isHers ? "markedtext " : "plain ") + noise
        let reply = try connection.call([
            "APPEND", "message.received", "source", "producer", "id", "\(request)", "interaction",
            "i-\(request)", "channel", "chat", "message_id", "m-\(request)", "author", "customer",
            "customer", isHers ? "phone:\(Self.phone)" : "crm:\(request % 5)", "content_type",
            "text/plain", "DATA", text,
        ])
        count += 1
        guard reply.integerValue == Int64(count) else {
            throw UnexpectedReply(command: "APPEND", reply: reply)
        }
        if isHers { erasable.append(.init(index: count - 1, text: text)) }
        if Int.random(in: 0..<5, using: &random) == 0 {
            let reply = try connection.call(
                "CONSUMER", "ACK", Self.consumer, "\(count)", "DURABLE")
            guard reply.integerValue == Int64(count) else {
                throw UnexpectedReply(command: "ACK", reply: reply)
            }
            acknowledged.append(count)
        }
    }

    /// Forgets her, and returns the positions between which that is asked for and carried out.
    private mutating func erase(_ connection: inout Connection) throws -> ClosedRange<Int> {
        let first = count + 1
        let receipt = try connection.call(
            "ERASE", "phone:\(Self.phone)", "REASON", "request of the person")
        guard !receipt.isError else { throw UnexpectedReply(command: "ERASE", reply: receipt) }
        try waitUntil("she is forgotten") {
            try Self.info(&connection, "privacy", "erasures_pending") == 0
        }
        count = try Self.info(&connection, "log", "head") ?? 0
        return first...count
    }

    /// No reply of its is taken for an answered position: it is one text.
    private static func info(
        _ connection: inout Connection, _ section: String, _ name: String
    ) throws -> Int? {
        (try connection.call("INFO", section).text ?? "").split(whereSeparator: \.isNewline)
            .first { $0.hasPrefix(name + ":") }
            .flatMap { Int($0.dropFirst(name.count + 1)) }
    }
}

extension [UInt8] {
    /// Whether a record ends with a text, as one does that has it.
    func ends(with text: String) -> Bool {
        suffix(text.utf8.count).elementsEqual(text.utf8)
    }
}
