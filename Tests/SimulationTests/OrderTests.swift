import EventModel
import Simulation
import Testing

@Suite("Events come in the order of their times")
struct OrderTests {
    @Test("no event is earlier than the one before, none before the start or at the end")
    func inOrder() {
        let options = SimulationOptions(seed: 9, start: midnight, customers: 120, days: 3)
        var last = options.start
        for draft in events(of: options) {
            let moment = draft.occurred ?? .earliest
            #expect(moment >= last)
            #expect(moment < options.end)
            last = moment
        }
        #expect(options.end - last < 5 * 60_000)
    }

    @Test("the default day stops in the evening of the day it starts")
    func defaultEnd() {
        let options = SimulationOptions(start: midnight)
        #expect(options.end.rfc3339 == "2026-03-02T20:30:00.000Z")
        #expect(options.milliseconds == options.end - options.start)
        let moment = Timestamp(milliseconds: midnight.milliseconds + 45_678_901)
        let ending = options.ending(at: moment)
        #expect((0..<60_000).contains(moment - ending.end))
        #expect(ending.start.milliseconds % 60_000 == 0)
    }

    @Test("mornings are busier than nights")
    func curve() {
        let hours = defaultDay.map { Int(($0.moment - midnight.milliseconds) / 3_600_000) }
        #expect(hours.count { $0 == 3 } * 10 < hours.count { $0 == 10 })
    }

    @Test("a year can be simulated without holding it")
    func longRun() {
        var simulation = ShopSimulation(
            SimulationOptions(start: midnight, customers: 1, agents: 1, days: 365))
        var count = 0
        while simulation.next() != nil { count += 1 }
        #expect(count > 365 * 24 * 10, "heartbeats alone are that many")
        #expect(simulation.events == UInt64(count))
    }
}
