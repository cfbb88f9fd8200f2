import Foundation
import TestSupport
import Testing

/// Random wrong bits in all files of a store, each given to a whole daemon: 1,000 with
/// `THROUGHLINE_LONG`, else a sample of a printed seed. (`BitFlipTests` has more of them, in a
/// segment's file alone and without a daemon.)
@Suite("A wrong bit in a file of a store")
struct FlipTests {
    @Test("is harmless, or named; nothing wrong is served, and a daemon that dies of it comes back")
    func flips() throws {
        let seed = CrashTests.seed
        let count = CrashTests.isLong ? 1_000 : 40
        print("wrong bits: THROUGHLINE_SEED=\(seed)")
        let store = try FlippedStore(seed: seed % 1_000)
        var random = SeededGenerator(seed: seed)
        var counts: [FlippedStore.Outcome: Int] = [:]
        for number in 0..<count {
            let place = store.place(&random)
            let outcome = try store.flip(place)
            counts[outcome, default: 0] += 1
            #expect(
                outcome != .wrong && outcome != .diesAgain,
                "\(outcome): seed \(seed), number \(number), \(place)")
        }
        print(
            "wrong bits: seed \(seed): "
                + FlippedStore.Outcome.allCases.map { "\(counts[$0] ?? 0) \($0)" }
                .joined(separator: ", ") + ", of \(count)")
    }
}
