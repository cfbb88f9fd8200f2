import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Figures by the stage that customers were in, against plain loops.
@Suite struct StageDimensionTests {
    private static let from = Timestamp(milliseconds: SimulatedContact.start)

    private static func found(
        _ rows: MemoryRows, where filters: [MetricsFilter] = []
    ) throws -> [String: Int64] {
        var json = JSONWriter()
        let query = try MetricsQuery(
            from: from, to: from.advanced(byMilliseconds: 40 * 86_400_000), anchor: .created,
            grouping: .stage, filters: filters, only: ["handled"])
        try MetricsDocument.write(query, zone: UTCOffsets(), from: rows, to: &json)
        var found: [String: Int64] = [:]
        for row in try Document(json).rows("rows") {
            let count = row.int("metrics.handled.value") ?? 0
            if count != 0 { found[row.string("stage") ?? "?"] = count }
        }
        return found
    }

    private static func said(
        _ person: String, _ moment: Int64, _ stage: String
    ) -> Happening {
        Happening(
            "stage.inferred", moment, nil,
            ["customer_id": .ref("c_0"), "stage": .text(stage), "rule": .text("crm")],
            [Identifier(kind: "crm", value: person)])
    }

    @Test(
        "contacts stand under the stage of their customer as of then, however late that was said",
        arguments: 1...6 as ClosedRange<UInt64>)
    func naive(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let contacts = SimulatedContact.random(160, &random)
        var told: [(moment: Int64, person: String, stage: String)] = []
        for person in Set(contacts.compactMap(\.person)).sorted() {
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let moment =
                    SimulatedContact.start + .random(in: 0..<14 * 86_400_000, using: &random)
                let stage = ["prospect", "loyal", "atRisk"].randomElement(using: &random) ?? ""
                told.append((moment, person, stage))
            }
        }
        let rows = try SimulatedContact.folded(
            contacts, &random, also: told.map { Self.said($0.person, $0.moment, $0.stage) })
        func stage(_ contact: SimulatedContact) -> String {
            guard let person = contact.person else { return "anonymous" }
            return told.filter { $0.person == person && $0.moment <= contact.created }
                .max { $0.moment < $1.moment }?.stage ?? ""
        }
        var expected: [String: Int64] = [:]
        for contact in contacts where !contact.isTest && contact.outcome == .answered {
            expected[stage(contact), default: 0] += 1
        }
        #expect(try Self.found(rows) == expected, "seed \(seed)")
        for (stage, count) in expected {
            let filter = MetricsFilter(.stage, names: [stage])
            #expect(try Self.found(rows, where: [filter]) == [stage: count], "seed \(seed)")
        }
    }

    @Test("who is named by their id alone is found by it, and old stages outlast many new ones")
    func byIdentifier() throws {
        var log = MemoryLog()
        let start = SimulatedContact.start
        log.append([
            Happening(
                "interaction.created", start + 1_000, "c",
                ["channel": .text("voice"), "queue": .ref("care")],
                [Identifier(kind: "crm", value: "7")]),
            Happening("queue.entered", start + 2_000, "c", ["queue": .ref("care")]),
            Happening("offer.accepted", start + 3_000, "c", ["agent": .ref("a")]),
        ])
        for number in Int64(0)...100 {
            log.append(
                Happening(
                    "stage.inferred", start + number * 86_400_000, nil,
                    [
                        "customer_id": .ref("c_1"), "rule": .text("gap"),
                        "stage": .text(number == 0 ? "loyal" : "lapsed"),
                    ]))
        }
        var run = FoldRun<MetricsProjection>()
        try run.run(log)
        #expect(try Self.found(run.rows) == ["loyal": 1])
    }
}
