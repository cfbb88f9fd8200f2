import EventModel
import Simulation
import Testing

@Suite("The same options give the same events")
struct DeterminismTests {
    @Test("a second run of the default day gives the same events")
    func secondRun() {
        let again = events(of: SimulationOptions(start: midnight))
        #expect(again == defaultDay)
    }

    @Test("the first thousand events have the pinned digest, on every machine")
    func pinned() {
        var digest = WordDigest()
        digest.add(defaultDay.prefix(1_000))
        #expect(digest.value == 9_301_000_484_198_801_909)
    }

    @Test("another seed gives other events")
    func otherSeed() {
        let other = events(of: SimulationOptions(seed: 2, start: midnight))
        #expect(other != defaultDay)
        #expect(other.count != defaultDay.count)
    }

    @Test("a copy goes on by itself and to the same end")
    func copy() {
        var first = ShopSimulation(SimulationOptions(start: midnight))
        for _ in 0..<2_000 { _ = first.next() }
        var second = first
        while let draft = first.next() { #expect(second.next() == draft) }
        #expect(second.next() == nil)
    }

    @Test(
        "runs of other options share no source and id with the default day",
        arguments: [
            SimulationOptions(seed: 2, start: midnight),
            SimulationOptions(start: midnight.advanced(byMilliseconds: 1)),
            SimulationOptions(start: midnight, customers: 401),
        ])
    func names(options: SimulationOptions) {
        let known = Set(defaultDay.map { "\($0.source) \($0.id)" })
        #expect(events(of: options).allSatisfy { !known.contains("\($0.source) \($0.id)") })
    }

    @Test("who the people are does not depend on the seed")
    func people() {
        func people(_ drafts: [EventDraft]) -> Set<String> {
            Set(drafts.filter { $0.type == "trait.set" }.compactMap { $0.text("value") })
        }
        let other = events(of: SimulationOptions(seed: 2, start: midnight))
        #expect(people(defaultDay).intersection(people(other)).count > 100)
    }
}
