import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// A contact's row looked at in place says what the decoded record says.
@Suite struct ContactRowTests {
    private static let types = [
        "reason.set", "message.received", "message.sent", "interaction.summarised",
        "thread.joined", "thread.split", "auth.failed", "selfservice.stepped",
    ]

    private static func happening(_ random: inout SeededGenerator) -> Happening {
        let type = types.randomElement(using: &random) ?? "reason.set"
        // Few moments, so that some are the same and most come late.
        let moment = Int64.random(in: 1...12, using: &random)
        let words = ["customer", "agent", "bot", "w\u{0}w", "ü\"", ""]
        let word = words.randomElement(using: &random) ?? ""
        var attributes: [(String, AttributeValue)] = []
        if Int.random(in: 0...4, using: &random) > 0 {
            for name in ["reason", "author", "text", "thread", "node"] {
                attributes.append((name, .text(word)))
            }
        }
        if Bool.random(using: &random) {
            attributes.append(("private", .boolean(Bool.random(using: &random))))
        }
        var happening = Happening(type, moment, "c-1")
        happening.attributes = attributes
        return happening
    }

    /// What the card says of a contact, read off the record.
    private static func writeMembers(of contact: SubjectRecord, to json: inout JSONWriter) {
        if let reason = contact.trail("reason.set") {
            json.field("reason", reason.text("reason"))
            json.field("reason_position", reason.newest.position)
        }
        if let joined = contact.state(), joined.isOpen {
            json.field("thread", contact.trail("thread.joined")?.text("thread"))
            json.field("thread_position", joined.position)
        }
        if let summary = contact.trail("interaction.summarised") {
            json.field("summary", summary.text("text"))
            json.field("summary_position", summary.newest.position)
        }
    }

    @Test("on random contacts", arguments: 1...60 as ClosedRange<UInt64>)
    func model(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var happenings = [Card.ana("interaction.created", 0, "c-1", ["channel": .text("chat")])]
        let count = Int.random(in: 1...14, using: &random)
        for _ in 0..<count { happenings.append(Self.happening(&random)) }
        let card = try Card(happenings)
        let record = try #require(try Person.record(.contact, KeyName("c-1"), card.rows))
        var key: [UInt8] = []
        let row = try #require(try ContactRow.read(KeyName("c-1"), card.rows, key: &key))
        var (expected, actual) = (JSONWriter(), JSONWriter())
        expected.beginObject()
        Self.writeMembers(of: record, to: &expected)
        expected.endObject()
        actual.beginObject()
        try row.writeMembers(to: &actual)
        actual.endObject()
        #expect(actual.bytes == expected.bytes, "seed \(seed)")
        #expect(
            try row.summaryText() == record.trail("interaction.summarised")?.text("text"),
            "seed \(seed)")
        let reasons = record.trail("reason.set")
        for word in ["customer", "bot", "none"] {
            let isGiven = reasons?.marks.contains { reasons?.text("reason", of: $0) == word }
            #expect(try row.hasReason(word) == isGiven ?? false, "seed \(seed) \(word)")
        }
    }

    @Test("a damaged row is an error wherever it ends")
    func damage() throws {
        let card = try Card([
            Card.ana("interaction.created", 0, "c-1", ["channel": .text("chat")]),
            Happening("reason.set", 1, "c-1", ["reason": .text("why")]),
            Happening("message.received", 2, "c-1", ["author": .text("customer")]),
        ])
        var key: [UInt8] = []
        SubjectRecord.writeKey(.contact, to: &key)
        key.append(keyText: "c-1")
        let row = try #require(try card.rows.row(key))
        for end in 0..<row.count {
            let cut = Array(row[..<end])
            #expect(throws: MalformedBytes.self) { try ContactRow(row: unsafe cut.span.bytes) }
        }
    }

    @Test("names in keys are read as they were spelled")
    func names() throws {
        for name in ["", "a", "ü", "a\u{0}b", "\u{0}", "\u{0}\u{0}x"] {
            var key: [UInt8] = []
            key.append(keyText: name)
            let read = try KeyName(checking: key[...])
            #expect(read.text == name && read == KeyName(name))
            #expect(throws: ViewFault.self) { try KeyName(checking: key.dropLast()) }
            #expect(throws: ViewFault.self) { try KeyName(checking: (key + [1])[...]) }
            var json = JSONWriter()
            json.value(read)
            var expected = JSONWriter()
            expected.value(name)
            #expect(json.bytes == expected.bytes)
        }
        #expect(KeyName.none.isEmpty && KeyName("").isEmpty && !KeyName("a").isEmpty)
    }
}
