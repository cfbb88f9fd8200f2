/// Contacts that wait for an agent in one queue, on one kind of medium: those an agent let go
/// first, then urgent ones, then the rest, each in their order.
///
/// Who gives up stays in the line until it is passed over or swept out.
struct WaitingLine: Sendable {
    struct Place: Sendable {
        let slot: Int
        let stay: UInt64
        let since: Int64
    }

    enum Tier: Int, Sendable, CaseIterable {
        case returned, urgent, ordinary
    }

    private var tiers = [[Place]](repeating: [], count: Tier.allCases.count)
    private var heads = [Int](repeating: 0, count: Tier.allCases.count)
    /// How many wait.
    private(set) var count = 0

    /// How many places are kept, given up or passed over ones among them.
    var held: Int { tiers.reduce(0) { $0 + $1.count } }

    mutating func join(_ place: Place, _ tier: Tier) {
        tiers[tier.rawValue].append(place)
        count += 1
    }

    /// Someone left who had joined.
    mutating func leave(isWaiting: (Place) -> Bool) {
        count -= 1
        guard held > 2 * count + SimulationLimits.leftBehindMax else { return }
        for tier in tiers.indices {
            tiers[tier] = tiers[tier][heads[tier]...].filter(isWaiting)
            heads[tier] = 0
        }
    }

    /// Returns who is next, without taking them out.
    mutating func first(isWaiting: (Place) -> Bool) -> Place? {
        for tier in tiers.indices {
            while heads[tier] < tiers[tier].count {
                let place = tiers[tier][heads[tier]]
                if isWaiting(place) {
                    dropPassed(tier)
                    return place
                }
                heads[tier] += 1
            }
            tiers[tier].removeAll(keepingCapacity: true)
            heads[tier] = 0
        }
        return nil
    }

    /// Forgets the places before the head once they are most of them: a line that never empties
    /// must not grow.
    private mutating func dropPassed(_ tier: Int) {
        guard heads[tier] >= 32, heads[tier] * 2 >= tiers[tier].count else { return }
        tiers[tier].removeFirst(heads[tier])
        heads[tier] = 0
    }
}
