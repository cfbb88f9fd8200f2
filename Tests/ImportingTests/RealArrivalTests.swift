import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Real calls whose events come in any order: queues, agents and interactions end as in order.
@Suite("RealData: real calls, in whatever order their events come")
struct RealArrivalTests {
    private func state(_ mapped: MappedEvents, _ order: [Int]) throws -> LiveState {
        var run = FoldRun<QueuesProjection>()
        try run.run(try mapped.log(order))
        let last = mapped.moments.last ?? 0
        return try LiveState(
            of: run.rows, numbers: order, now: Timestamp(milliseconds: last + 60_000))
    }

    /// Nobody is named: whose id is whose depends on who was seen first.
    private func compare(_ table: String, _ mapping: String, onlyRows: Int) throws {
        let mapped = try MappedEvents(
            of: table, by: mapping, onlyRows: onlyRows, without: ["customer"])
        let inOrder = try state(mapped, Array(mapped.events.indices))
        #expect(inOrder.count > 20)
        for seed in [1, 2] as [UInt64] {
            var random = SeededGenerator(seed: seed)
            for (name, order) in [
                ("shuffled", ArrivalOrder.shuffled(mapped.moments, using: &random)),
                ("late", ArrivalOrder.late(mapped.moments, atMost: 3_600_000, using: &random)),
            ] {
                let differences = try state(mapped, order).differences(from: inOrder)
                #expect(differences.isEmpty, "\(name), seed \(seed): \(differences)")
            }
        }
        print("\(mapped.events.count) events, \(inOrder.count) documents and rows compared")
    }

    @Test(
        "a day of the bank's",
        .enabled(
            if: Places.bankTables != nil,
            "the bank's tables are not in $THROUGHLINE_DATA/anonymous-bank; nothing is compared"))
    func bank() throws {
        let file = try #require(Places.bankTables) + "/1999-01-january.txt.zst"
        try compare(file, Places.bankMapping, onlyRows: 400)
    }

    @Test(
        "all of an Asterisk's log",
        .enabled(
            if: Places.asteriskLog != nil,
            "the queue log is not in $THROUGHLINE_DATA/asterisk-queue-log; nothing is compared"))
    func asterisk() throws {
        try compare(try #require(Places.asteriskLog), Places.asteriskMapping, onlyRows: .max)
    }
}
