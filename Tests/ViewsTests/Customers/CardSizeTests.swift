import ContactCentre
import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// How large documents of a customer with a long history get.
@Suite struct CardSizeTests {
    private static let touchpoints = 200

    /// Somebody who has come 200 times, with all that a card can show of them.
    private static func busyLife(_ random: inout SeededGenerator) -> [Happening] {
        var happenings = RandomLife.happenings(150, &random)
        for number in 1...touchpoints {
            let name = "contact-\(number)-\(String(repeating: "x", count: number % 40))"
            let moment = Int64(number) * 2 * Card.day
            happenings += contact(name, moment, &random)
        }
        happenings.sort { $0.occurred < $1.occurred }
        return happenings
    }

    private static func contact(
        _ name: String, _ moment: Int64, _ random: inout SeededGenerator
    ) -> [Happening] {
        let channel = Channel.allCases.randomElement(using: &random) ?? .voice
        var events = [
            Card.ana(
                "interaction.created", moment, name,
                ["channel": .text("\(channel.word)"), "direction": .text("inbound")]),
            Happening(
                "reason.set", moment + 1, name, ["reason": .text("reason-\(name.utf8.count % 5)")]),
            Happening("queue.entered", moment + 2, name, ["queue": .ref("a-rather-long-queue")]),
            Happening(
                "message.received", moment + 3, name,
                ["message_id": .ref("m-\(name)"), "author": .text("customer")]),
            Happening(
                "interaction.summarised", moment + 4, name,
                ["text": .text(String(repeating: "said \"this\" and that; ", count: 20))]),
            Happening(
                "thread.joined", moment + 5, name,
                ["thread": .ref("t-\(name)"), "rule": .text("order")]),
        ]
        if Bool.random(using: &random) {
            events.append(Happening("interaction.completed", moment + 6, name))
        }
        return events
    }

    @Test(
        "with 200 touchpoints a card has at most 4 KiB, POP at most 1.5 KiB",
        arguments: 1...4 as ClosedRange<UInt64>)
    func bounds(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let life = Self.busyLife(&random)
        let card = try Card(life)
        let now = (life.last?.occurred ?? 0) + Card.day
        let whole = try card.document(now: now, sections: nil)
        #expect(whole.text.utf8.count <= ViewLimits.cardBytesMax, "seed \(seed)")
        #expect(whole.text.utf8.count > ViewLimits.cardBytesMax / 2, "seed \(seed)")
        #expect(whole.root.int("contacts") ?? 0 > 0, "seed \(seed)")
        #expect(!whole.rows("open").isEmpty, "seed \(seed)")
        var json = JSONWriter()
        let isFound = try PopDocument.write(
            PopDocument.Question(members: [CustomerID(rawValue: 1)]),
            now: Timestamp(milliseconds: now), zone: { _ in nil }, from: card.rows, to: &json)
        #expect(isFound, "seed \(seed)")
        let pop = try Document(json)
        #expect(pop.text.utf8.count <= ViewLimits.popBytesMax, "seed \(seed)")
        #expect(pop.root.string("match.customer") == "c_1", "seed \(seed)")
    }

    @Test(
        "where a thing is found it is said whether it gives signals",
        arguments: 1...20 as ClosedRange<UInt64>)
    func signalling(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let card = try Card(RandomLife.happenings(80, &random))
        var places: [(kind: SubjectKind, name: [UInt8], flag: Bool)] = []
        let start = CustomerKey.start(CustomerID(rawValue: 1), PlaceRow.kind)
        try card.rows.rows(from: start, below: start.keyAfterPrefix) { key, row throws(ViewFault) in
            guard let kind = SubjectKind(rawValue: key[start.count]) else { return false }
            let name = key.extracting(PlaceRow.nameOffset..<key.byteCount).copied()
            places.append((kind, name, try PlaceRow.decoded(row).givesSignals == true))
            return true
        }
        #expect(places.count > 3, "seed \(seed)")
        for (kind, name, flag) in places {
            let found = try Person.record(kind, KeyName(checking: name[...]), card.rows)
            let record = try #require(found)
            let signals = record.signals(kind, kind == .order ? OrderStanding(record) : nil)
            #expect(flag == !signals.isEmpty, "seed \(seed), \(kind)")
        }
    }

    @Test(
        "what a document has read of a person's things is what reading them again would give",
        arguments: 1...20 as ClosedRange<UInt64>)
    func rereading(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let card = try Card(RandomLife.happenings(80, &random))
        let members = [CustomerID(rawValue: 1)]
        let person = try #require(try Person(members, card.rows))
        for _ in 1...60 {
            let kind = [SubjectKind.order, .promise, .survey, .cart].randomElement(using: &random)
            let most = Int.random(in: 1...9, using: &random)
            let closedToo = Bool.random(using: &random)
            let fresh = try #require(try Person(members, card.rows))
            let again = try person.things(
                try #require(kind), atMost: most, closedToo: closedToo, card.rows)
            let anew = try fresh.things(
                try #require(kind), atMost: most, closedToo: closedToo, card.rows)
            #expect(
                again.map(\.name) == anew.map(\.name),
                "seed \(seed), \(String(describing: kind)) \(most) \(closedToo)")
            let touchpoints = try person.touchpoints(atMost: most, card.rows)
            #expect(touchpoints.count <= most)
            #expect(
                touchpoints.map(\.name)
                    == (try fresh.readTouchpoints(atMost: most, card.rows))
                    .map(\.name))
        }
    }
}
