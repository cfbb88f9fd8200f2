import LMDB
import Testing

@Suite("Writing in order")
struct OrderedWritingTests {
    private let one: [UInt8] = [1]
    private let two: [UInt8] = [2]

    @Test(
        "puts and removals, in order and out of it, leave what a dictionary holds",
        arguments: [UInt64.random(in: 0...UInt64.max)] + Array(1...8))
    func againstAModel(seed: UInt64) throws {
        print("writing in order: seed \(seed)")
        var random = SeededRandom(seed: seed)
        let fixture = try Fixture(.init(durability: .noSync))
        var model: [[UInt8]: [UInt8]] = [:]
        for _ in 0..<12 {
            let before = model
            var writing = try OrderedWriting(fixture.environment.beginWrite(), fixture.texts)
            // Some transactions mostly remove, so that pages join and the tree grows lower.
            let removals = Int.random(in: 0...100, using: &random)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                for key in keys(&random) {
                    if Int.random(in: 0..<100, using: &random) < removals {
                        let wasThere = try writing.delete(key: key.rawSpan)
                        #expect(wasThere == (model.removeValue(forKey: key) != nil))
                    } else {
                        let value = random.bytes(Int.random(in: 0...600, using: &random))
                        let tail = UInt32.random(in: 0...(.max), using: &random)
                        try writing.put(key: key.rawSpan, value: value.rawSpan, followedBy: tail)
                        model[key] =
                            value + (0..<4).map { UInt8(truncatingIfNeeded: tail >> ($0 * 8)) }
                    }
                }
            }
            guard Int.random(in: 0..<4, using: &random) > 0 else {
                model = before
                continue
            }
            var transaction = writing.end()
            // What belongs to it is put when the pairs are.
            try transaction.put(fixture.numbers, 1, "checkpoint")
            try transaction.commit()
            #expect(try fixture.environment.beginRead().pairs(fixture.texts) == model)
        }
        #expect(try fixture.environment.beginRead().pairs(fixture.texts) == model)
    }

    /// A run of keys, mostly rising.
    private func keys(_ random: inout SeededRandom) -> [[UInt8]] {
        let keys = (0..<Int.random(in: 0...300, using: &random)).map { _ in
            let number = UInt32.random(in: 0..<2_000, using: &random)
            return [UInt8(number >> 8), UInt8(number & 0xFF), 1]
        }
        return Bool.random(using: &random) ? keys : keys.sorted { $0.lexicographicallyPrecedes($1) }
    }

    @Test("without an end nothing is left, and the next transaction begins")
    func abandoned() throws {
        let fixture = try Fixture(.init(durability: .noSync))
        do {
            var writing = try OrderedWriting(fixture.environment.beginWrite(), fixture.texts)
            try writing.put(key: one.rawSpan, value: two.rawSpan, followedBy: 3)
        }
        #expect(try fixture.environment.beginRead().pairs(fixture.texts).isEmpty)
        try fixture.environment.beginWrite().commit()
    }

    @Test("a key of a wrong length is refused, and the transaction goes on")
    func wrongKeys() throws {
        let fixture = try Fixture(.init(durability: .noSync))
        var writing = try OrderedWriting(fixture.environment.beginWrite(), fixture.texts)
        for key in [[], [UInt8](repeating: 1, count: 512)] {
            var refused = 0
            do throws(LMDBError) {
                try writing.put(key: key.rawSpan, value: two.rawSpan, followedBy: 3)
            } catch {
                refused += error.cause == .keyLength(key.count) ? 1 : 0
            }
            do throws(LMDBError) {
                try writing.delete(key: key.rawSpan)
            } catch {
                refused += error.cause == .keyLength(key.count) ? 1 : 0
            }
            #expect(refused == 2)
        }
        try writing.put(key: one.rawSpan, value: two.rawSpan, followedBy: 3)
        let transaction = writing.end()
        try transaction.commit()
        #expect(try fixture.environment.beginRead().pairs(fixture.texts) == [one: [2, 3, 0, 0, 0]])
    }
}
