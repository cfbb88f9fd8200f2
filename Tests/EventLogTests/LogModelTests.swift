import Testing

@Suite("The log against a model")
struct LogModelTests {
    @Test(
        "random rounds, with repeats, conflicts, batches taken back and reopening, match an array")
    func randomSeed() throws {
        for offset in 0..<UInt64(Scale.isLong ? 300 : 2) {
            try run(seed: Scale.seed &+ offset)
        }
    }

    @Test("the same with fixed seeds", arguments: 1...6 as ClosedRange<UInt64>)
    func fixedSeeds(seed: UInt64) throws {
        try run(seed: seed)
    }

    private func run(seed: UInt64) throws {
        print("model of the log: seed \(seed)")
        let folder = try TemporaryFolder()
        var model = try LogModel(path: folder.path, seed: seed)
        try model.run(rounds: 40)
    }
}
