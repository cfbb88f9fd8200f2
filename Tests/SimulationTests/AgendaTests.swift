import Testing

@testable import Simulation

@Suite("What is planned, and who waits")
struct AgendaTests {
    @Test("things planned come out by time, those of one time in the order they were planned")
    func agenda() {
        let seed: UInt64 = 11
        print("seed \(seed)")
        var random = RandomNumbers(seed: seed)
        var agenda = Agenda()
        var model: [(time: Int64, index: Int)] = []
        for round in 0..<4_000 {
            if random.percent(60) {
                let time = Int64(random.below(50))
                agenda.schedule(.visit(slot: round), at: time)
                model.append((time, round))
            } else {
                let next = model.indices.min {
                    (model[$0].time, model[$0].index) < (model[$1].time, model[$1].index)
                }
                #expect(agenda.nextTime == next.map { model[$0].time })
                let removed = agenda.removeNext()
                #expect(removed?.time == next.map { model[$0].time })
                if let next, case .visit(let slot) = removed?.action {
                    #expect(slot == model.remove(at: next).index)
                } else {
                    #expect(next == nil && removed == nil)
                }
            }
            #expect(agenda.count == model.count)
        }
    }

    @Test("a waiting line gives who was let go first, then the urgent, then the rest")
    func tiers() {
        var line = WaitingLine()
        line.join(WaitingLine.Place(slot: 1, stay: 1, since: 1), .ordinary)
        line.join(WaitingLine.Place(slot: 2, stay: 2, since: 2), .urgent)
        line.join(WaitingLine.Place(slot: 3, stay: 3, since: 3), .returned)
        var gone: Set<Int> = []
        var order: [Int] = []
        while let place = line.first(isWaiting: { !gone.contains($0.slot) }) {
            order.append(place.slot)
            gone.insert(place.slot)
            line.leave { !gone.contains($0.slot) }
        }
        #expect(order == [3, 2, 1])
        #expect(line.count == 0)
    }

    @Test("a waiting line agrees with a plain list while people join, give up and are taken")
    func line() {
        let seed: UInt64 = 12
        print("seed \(seed)")
        var random = RandomNumbers(seed: seed)
        var line = WaitingLine()
        var model: [(slot: Int, tier: Int)] = []
        for round in 0..<20_000 {
            let waiting = Set(model.map(\.slot))
            switch random.below(5) {
            case 0..<2:
                let tier = random.pick(WaitingLine.Tier.allCases)
                line.join(WaitingLine.Place(slot: round, stay: 0, since: 0), tier)
                model.append((round, tier.rawValue))
            case 2 where !model.isEmpty:
                let left = model.remove(at: random.below(model.count)).slot
                line.leave { waiting.contains($0.slot) && $0.slot != left }
            default:
                let first = line.first { waiting.contains($0.slot) }
                let expected = model.indices.min {
                    (model[$0].tier, model[$0].slot) < (model[$1].tier, model[$1].slot)
                }
                #expect(first?.slot == expected.map { model[$0].slot })
                guard let expected else { continue }
                let taken = model.remove(at: expected).slot
                line.leave { waiting.contains($0.slot) && $0.slot != taken }
            }
            #expect(line.count == model.count)
            #expect(line.held <= 2 * (3 * model.count + SimulationLimits.leftBehindMax) + 96)
        }
    }

    @Test("a pool uses its slots again")
    func pool() {
        var pool = Pool<Int>()
        let slots = (0..<3).map { pool.insert($0) }
        #expect(slots == [0, 1, 2])
        pool.remove(1)
        #expect(pool.occupied == [0, 2])
        #expect(pool.insert(7) == 1)
        #expect(pool[1] == 7)
        pool[1] += 1
        #expect(pool[1] == 8)
        #expect(pool.count == 3 && pool.slots == 3)
    }
}
