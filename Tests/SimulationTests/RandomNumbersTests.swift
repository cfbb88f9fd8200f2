import Testing

@testable import Simulation

@Suite("Random numbers")
struct RandomNumbersTests {
    @Test("SplitMix64 gives the published numbers for seed 1234567")
    func splitMix() {
        let step: UInt64 = 0x9E37_79B9_7F4A_7C15
        let numbers = (1...3).map { RandomNumbers.mix(1_234_567 &+ step &* $0) }
        #expect(
            numbers == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ])
    }

    @Test("xoshiro256** gives the published numbers for the state 1, 2, 3, 4")
    func xoshiro() {
        var random = RandomNumbers(state: (1, 2, 3, 4))
        #expect(
            (0..<4).map { _ in random.next() } == [
                11_520, 0, 1_509_978_240, 1_215_971_899_390_074_240,
            ])
    }

    @Test("numbers below a bound reach all of them and no other")
    func below() {
        var random = RandomNumbers(seed: 3)
        let seen = Set((0..<1_000).map { _ in random.below(7) })
        #expect(seen == Set(0..<7))
        #expect((0..<100).allSatisfy { _ in (3...5).contains(random.number(in: 3...5)) })
        #expect((0..<100).allSatisfy { _ in random.below(1) == 0 })
    }

    @Test("weights are kept")
    func weights() {
        var random = RandomNumbers(seed: 4)
        var counts = [0, 0, 0]
        for _ in 0..<10_000 { counts[random.index(weights: [1, 0, 3])] += 1 }
        #expect(counts[1] == 0)
        #expect((2_200...2_800).contains(counts[0]))
    }

    @Test("waiting times have their mean, and no memory")
    func exponential() {
        var random = RandomNumbers(seed: 5)
        let times = (0..<20_000).map { _ in random.exponential(mean: 60_000) }
        let mean = times.reduce(0, +) / 20_000
        #expect((58_500...61_500).contains(mean))
        // Half of them are shorter than ln 2 of the mean.
        #expect((9_700...10_300).contains(times.count { $0 < 41_589 }))
        #expect(times.allSatisfy { $0 >= 0 })
    }

    @Test("lengths have their mean and lie around it")
    func length() {
        var random = RandomNumbers(seed: 6)
        let lengths = (0..<20_000).map { _ in random.length(mean: 60_000) }
        let mean = lengths.reduce(0, +) / 20_000
        #expect((58_500...61_500).contains(mean))
        #expect(lengths.count { $0 < 12_000 } < 1_000)
        #expect(random.length(mean: 1) == 200)
    }
}
