import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// What was said before anybody knew whom it concerns.
@Suite struct UnclaimedTests {
    private static let said = [
        Happening("flag.raised", 2_000, "c-1", ["flag": .text("vip")]),
        Happening("case.opened", 3_000, "c-1", ["case_id": .ref("k-1"), "kind": .text("damage")]),
        Happening(
            "consent.given", 4_000, "c-1", ["purpose": .text("marketing"), "brand": .ref("shop")]),
        Happening(
            "promise.made", 5_000, "c-1",
            ["promise_id": .ref("p-1"), "what": .text("call back"), "due": .at(9_000)]),
        Happening("reason.set", 6_000, "c-1", ["reason": .text("damage"), "by": .text("agent")]),
        Happening("flag.cleared", 7_000, "c-1", ["flag": .text("minor")]),
        Happening("case.stepped", 8_000, "c-1", ["case_id": .ref("k-1"), "step": .text("photo")]),
    ]

    /// The contact, in which the person gets known behind so many of its events.
    private static func card(knownBehind count: Int) throws -> Card {
        var happenings = said
        happenings.insert(Card.ana("auth.succeeded", 1_500, "c-1"), at: count)
        let created = Happening(
            "interaction.created", 1_000, "c-1",
            ["channel": .text("voice"), "direction": .text("inbound")])
        return try Card([created] + happenings)
    }

    /// What the card says, without positions and the members that name events.
    private static func plain(_ value: Any) -> Any {
        if let list = value as? [Any] { return list.map(plain) }
        guard let object = value as? [String: Any] else { return value }
        return object.filter { !$0.key.contains("position") && $0.key != "events" }.mapValues(plain)
    }

    @Test(
        "in a contact, it is theirs once they are known, however late",
        arguments: 0...7)
    func contact(count: Int) throws {
        let known = try Self.card(knownBehind: 0).document(now: 10_000, history: true).root
        let late = try Self.card(knownBehind: count).document(now: 10_000, history: true).root
        #expect("\(Self.sorted(Self.plain(late)))" == "\(Self.sorted(Self.plain(known)))")
        let card = try Self.card(knownBehind: count)
        #expect(try card.list(.flags, now: 10_000).map { $0.string("flag") } == ["vip"])
        #expect(try card.list(.cases, now: 10_000).map { $0.string("step") } == ["photo"])
        #expect(try card.signals(now: 10_000) == ["promiseDue"])
        // Nothing is kept of what has found its person.
        var key: [UInt8] = []
        UnclaimedRow.writeKey(KeyName("c-1").bytes, to: &key)
        #expect(try card.rows.row(key) == nil)
    }

    private static func sorted(_ value: Any) -> Any {
        if let list = value as? [Any] { return list.map(sorted) }
        guard let object = value as? [String: Any] else { return value }
        return object.sorted { $0.key < $1.key }.map { ($0.key, sorted($0.value)) }
    }

    @Test("a thing keeps its events from before, the oldest of many")
    func early() throws {
        let most = ViewLimits.unclaimedEventsMax
        var happenings = (1...most + 6).map { number in
            Happening(
                "order.changed", Int64(number), nil,
                ["order": .ref("o-1"), "reason": .text("\(number)")])
        }
        happenings.append(
            Card.ana(
                "order.placed", 0, nil, ["order": .ref("o-1"), "total": .euros(100)]))
        happenings.append(Happening("order.paid", 500, nil, ["order": .ref("o-1")]))
        let card = try Card(happenings)
        let early = try Timeline.early(of: CustomerID(rawValue: 1), card.rows)
        // The first event is that by which the person is known.
        #expect(early.map(\.rawValue) == (2...UInt64(most + 1)).map { $0 })
        #expect(try Timeline.early(of: CustomerID(rawValue: 9), card.rows).isEmpty)
    }

    @Test("rows are read as they were written")
    func codec() throws {
        var row = UnclaimedRow()
        for position in [3, 4, 90, 1 << 40] as [UInt64] { row.add(Position(position)) }
        var bytes: [UInt8] = []
        row.encode(into: &bytes)
        var read = try UnclaimedRow(row: unsafe bytes.span.bytes)
        #expect(read.positions == row.positions)
        for end in 0..<bytes.count {
            let cut = Array(bytes[..<end])
            #expect(throws: MalformedBytes.self) {
                try UnclaimedRow(row: unsafe cut.span.bytes)
            }
        }
        #expect(read.takeAll() == row.positions && read.isEmpty)
    }
}
