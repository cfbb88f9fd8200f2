import EventModel
import Simulation
import Testing

@Suite("Messages go over days")
struct ThreadTests {
    private let drafts = events(
        of: SimulationOptions(seed: 4, start: midnight, customers: 300, days: 4))

    @Test("threads hold interactions of several days, and some are split again")
    func threads() {
        var began: [String: Int64] = [:]
        var days: [String: Set<Int64>] = [:]
        var splits = 0
        for draft in drafts {
            guard let interaction = draft.text("interaction") else { continue }
            switch draft.type {
            case "interaction.created":
                began[interaction] = (draft.moment - midnight.milliseconds) / 86_400_000
            case "thread.joined":
                guard let thread = draft.text("thread"), let day = began[interaction] else {
                    Issue.record("an unknown interaction joined a thread")
                    continue
                }
                days[thread, default: []].insert(day)
            case "thread.split": splits += 1
            default: continue
            }
        }
        #expect(days.count > 20)
        #expect(days.values.count { $0.count > 1 } * 2 > days.count)
        #expect(days.values.contains { $0.count > 2 })
        #expect(splits > 0)
    }

    @Test("every event of it is taken in")
    func intake() throws {
        var intake = EventIntake()
        for draft in drafts where draft.type.hasPrefix("thread.") {
            var record: [UInt8] = []
            try draft.encode(with: &intake, into: &record)
            #expect(!record.isEmpty)
        }
    }

    @Test("a run of one day has none")
    func oneDay() { #expect(!defaultDay.contains { $0.type.hasPrefix("thread.") }) }
}
