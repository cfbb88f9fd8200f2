import EventModel
import FoldTesting
import Simulation
import TestSupport

/// Days of a small shop, as happenings.
enum ShopDay {
    static let midnight = Timestamp(milliseconds: 1_772_409_600_000)

    static func happenings(seed: UInt64, customers: Int = 70, days: Int = 1) -> [Happening] {
        var simulation = ShopSimulation(
            SimulationOptions(
                seed: seed, start: midnight, customers: customers, agents: 6, days: days))
        var happenings: [Happening] = []
        while let draft = simulation.next() {
            var happening = Happening(
                draft.type, draft.occurred?.rawValue ?? 0, nil, [:], draft.identifiers)
            for attribute in draft.attributes {
                if attribute.name == "interaction", case .ref(let name) = attribute.value {
                    happening.interaction = name
                } else {
                    happening.attributes.append((attribute.name, attribute.value))
                }
            }
            happenings.append(happening)
        }
        return happenings
    }
}

extension ShopDay {
    /// A day in which, beside what the shop lives through, interactions take every event that there
    /// is.
    static func withEveryEvent(seed: UInt64) -> [Happening] {
        var random = SeededGenerator(seed: seed)
        var walk = LifecycleWalk()
        var missing = LifecycleWalk.types
        while !missing.isEmpty, walk.happenings.count < 6_000 {
            missing.remove(walk.step(&random).type)
        }
        let nine = midnight.rawValue + 9 * 3_600_000
        let first = walk.happenings.first?.occurred ?? nine
        var all = happenings(seed: seed)
        for var happening in walk.happenings {
            happening.occurred += nine - first
            all.append(happening)
        }
        // Stable, as positions are.
        let order = all.indices.sorted { (all[$0].occurred, $0) < (all[$1].occurred, $1) }
        return order.map { all[$0] }
    }
}

extension Happening {
    /// The text or reference of an attribute.
    func text(_ name: String) -> String? {
        for case (name, let value) in attributes {
            switch value {
            case .text(let text), .ref(let text): return text
            default: continue
            }
        }
        return nil
    }
}
