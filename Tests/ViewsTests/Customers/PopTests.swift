import EventModel
import FoldTesting
import Testing

@testable import Views

@Suite("POP: what is told while it rings") struct PopTests {
    private static let minute: Int64 = 60_000

    private func pop(
        _ happenings: [Happening], of interaction: String? = nil, by: UInt64? = nil, now: Int64
    ) throws -> [String: Any] {
        let card = try Card(happenings)
        var json = JSONWriter()
        let isFound = try PopDocument.write(
            PopDocument.Question(
                members: [CustomerID(rawValue: 1)], interaction: interaction,
                by: by.map { CustomerID(rawValue: $0) }),
            now: Timestamp(milliseconds: now), zone: { _ in nil }, from: card.rows, to: &json)
        #expect(isFound)
        return try Document(json).root
    }

    private static let chat = [
        Card.ana(
            "interaction.created", 1 * minute, "chat-1",
            ["channel": .text("chat"), "direction": .text("inbound")]),
        Happening(
            "message.received", 2 * minute, "chat-1",
            ["message_id": .ref("m-1"), "author": .text("customer")]),
    ]

    @Test("given a chat before, when she calls, then the last word each way is that of the chat")
    func lastWords() throws {
        let answer = Happening(
            "message.sent", 3 * Self.minute, "chat-1",
            ["message_id": .ref("m-2"), "author": .text("agent")])
        let call = Card.ana(
            "interaction.created", 9 * Self.minute, "call-1",
            ["channel": .text("voice"), "direction": .text("inbound")])
        var told = try pop(
            Self.chat + [answer, call], of: "call-1", now: 10 * Self.minute)
        #expect(told.string("last.from_customer.interaction") == "chat-1")
        #expect(told.int("last.from_customer.position") == 3)
        #expect(told.string("last.from_us.author") == "agent")
        #expect(told.int("last.from_us.position") == 4)
        // What is said in the call itself is the last then, and needs no name.
        let said = Happening(
            "message.received", 9 * Self.minute + 1, "call-1",
            ["message_id": .ref("m-3"), "author": .text("customer")])
        told = try pop(
            Self.chat + [answer, call, said], of: "call-1", now: 10 * Self.minute)
        #expect(told.int("last.from_customer.position") == 6)
        #expect(told.string("last.from_customer.interaction") == nil)
    }

    @Test("a reply is due when the signal of an unanswered message begins")
    func replyBy() throws {
        let hour = Timestamp(milliseconds: 62 * Self.minute).rfc3339
        #expect(try pop(Self.chat, now: 5 * Self.minute).string("reply_by") == hour)
        let definition = Happening(
            "definition.set", 0, nil,
            [
                "kind": .text("signal"), "key": .text("messageUnanswered"),
                "version": .text("1"), "body": .text(#"{"after_ms":600000}"#),
            ])
        let sooner = Timestamp(milliseconds: 12 * Self.minute).rfc3339
        let told = try pop([definition] + Self.chat, now: 5 * Self.minute)
        #expect(told.string("reply_by") == sooner)
    }

    @Test("what the network says of the caller's number stands beside it, and makes it no more")
    func attestation() throws {
        let phone = Identifier(kind: "phone", value: "+34600000001", strength: .line)
        for word in ["full", "failed"] {
            let card = try Card([
                Happening(
                    "interaction.created", 1_000, "call-1",
                    [
                        "channel": .text("voice"), "direction": .text("inbound"),
                        "order": .ref("o-1"), "attestation": .text(word),
                    ], [phone])
            ])
            var json = JSONWriter()
            let caller = CustomerID(rawValue: 2)
            #expect(
                try PopDocument.write(
                    PopDocument.Question(members: [caller], interaction: "call-1", by: caller),
                    now: Timestamp(milliseconds: 2_000), zone: { _ in nil }, from: card.rows,
                    to: &json))
            let told = try Document(json).root
            #expect(told.string("match.by.attestation") == word)
            #expect(told.string("match.by.strength") == "line")
            #expect(told.string("match.coverage") == "unverified")
            #expect(told.string("why_now.order") == "o-1")
        }
    }

    @Test("the identifier that showed her stands there as it was spelled last, and only that one")
    func by() throws {
        let phone = { (value: String) in
            Identifier(kind: "phone", value: value, strength: .line)
        }
        let calls = [
            Happening("interaction.created", 1_000, "call-1", [:], [phone("0034 600 000 001")]),
            Happening("interaction.created", 2_000, "call-2", [:], [phone("+34600000001")]),
        ]
        let told = try pop(Self.chat + calls, by: 1, now: Self.minute)
        #expect(told.string("match.by.kind") == "email")
        #expect(try pop(Self.chat, now: Self.minute).string("match.by.kind") == nil)
        let card = try Card(calls)
        let person = try #require(try Person([CustomerID(rawValue: 2)], card.rows))
        let shown = person.lastIdentifier(of: CustomerID(rawValue: 2))
        #expect(shown?.value == "+34600000001" && person.identifiers.count == 2)
        #expect(person.lastIdentifier(of: CustomerID(rawValue: 1)) == nil)
    }
}
