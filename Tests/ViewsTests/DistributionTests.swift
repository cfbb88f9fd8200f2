import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

@Suite struct DistributionTests {
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
        #expect(distribution.percentile(50) == 7 && distribution.sampleDeviation == nil)
        for value: Int64 in [1, 2, 3, 4, 5, 6, 8, 9, 10] { distribution.add(value, count: 1) }
        #expect(distribution.percentile(50) == 5)
        #expect(distribution.percentile(90) == 9)
        #expect(distribution.percentile(0) == 1)
        #expect(distribution.percentile(100) == 10)
        #expect(distribution.mean == 5.5)
        #expect(abs((distribution.sampleDeviation ?? 0) - 3.0276503540974917) < 1e-12)
        #expect(distribution.count(within: 5) == 5 && distribution.count(below: 5) == 4)
    }
}
