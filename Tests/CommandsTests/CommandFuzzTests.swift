import CommandFuzzing
import Foundation
import TestSupport
import Testing

@Suite("Requests at random")
struct CommandFuzzTests {
    /// Two a day, others than the day before; `THROUGHLINE_SEED` repeats those of another day.
    private static let seeds: [UInt64] = {
        let given = ProcessInfo.processInfo.environment["THROUGHLINE_SEED"].flatMap { UInt64($0) }
        let day = given ?? UInt64(Date().timeIntervalSince1970 / 86_400)
        return [day * 2, day * 2 + 1]
    }()
    /// For how long conversations go on, all seeds together, beyond the least number: what
    /// `$THROUGHLINE_FUZZ_SECONDS` says, as tools/test does.
    private static let seconds =
        ProcessInfo.processInfo.environment["THROUGHLINE_FUZZ_SECONDS"].flatMap { Double($0) } ?? 0
    private static let conversationsMin = 400
    private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fuzz/commands")

    @Test(
        "are answered once each, stored whole or not at all, and folded anew to the same views",
        arguments: seeds)
    func random(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let store = try FuzzedStore(within: FileManager.default.temporaryDirectory.path)
        let end = ContinuousClock.now + .seconds(Self.seconds / Double(Self.seeds.count))
        var count = 0
        do {
            while count < Self.conversationsMin || ContinuousClock.now < end {
                try store.run(generator.bytes(Int.random(in: 1...600, using: &generator)))
                count += 1
                if store.isFull { try store.renew() }
            }
            try store.renew()
            print("\(count) conversations, THROUGHLINE_SEED=\(seed / 2)")
        } catch let failure as FuzzFailure {
            Issue.record("THROUGHLINE_SEED=\(seed / 2): \(failure)")
        }
    }

    @Test("what libFuzzer has found worth keeping goes well")
    func kept() throws {
        let store = try FuzzedStore(within: FileManager.default.temporaryDirectory.path)
        let files = try FileManager.default.contentsOfDirectory(
            at: Self.corpus, includingPropertiesForKeys: nil)
        for file in files.sorted(by: { $0.lastPathComponent < $1.lastPathComponent }) {
            do {
                try store.run(Array(try Data(contentsOf: file)))
                if store.isFull { try store.renew() }
            } catch let failure as FuzzFailure {
                Issue.record("\(file.lastPathComponent): \(failure)")
            }
        }
        try store.renew()
        print("\(files.count) conversations that were kept")
    }
}
