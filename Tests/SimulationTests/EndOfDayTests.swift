import EventModel
import Simulation
import Testing

@Suite("The default day ends with something to look at")
struct EndOfDayTests {
    private func end(seed: UInt64) -> (SimulationReport, [EventDraft]) {
        var simulation = ShopSimulation(SimulationOptions(seed: seed, start: midnight))
        var drafts: [EventDraft] = []
        while let draft = simulation.next() { drafts.append(draft) }
        return (simulation.report(), drafts)
    }

    @Test("some thousands of events, people waiting and people served", arguments: 1...12)
    func somethingIsOpen(seed: Int) {
        let (report, drafts) = end(seed: UInt64(seed))
        #expect((5_000...15_000).contains(drafts.count))
        #expect(report.events == UInt64(drafts.count))
        #expect(report.waiting.values.reduce(0, +) >= 3, "\(report)")
        #expect(report.inService >= 3, "\(report)")
        #expect(report.customer != nil)
    }

    @Test("the report says what the events say")
    func report() {
        let (report, drafts) = end(seed: 1)
        var waiting: [String: String] = [:]
        var served: Set<String> = []
        for draft in drafts {
            guard let name = draft.text("interaction") else { continue }
            switch draft.type {
            case "queue.entered": waiting[name] = draft.text("queue")
            case "offer.accepted", "agent.connected":
                waiting[name] = nil
                served.insert(name)
            case "interaction.abandoned", "queue.left": waiting[name] = nil
            case "interaction.completed": served.remove(name)
            default: continue
            }
        }
        #expect(report.waiting == waiting.values.reduce(into: [:]) { $0[$1, default: 0] += 1 })
        #expect(report.inService == served.count)
    }

    @Test("the customer worth looking at was seen on three channels and has something open")
    func customer() throws {
        let (report, drafts) = end(seed: 1)
        let email = try #require(report.customer)
        // Whatever stands together with what is known to be theirs is theirs.
        var names: Set<String> = [email.value]
        for _ in 0..<3 {
            for draft in drafts {
                let values = draft.identifiers.map(\.value)
                if !names.isDisjoint(with: values) { names.formUnion(values) }
            }
        }
        #expect(names.count >= 3)
        let theirs = drafts.filter { draft in
            draft.identifiers.contains { names.contains($0.value) }
        }
        let channels = Set(theirs.compactMap { $0.text("channel") })
        #expect(channels.count >= 3, "\(channels)")
        let created = theirs.filter { $0.type == "interaction.created" }
        let over = Set(
            drafts.filter {
                $0.type == "interaction.completed" || $0.type == "interaction.abandoned"
            }.compactMap { $0.text("interaction") })
        #expect(created.contains { !over.contains($0.text("interaction") ?? "") })
    }

    @Test("batches hold all events in order, and what a sender throws comes out")
    func running() throws {
        var sizes: [Int] = []
        var simulation = ShopSimulation(SimulationOptions(start: midnight))
        let report = simulation.run(batchEvents: 500) { sizes.append($0.eventCount) }
        #expect(sizes.reduce(0, +) == defaultDay.count)
        #expect(sizes.dropLast().allSatisfy { $0 == 500 })
        #expect(report.events == UInt64(defaultDay.count))
        struct Refused: Error {}
        var second = ShopSimulation(SimulationOptions(start: midnight))
        #expect(throws: Refused.self) {
            try second.run { (_) throws(Refused) in throw Refused() }
        }
    }
}
