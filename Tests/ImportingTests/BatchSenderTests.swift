import Client
import EventModel
import JSON
import RESP
import Testing

@testable import Importing

@Suite("sending batches")
struct BatchSenderTests {
    private static let now = Timestamp(rfc3339: "2026-01-01T00:00:00Z") ?? .latest

    /// A batch of rows; each row is a list of `(id, type)`.
    private static func batch(_ rows: [[(String, String)]]) throws -> RowBatch {
        var batch = RowBatch()
        for (number, row) in rows.enumerated() {
            let mark = batch.mark
            for (id, type) in row {
                batch.appendWord(type)
                for word in ["source", "test", "id", id] { batch.appendWord(word) }
                batch.endEvent()
            }
            try withBytes("raw \(number + 1)") { raw throws(RowFault) in
                try batch.endRow(since: mark, file: 0, line: number + 1, raw: raw)
            }
        }
        return batch
    }

    private static func send(
        _ batches: [[[(String, String)]]], letters: String
    ) throws -> ImportSummary {
        var sender = BatchSender(
            CheckingChannel(now: now), files: ["f"], deadLettersPath: letters)
        for rows in batches { try sender.send(try batch(rows)) }
        try sender.finish()
        return sender.summary
    }

    @Test("a batch goes as one request that says how many words each event has")
    func encoding() throws {
        let batch = try Self.batch([[("1", "a.b"), ("2", "c")], [("3", "d")]])
        var encoder = RequestEncoder()
        batch.encodeBatch(of: 0..<2, into: &encoder)
        batch.encodeBatch(of: 1..<2, into: &encoder)
        batch.encodeEvent(1, into: &encoder)
        let expected = [
            ["APPENDBATCH", "3", "5", "a.b", "source", "test", "id", "1"]
                + ["5", "c", "source", "test", "id", "2", "5", "d", "source", "test", "id", "3"],
            ["APPENDBATCH", "1", "5", "d", "source", "test", "id", "3"],
            ["APPEND", "c", "source", "test", "id", "2"],
        ]
        var reference = RequestEncoder()
        for words in expected { reference.request(words) }
        #expect(encoder.isComplete)
        #expect(encoder.buffer.bytes.copied() == reference.buffer.bytes.copied())
    }

    @Test("events are stored once, however often they are sent")
    func repeats() throws {
        let folder = try TemporaryFolder()
        let rows = [[("1", "a"), ("2", "a")], [("3", "a")]]
        let summary = try Self.send([rows, rows], letters: folder.path + "/dead")
        #expect(summary.eventsSent == 6)
        #expect(summary.eventsStored == 3)
        #expect(summary.eventsRepeated == 3)
        #expect(folder.read("dead") == nil)
    }

    @Test("a partly repeated batch is sent by rows, a partly repeated row by events")
    func partlyRepeated() throws {
        let folder = try TemporaryFolder()
        let summary = try Self.send(
            [
                [[("1", "a"), ("2", "a")]],
                [[("1", "a"), ("2", "a")], [("2", "a"), ("3", "a")], [("4", "a")]],
            ], letters: folder.path + "/dead")
        #expect(summary.eventsStored == 4)
        #expect(summary.eventsRepeated == 3)
        #expect(summary.deadLetterCount == 0)
    }

    @Test("a refused row costs only itself, whole, and says why")
    func refused() throws {
        let folder = try TemporaryFolder()
        let summary = try Self.send(
            [
                [[("1", "a")], [("2", "a"), ("3", "bad type")], [("4", "a")]],
                [[("5", "queue.entered")], [("1", "changed")]],
            ], letters: folder.path + "/dead")
        #expect(summary.eventsStored == 2)
        #expect(summary.deadLetters == ["BADTYPE": 1, "MISSING": 1, "IDCONFLICT": 1])
        let lines = (folder.read("dead") ?? "").split(separator: "\n").map {
            try? JSONValue.read(Array($0.utf8))
        }
        #expect(lines.count == 3)
        #expect(lines[0]?["line"] == .integer(2))
        #expect(lines[0]?["raw"] == .string("raw 2"))
        #expect(lines[0]?["reason"] == .string("BADTYPE"))
        #expect(lines[1]?["message"]?.text?.contains("queue.entered requires") == true)
    }

    @Test("a row that contradicts itself is buried whole, what it repeats stays stored")
    func contradiction() throws {
        let folder = try TemporaryFolder()
        let summary = try Self.send(
            [[[("1", "a")]], [[("1", "a"), ("2", "a"), ("2", "b")], [("3", "a")]]],
            letters: folder.path + "/dead")
        #expect(summary.eventsStored == 2)
        #expect(summary.deadLetters == ["IDCONFLICT": 1])
    }

    @Test("a daemon that takes nothing at all stops the import")
    func hopeless() throws {
        let folder = try TemporaryFolder()
        let rows = (0..<ImportLimits.hopelessRefusals).map { [("\($0)", "queue.entered")] }
        #expect(throws: ImportError.self) {
            try Self.send([rows], letters: folder.path + "/dead")
        }
    }

    @Test("replies are judged by their form")
    func verdicts() {
        let positions: [Reply] = [.integer(4), .integer(5)]
        let cases: [(Reply, AppendVerdict)] = [
            (.array(positions), .stored),
            (.array(positions + [.simple("REPEAT")]), .repeated),
            (.array([.integer(4)]), .senseless), (.integer(4), .senseless), (.null, .senseless),
            (.error(code: "PARTIALREPEAT", message: "m"), .partlyRepeated),
            (.error(code: "FULL", message: "m"), .halted(code: "FULL", message: "m")),
            (.error(code: "ILLTYPED", message: "m"), .refused(code: "ILLTYPED", message: "m")),
        ]
        for (reply, verdict) in cases {
            #expect(AppendVerdict(batch: reply, eventCount: 2) == verdict)
        }
        #expect(AppendVerdict(event: .integer(4)) == .stored)
        #expect(AppendVerdict(event: .array([.integer(4), .simple("REPEAT")])) == .repeated)
        #expect(AppendVerdict(event: .array([.integer(4)])) == .senseless)
    }

    @Test("an error that concerns no event ends the import with its code and words")
    func halted() throws {
        let folder = try TemporaryFolder()
        var sender = BatchSender(
            FixedChannel(.error(code: "FULL", message: "no room")), files: ["f"],
            deadLettersPath: folder.path + "/dead")
        let batch = try Self.batch([[("1", "a")]])
        #expect(throws: ImportError.refused(code: "FULL", message: "no room")) {
            try sender.send(batch)
            try sender.finish()
        }
        #expect(folder.read("dead") == nil)
    }

    @Test("a row over the bounds of a request is taken back")
    func tooLarge() throws {
        var batch = try Self.batch([[("1", "a")]])
        let mark = batch.mark
        batch.appendWord("a")
        batch.appendWord(String(repeating: "x", count: ImportLimits.rowBytesMax))
        batch.endEvent()
        #expect(throws: RowFault.self) {
            try batch.endRow(since: mark, file: 0, line: 2, raw: RawSpan())
        }
        #expect(batch.eventCount == 1)
        #expect(batch.rowCount == 1)
        #expect(batch.texts() == [["a", "source", "test", "id", "1"]])
    }

    @Test("a full batch and one more row still make one request a daemon takes")
    func limits() {
        let limits = RequestLimits.standard
        let events = ImportLimits.batchEventsMax + ImportLimits.rowWordsMax
        #expect(
            ImportLimits.batchWordsFull + ImportLimits.rowWordsMax
                + min(events, ImportLimits.eventRulesMax + ImportLimits.batchEventsMax) + 2
                <= limits.argumentsMax + ImportLimits.batchEventsMax)
        #expect(
            ImportLimits.batchBytesFull + ImportLimits.rowBytesMax + (32 << 10)
                <= limits.requestBytesMax)
    }
}

/// Answers every request with one reply.
struct FixedChannel: RequestChannel {
    private let reply: Reply
    private var replies: [Reply] = []

    init(_ reply: Reply) { self.reply = reply }

    mutating func submit(_ encode: (inout RequestEncoder) -> Void) throws(ClientError) {
        replies.append(reply)
    }

    mutating func drain() throws(ClientError) {}

    mutating func takeReplies() -> [Reply] {
        defer { replies = [] }
        return replies
    }
}
