import ContactCentre
import EventModel
import FoldTesting
import Simulation
import Testing

@testable import Views

/// Queues as the formulas of Erlang have them, simulated, stored and folded: the store's own figures
/// have to agree with the formulas.
///
/// How far they may be apart: each hour is a batch. A queue like these forgets within minutes, so
/// batches are almost independent, and the mean over them has the standard error s / √n. Four of these
/// are exceeded once in some ten thousand runs if the figures are right; the seed is fixed, and how far
/// apart they are is printed.
@Suite("The store agrees with Erlang A and C")
struct ErlangAgreementTests {
    /// One hour of the store's figures.
    private struct Hour {
        var offered: Double
        var waited: Double
        var abandoned: Double
        var waits: Double
        var within20: Double
    }

    private static let hours = 60

    private func run(perHour: Int64, patience: Int64?, seed: UInt64) throws -> [Hour] {
        let options = QueueSimulation.Options(
            seed: seed, start: midnight, queue: "service", arrivalsPerHour: perHour,
            handlingMilliseconds: 180_000, patienceMilliseconds: patience, agents: 8,
            calls: (Self.hours + 2) * Int(perHour))
        var intake = EventIntake()
        var log = MemoryLog(clock: midnight.milliseconds)
        for draft in IteratorSequence(QueueSimulation(options)) {
            var record: [UInt8] = []
            try draft.encode(with: &intake, into: &record)
            try log.append(record: record)
        }
        var fold = FoldRun<MetricsProjection>()
        try fold.run(log)
        // The first hour begins with nobody there; the last ones may lack arrivals.
        let from = midnight.advanced(byMilliseconds: 3_600_000)
        let query = try MetricsQuery(
            from: from, to: from.advanced(byMilliseconds: Int64(Self.hours) * 3_600_000),
            queues: ["service"], step: .hour)
        let sums = try MetricsSum.sums(
            query, .offered, MetricsLines(query, UTCOffsets()), from: fold.rows)
        #expect(sums.count == Self.hours)
        return sums.values.map { sum in
            let (answered, abandoned) = (sum[.waitAnswered], sum[.waitAbandoned])
            #expect(sum[.openWait].isEmpty && sum[.offered] == answered.count + abandoned.count)
            return Hour(
                offered: Double(sum[.offered]),
                waited: Double(answered.aboveZero.count + abandoned.count),
                abandoned: Double(abandoned.count),
                waits: Double(answered.sum + abandoned.sum) / 1_000,
                within20: Double(answered.count(within: 20_000)))
        }
    }

    /// Compares a ratio of sums over hours with what the formula says.
    private func agrees(
        _ hours: [Hour], _ part: KeyPath<Hour, Double>, with expected: Double, _ name: String
    ) {
        let whole = hours.reduce(0) { $0 + $1.offered }
        let ratio = hours.reduce(0) { $0 + $1[keyPath: part] } / whole
        // The residuals of a ratio of sums, hour by hour.
        let squares = hours.reduce(0.0) { sum, hour in
            let residual = hour[keyPath: part] - ratio * hour.offered
            return sum + residual * residual
        }
        let count = Double(hours.count)
        let error = (squares * count / (count - 1)).squareRoot() / whole
        #expect(abs(ratio - expected) < 4 * error, "\(name): \(ratio), formula \(expected)")
        print("\(name): store \(ratio), formula \(expected), standard error \(error)")
    }

    @Test(
        "waits and abandonment of impatient callers",
        arguments: [(100, 11), (180, 12)] as [(Int64, UInt64)])
    func impatient(perHour: Int64, seed: UInt64) throws {
        let formula = try #require(
            Erlang(
                arrivals: Double(perHour) / 3_600, service: 1.0 / 180, agents: 8,
                impatience: 1.0 / 120
            )?.withAbandonment)
        let hours = try run(perHour: perHour, patience: 120_000, seed: seed)
        agrees(hours, \.abandoned, with: formula.abandonedShare, "abandoned at \(perHour) an hour")
        agrees(hours, \.waits, with: formula.meanWait, "mean wait at \(perHour) an hour")
        agrees(hours, \.waited, with: formula.waitingShare, "who waits at \(perHour) an hour")
    }

    @Test("waits and service level of patient callers")
    func patient() throws {
        let formula = try #require(
            Erlang(arrivals: 100.0 / 3_600, service: 1.0 / 180, agents: 8, impatience: 0))
        let hours = try run(perHour: 100, patience: nil, seed: 13)
        let share = try #require(formula.waitingShareOfThePatient)
        agrees(hours, \.waited, with: share, "who waits")
        let wait = try #require(formula.meanWaitOfThePatient)
        agrees(hours, \.waits, with: wait, "mean wait")
        let level = try #require(formula.serviceLevelOfThePatient(within: 20))
        agrees(hours, \.within20, with: level, "within 20 s")
    }
}
