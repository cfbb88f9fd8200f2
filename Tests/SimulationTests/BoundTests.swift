import EventModel
import Testing

@testable import Simulation

@Suite("Memory grows with what is under way, not with events")
struct BoundTests {
    /// All that a simulation holds, in elements.
    private func held(_ simulation: ShopSimulation) -> Int {
        simulation.agenda.count + simulation.contacts.slots + simulation.visits.slots
            + simulation.orders.slots + simulation.surveys.slots + simulation.matters.slots
            + simulation.wishes.slots
            + simulation.lines.reduce(0) { $0 + $1.reduce(0) { $0 + $1.held } }
    }

    @Test("half a million events hold no more than the first fifty thousand", arguments: [1, 8])
    func steady(agents: Int) {
        var simulation = ShopSimulation(
            SimulationOptions(seed: 5, start: midnight, customers: 300, agents: agents, days: 365))
        var early = 0
        var late = 0
        while simulation.events < 500_000, simulation.next() != nil {
            guard simulation.events % 100 == 0 else { continue }
            if simulation.events <= 50_000 {
                early = max(early, held(simulation))
            } else {
                late = max(late, held(simulation))
            }
        }
        #expect(simulation.events == 500_000)
        #expect(late <= early * 3 / 2, "\(early) early, \(late) late")
    }

    @Test("options out of range are known as such")
    func options() {
        func options(_ change: (inout SimulationOptions) -> Void) -> SimulationOptions {
            var options = SimulationOptions(start: midnight)
            change(&options)
            return options
        }
        #expect(options { _ in }.isInRange)
        #expect(options { $0.customers = SimulationLimits.customersMax }.isInRange)
        #expect(!options { $0.customers = 0 }.isInRange)
        #expect(!options { $0.firstCustomer = SimulationLimits.customersMax - 1 }.isInRange)
        #expect(!options { $0.agents = 0 }.isInRange)
        #expect(!options { $0.days = SimulationLimits.daysMax + 1 }.isInRange)
        #expect(!options { $0.lastDayMilliseconds = .day + 1 }.isInRange)
        #expect(!options { $0.start = .latest }.isInRange)
    }

    @Test("the limits fit each other")
    func limits() {
        #expect(SimulationLimits.agentsMax <= SimulationLimits.customersMax)
        #expect(SimulationLimits.customersMax.nonzeroBitCount == 1)
        #expect(
            SimulationOptions(start: midnight, customers: SimulationLimits.customersMax).isInRange)
    }
}
