import Foundation
import Testing

/// What is left of a store when the power goes, at any moment of a daemon's work. A run prints
/// the seed it can be repeated with, by `THROUGHLINE_SEED`.
@Suite("A power cut", .serialized)
struct PowerCutTests {
    static let environment = ProcessInfo.processInfo.environment
    static let isLong = environment["THROUGHLINE_LONG"] != nil
    static let seed =
        environment["THROUGHLINE_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0..<1_000_000)

    @Test("at any moment leaves a log that opens and holds whatever was answered")
    func cut() async throws {
        print("power cut: THROUGHLINE_SEED=\(Self.seed)")
        guard Self.isLong else {
            try await expectNothingLost(.nothing, requests: 5, states: 600, Self.seed)
            try await expectNothingLost(.smallJournal, requests: 150, states: 1_400, Self.seed)
            try await expectNothingLost(.unflushed, requests: 150, states: 400, Self.seed)
            return
        }
        // A hundred recordings, each with ten thousand states: what a state costs goes with the
        // segments that its store has, and a hundred requests go round the journal too.
        for round in 0..<UInt64(100) {
            let seed = Self.seed &+ round
            try await expectNothingLost(.nothing, requests: 5, states: 500, seed)
            try await expectNothingLost(.smallJournal, requests: 100, states: 6_000, seed)
            try await expectNothingLost(.unflushed, requests: 100, states: 500, seed)
            try await expectNothingLost(.erasing, requests: 80, states: 3_000, seed)
        }
    }

    @Test(
        "is noticed to lose something by this very test where the disk breaks its promises",
        arguments: [
            Disk.Honesty(flushes: true, durableWrites: false),
            Disk.Honesty(flushes: false, durableWrites: true),
            Disk.Honesty(flushes: false, durableWrites: false),
        ])
    func dishonest(_ honesty: Disk.Honesty) async throws {
        let run = try CutRun(.smallJournal, requests: 150, seed: Self.seed)
        let outcome = try await run.check(
            Plan(folder: run.folder, seed: Self.seed, honesty: honesty, variants: 4, moments: 50))
        print(
            "power cut: \(honesty): \(outcome.violations.count) of \(outcome.checked) states lose")
        let losses = outcome.violations.filter { !$0.hasSuffix("; 0 answered") }
        #expect(losses.count >= 20)
        // Segments that were not flushed are refused by name; rounds that were not are just absent.
        #expect(honesty.durableWrites || losses.contains { $0.contains("lost(") })
    }

    @Test(
        "while somebody is erased leaves nothing of her once that was said, and a consumer's place")
    func erasing() async throws {
        guard !Self.isLong else { return }
        print("power cut: THROUGHLINE_SEED=\(Self.seed)")
        try await expectNothingLost(.erasing, requests: 80, states: 400, Self.seed)
    }

    @Test(
        "is noticed to leave what was erased, or to lose a consumer's place, where flushes are not kept"
    )
    func dishonestErasing() async throws {
        let run = try CutRun(.erasing, requests: 80, seed: Self.seed)
        let outcome = try await run.check(
            Plan(
                folder: run.folder, seed: Self.seed,
                honesty: .init(flushes: false, durableWrites: true), variants: 4, moments: 50))
        print(
            "power cut: erasing, no flush: \(outcome.violations.count) of \(outcome.checked) states"
        )
        #expect(
            outcome.violations.contains { $0.contains("notErased(") || $0.contains("consumer(") })
    }

    @Test("is noticed to spoil a view where flushes of views' files are promised and not kept")
    func dishonestViews() async throws {
        let run = try CutRun(.smallJournal, requests: 150, seed: Self.seed)
        let outcome = try await run.check(
            Plan(
                folder: run.folder, seed: Self.seed, honesty: .init(viewFlushes: false),
                variants: 4,
                moments: 100))
        print(
            "power cut: no view flushed: \(outcome.violations.count) of \(outcome.checked) states")
        // A view that is lost as a whole is folded anew: only what is there and wrong is told, whether it
        // cannot be read, is ahead of the log or says something else. All flushes but views' are kept.
        #expect(!outcome.violations.isEmpty)
        let ofViews = ["view(", "viewAhead(", ".view failed", "a row is damaged", "died"]
        for violation in outcome.violations {
            #expect(ofViews.contains { violation.contains($0) }, "\(violation)")
        }
    }

    private func expectNothingLost(
        _ beginning: RecordedRun.Beginning, requests: Int, states: Int, _ seed: UInt64
    ) async throws {
        let run = try CutRun(beginning, requests: requests, seed: seed)
        guard !run.isDone else { return }
        let moments = try run.moments()
        // At least eight states of a moment: nothing, everything and six others.
        let variants = max(8, (states + moments - 1) / moments)
        let begin = ContinuousClock.now
        let outcome = try await run.check(
            Plan(
                folder: run.folder, seed: seed, variants: variants,
                moments: (states + variants - 1) / variants, promises: beginning.promises))
        print(
            "power cut: store begins with \(beginning), seed \(seed): \(outcome.checked) states "
                + "of \(moments) moments, \(outcome.repeated) of them the same as another, "
                + "\(outcome.violations.count) violations, "
                + "\(begin.duration(to: .now))")
        #expect(outcome.checked >= UInt64(min(states, moments * variants)))
        #expect(
            outcome.violations.isEmpty, "\(outcome.violations.prefix(20).joined(separator: "\n"))")
        try run.finish()
    }
}
