import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

@Suite struct CustomerKeyTests {
    @Test("all that is kept of a customer stands behind their own row, each kind with its word")
    func together() throws {
        var random = SeededGenerator(seed: 11)
        var happenings = RandomLife.happenings(400, &random)
        happenings += [
            Card.ana(
                "order.placed", 8_000 * Card.day, nil, ["order": .ref("o-99"), "total": .euros(9)]),
            Card.ana("order.paid", 8_001 * Card.day, nil, ["order": .ref("o-99")]),
            Card.ana("interaction.created", 9_000 * Card.day, "c-1", ["channel": .text("chat")]),
        ]
        let rows = try Card(happenings).rows
        let known = rows.all.map { unsafe RowKind.word(ofKey: $0.key.span.bytes, in: "customers") }
        #expect(!known.contains("other"))
        let own = CustomerRecord.key(CustomerID(rawValue: 1))
        let theirs = rows.all.indices.filter { rows.all[$0].key.starts(with: own) }
        let first = try #require(theirs.first)
        #expect(rows.all[first].key == own)
        #expect(theirs == Array(first..<first + theirs.count))
        let kinds = Set(theirs.map { known[$0] })
        #expect(
            kinds == [
                "customers", "facts", "timelines", "open contacts", "places of things",
                "purchases", "touchpoints",
            ])
        // What is not theirs alone stands elsewhere.
        let others = Set(known.indices.filter { !theirs.contains($0) }.map { known[$0] })
        #expect(others.isSuperset(of: ["interactions", "things", "signals"]))
        #expect(others.isDisjoint(with: ["facts", "purchases", "touchpoints", "open contacts"]))
    }
}
