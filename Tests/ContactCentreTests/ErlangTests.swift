import Foundation
import TestSupport
import Testing

@testable import ContactCentre

/// Expected waits: the domain's figures, and simulations of the same queues.
@Suite struct ErlangTests {
    private static let perHour = 1.0 / 3_600

    private func queue(_ perHour: Double, patience: Double?) throws -> Erlang {
        try #require(
            Erlang(
                arrivals: perHour * Self.perHour, service: 1.0 / 180, agents: 8,
                impatience: patience.map { 1 / $0 } ?? 0))
    }

    private func close(_ value: Double?, _ expected: Double, _ tolerance: Double) -> Bool {
        value.map { abs($0 - expected) <= tolerance } ?? false
    }

    @Test("Erlang C: 100 an hour, 180 s each, 8 agents")
    func patient() throws {
        let queue = try queue(100, patience: nil)
        #expect(close(queue.waitingShareOfThePatient, 0.1673, 0.00005))
        #expect(close(queue.meanWaitOfThePatient, 10.04, 0.005))
        #expect(close(queue.serviceLevelOfThePatient(within: 20), 0.8801, 0.00005))
        // Endless patience is the limit of Erlang A.
        let same = try #require(queue.withAbandonment)
        #expect(close(same.waitingShare, 0.1673, 0.00005) && close(same.meanWait, 10.04, 0.005))
    }

    @Test("Erlang A: the same with a patience of 120 s, and an overload of 180 an hour")
    func impatient() throws {
        let usual = try #require(queue(100, patience: 120).withAbandonment)
        #expect(close(usual.waitingShare, 0.1258, 0.00005))
        #expect(close(usual.abandonedShare, 0.0299, 0.00005))
        #expect(close(usual.meanWait, 3.58, 0.005))
        let overload = try #require(queue(180, patience: 120).withAbandonment)
        #expect(close(overload.waitingShare, 0.622, 0.0005))
        #expect(close(overload.abandonedShare, 0.206, 0.0005))
        #expect(close(overload.meanWait, 24.7, 0.05))
    }

    @Test("five ahead, all agents busy")
    func behind() throws {
        #expect(close(try queue(100, patience: nil).meanWait(behind: 5), 135, 0.0001))
        #expect(close(try queue(100, patience: 120).meanWait(behind: 5), 96.7, 0.05))
    }

    @Test("as many arrivals as agents can finish: Erlang C has no value and says so")
    func unstable() throws {
        let queue = try queue(160, patience: nil)
        #expect(queue.waitingShareOfThePatient == nil && queue.meanWaitOfThePatient == nil)
        #expect(queue.serviceLevelOfThePatient(within: 20) == nil && queue.withAbandonment == nil)
    }

    @Test("what makes no queue is refused")
    func refused() {
        #expect(Erlang(arrivals: -1, service: 1, agents: 1, impatience: 0) == nil)
        #expect(Erlang(arrivals: 1, service: 0, agents: 1, impatience: 0) == nil)
        #expect(Erlang(arrivals: 1, service: 1, agents: 0, impatience: 0) == nil)
        #expect(Erlang(arrivals: .infinity, service: 1, agents: 1, impatience: 0) == nil)
        #expect(Erlang(arrivals: 1, service: 1, agents: 1, impatience: -1) == nil)
    }

    /// What a queue did: arrivals, those who waited, those who gave up, the waits of all.
    struct Run {
        var arrivals = 0
        var waited = 0
        var abandoned = 0
        var waits = 0.0
    }

    /// A first-come-first-served queue by discrete events, event by event.
    static func simulate(_ queue: Erlang, arrivals: Int, seed: UInt64) -> Run {
        var random = SeededGenerator(seed: seed)
        func exponential(_ rate: Double) -> Double {
            -log(1 - Double.random(in: 0..<1, using: &random)) / rate
        }
        var run = Run()
        // Each agent is free from a moment on; who waits gives up before their turn or not.
        var freeFrom = [Double](repeating: 0, count: queue.agents)
        var clock = 0.0
        for _ in 0..<arrivals {
            clock += exponential(queue.arrivals)
            run.arrivals += 1
            let first = freeFrom.indices.min { freeFrom[$0] < freeFrom[$1] } ?? 0
            let wait = max(0, freeFrom[first] - clock)
            if wait > 0 { run.waited += 1 }
            let patience = queue.impatience > 0 ? exponential(queue.impatience) : .infinity
            guard patience >= wait else {
                run.abandoned += 1
                run.waits += patience
                continue
            }
            run.waits += wait
            freeFrom[first] = clock + wait + exponential(queue.service)
        }
        return run
    }

    @Test(
        "a simulated queue waits and gives up as the formulas say, within sampling error",
        arguments: [(100.0, nil), (100, 120), (180, 120)] as [(Double, Double?)])
    func simulation(perHour: Double, patience: Double?) throws {
        let queue = try queue(perHour, patience: patience)
        let run = Self.simulate(queue, arrivals: 200_000, seed: 7)
        let expected = try #require(queue.withAbandonment)
        let n = Double(run.arrivals)
        // Waits of neighbours hang together: runs of 100,000 patient arrivals have means that
        // deviate by 0.58 s, so that three deviations of 200,000 are 1.25 s.
        let error = patience == nil ? 1.25 : max(0.3, expected.meanWait * 0.06)
        #expect(close(Double(run.waited) / n, expected.waitingShare, 0.012))
        #expect(close(Double(run.abandoned) / n, expected.abandonedShare, 0.006))
        #expect(close(run.waits / n, expected.meanWait, error))
    }

    @Test("the share that does not wait longer than told is the share that was told")
    func quantiles() throws {
        var random = SeededGenerator(seed: 11)
        let queue = try queue(100, patience: 120)
        for ahead in [0, 1, 5, 30] {
            for share in [0.5, 0.8] {
                let told = queue.wait(behind: ahead, notExceededBy: share)
                var within = 0
                for _ in 0..<20_000 {
                    var wait = 0.0
                    for place in 0...ahead {
                        let rate = 8.0 / 180 + Double(place) / 120
                        wait += -log(1 - Double.random(in: 0..<1, using: &random)) / rate
                    }
                    if wait <= told { within += 1 }
                }
                #expect(close(Double(within) / 20_000, share, 0.02), "\(ahead) ahead, \(share)")
            }
        }
    }
}
