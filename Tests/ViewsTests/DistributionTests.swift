import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

@Suite struct DistributionTests {
    @Test("sums of 64 bits and of more become the nearest number alike")
    func wide() {
        let numbers: [Int128] = [
            0, 1, -1, 1 << 53 + 1, Int128(Int64.max), Int128(Int64.min), Int128(Int64.max) + 1,
            Int128(Int64.min) - 1, 1 << 100 + 1, -(1 << 90),
        ]
        for number in numbers { #expect(Double(wide: number) == Double(number)) }
    }

    @Test("a percentile of any count is the element of that rank")
    func ranks() {
        for count: Int64 in [1, 2, 3, 7, 99, 100, 101, 250, 1_001] {
            var distribution = Distribution()
            for number in 1...count { distribution.add(number, count: 1) }
            for percent: Int64 in [0, 1, 10, 33, 50, 90, 99, 100] {
                let rank = max(1, (count * percent + 99) / 100)
                #expect(distribution.percentile(percent) == rank)
            }
        }
    }

    @Test(
        "adding and taking back in any order gives the sorted sum",
        arguments: 1...20 as ClosedRange<UInt64>)
    func sums(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var distribution = Distribution()
        var naive: [Int64: Int64] = [:]
        var runs: [Distribution.Run] = []
        for _ in 0..<300 {
            let value = Int64.random(in: -5...30, using: &random)
            let count = Int64.random(in: -2...3, using: &random)
            guard count != 0 else { continue }
            distribution.add(value, count: count)
            runs.append(.init(milliseconds: value, count: count))
            naive[value, default: 0] += count
        }
        let expected = naive.filter { $0.value != 0 }.sorted { $0.key < $1.key }
            .map { Distribution.Run(milliseconds: $0.key, count: $0.value) }
        #expect(distribution.runs == expected, "seed \(seed)")
        #expect(Distribution(summing: runs) == distribution, "seed \(seed)")
        var row: [UInt8] = []
        distribution.encode(into: &row)
        var reader = unsafe ByteReader(row.span.bytes, of: "test")
        #expect(try Distribution(from: &reader) == distribution)
    }

    @Test("percentiles are nearest-rank, the deviation that of a sample")
    func figures() {
        var distribution = Distribution()
        #expect(distribution.percentile(50) == nil && distribution.mean == nil)
        distribution.add(7, count: 1)
        #expect(distribution.percentile(50) == 7 && distribution.moments.sampleDeviation == nil)
        for value: Int64 in [1, 2, 3, 4, 5, 6, 8, 9, 10] { distribution.add(value, count: 1) }
        #expect(distribution.percentile(50) == 5)
        #expect(distribution.percentile(90) == 9)
        #expect(distribution.percentile(0) == 1)
        #expect(distribution.percentile(100) == 10)
        #expect(distribution.mean == 5.5)
        #expect(abs((distribution.moments.sampleDeviation ?? 0) - 3.0276503540974917) < 1e-12)
        #expect(distribution.count(within: 5) == 5 && distribution.count(below: 5) == 4)
    }
}
