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

    /// A call that the flow asked about, proved and handed on while it waits in its own queue.
    private static let handedOn: [Happening] = [
        Card.ana(
            "interaction.created", 1 * minute, "c-1",
            ["channel": .text("voice"), "direction": .text("inbound")]),
        Happening(
            "reason.set", 1 * minute + 1, "c-1", ["reason": .text("parcel"), "by": .text("ivr")]),
        Happening(
            "selfservice.stepped", 1 * minute + 2, "c-1",
            ["node": .text("track"), "outcome": .text("noMatch")]),
        Happening(
            "auth.succeeded", 1 * minute + 3, "c-1",
            ["method": .text("otp"), "level": .integer(2)]),
        Happening("queue.entered", 2 * minute, "c-1", ["queue": .ref("first")]),
        Happening("agent.connected", 6 * minute, "c-1", ["agent": .ref("bea")]),
        Happening("transfer.completed", 7 * minute, "c-1"),
        Happening("wrapup.started", 7 * minute + 1, "c-1"),
        Happening(
            "interaction.created", 7 * minute, "c-2",
            [
                "channel": .text("voice"), "direction": .text("inbound"),
                "method": .text("transfer"), "initial": .ref("c-1"), "previous": .ref("c-1"),
            ]),
        Happening("queue.entered", 7 * minute, "c-2", ["queue": .ref("second")]),
    ]

    @Test("who is handed on is told with what the first leg knows, and the leg is no other contact")
    func handedOn() throws {
        let level = Happening(
            "definition.set", 0, nil,
            [
                "kind": .text("card"), "key": .text("orders"), "body": .text("{\"level\":2}"),
            ])
        let told = try pop([level] + Self.handedOn, of: "c-2", now: 8 * Self.minute)
        #expect(told.string("why_now.reason") == "parcel")
        #expect((told["why_now"] as? [String: Any])?["steps"] != nil)
        #expect(told.int("match.authentication.level") == 2 && told["withheld"] == nil)
        #expect(told.int("effort.wait_ms") == 5 * Self.minute)
        #expect(told.int("effort.transfers") == 1 && told.int("effort.tries_today") == 0)
        #expect((told["effort"] as? [String: Any])?["open_elsewhere"] == nil)
        #expect(told.string("last.interaction") == nil)
        let rows = try Card(Self.handedOn).rows
        #expect(
            try InteractionLookup.callers(of: "c-2", rows) == [CustomerID(rawValue: 1)])
        #expect(try InteractionLookup.customers(of: "c-2", rows).isEmpty)
    }

    @Test("tries today are those that got nowhere: given up and broken, not what a machine settled")
    func tries() throws {
        func call(_ name: String, _ start: Int64, _ rest: [Happening]) -> [Happening] {
            [
                Card.ana(
                    "interaction.created", start, name,
                    ["channel": .text("voice"), "direction": .text("inbound")])
            ] + rest + [Happening("interaction.completed", start + 50_000, name)]
        }
        let gaveUp = call(
            "c-1", 1_000,
            [Happening("interaction.abandoned", 5_000, "c-1", ["phase": .text("preQueue")])])
        let broke = call(
            "c-2", 100_000,
            [
                Happening("agent.connected", 110_000, "c-2", ["agent": .ref("bea")]),
                Happening("interaction.disconnected", 120_000, "c-2", ["by": .text("telecom")]),
            ])
        let settled = call(
            "c-3", 200_000,
            [
                Happening("selfservice.entered", 201_000, "c-3", ["flow": .text("ivr")]),
                Happening(
                    "selfservice.left", 210_000, "c-3",
                    ["flow": .text("ivr"), "outcome": .text("contained")]),
            ])
        let now = Card.ana(
            "interaction.created", 400_000, "c-4",
            ["channel": .text("voice"), "direction": .text("inbound")])
        let told = try pop(gaveUp + broke + settled + [now], of: "c-4", now: 401_000)
        #expect(told.int("effort.tries_today") == 2)
    }

    @Test("a cart that was bought or left long ago is no reason to come")
    func carts() throws {
        let cart = Card.ana("cart.changed", 1_000, nil, ["cart_id": .ref("w")])
        let call = Card.ana(
            "interaction.created", 2_000, "c-1",
            ["channel": .text("voice"), "direction": .text("inbound")])
        #expect(try pop([cart, call], now: 3_000).string("why_now.cart") == "w")
        #expect(try pop([cart, call], now: 8 * Card.day).string("why_now.cart") == nil)
        let order = Card.ana(
            "order.placed", 1_500, nil, ["order": .ref("o"), "total": .euros(100)])
        #expect(try pop([cart, order, call], now: 3_000).string("why_now.cart") == nil)
    }
}
