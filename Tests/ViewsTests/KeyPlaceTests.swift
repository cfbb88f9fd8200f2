import TestSupport
import Testing

@testable import Views

@Suite("Keys in order")
struct KeyPlaceTests {
    @Test(
        "keys are sorted by their bytes, equal ones by their owners, however many there are",
        arguments: [UInt64.random(in: 0...UInt64.max)] + Array(1...6))
    func sorting(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for count in [0, 1, 2, 40, 64, 65, 66, 700, 5_000] {
            let keys = Self.keys(count, &random)
            var bytes: [UInt8] = []
            var places: [KeyPlace] = []
            for (owner, key) in keys.enumerated() {
                places.append(KeyPlace(start: bytes.count, count: key.count, owner: owner))
                bytes += key
            }
            places.shuffle(using: &random)
            bytes.sort(&places)
            let expected = keys.indices.sorted { left, right in
                keys[left] == keys[right]
                    ? left < right : keys[left].lexicographicallyPrecedes(keys[right])
            }
            #expect(places.map { Int($0.owner) } == expected, "seed \(seed), \(count) keys")
        }
    }

    /// Keys that start alike, end early, and come twice.
    private static func keys(_ count: Int, _ random: inout SeededGenerator) -> [[UInt8]] {
        let start = (0..<Int.random(in: 0...12, using: &random)).map { UInt8($0) }
        let letters = Int.random(in: 1...255, using: &random)
        return (0..<count).map { _ in
            let length = Int.random(in: 0...14, using: &random)
            let rest = (0..<length).map { _ in UInt8(Int.random(in: 0...letters, using: &random)) }
            // A zero at the end sorts behind no byte at all.
            return start + rest + (Bool.random(using: &random) ? [0] : [])
        }
    }
}
