import LMDB
import Testing

@Suite("Against a model")
struct ModelTests {
    /// What the databases should hold: the committed state and the open transaction's.
    private struct Model {
        var texts: [[UInt8]: [UInt8]] = [:]
        var numbers: [UInt64: [UInt8]] = [:]
    }

    @Test("random puts, deletes, clears, commits and aborts leave what a dictionary holds")
    func randomOperations() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        try run(seed: seed)
    }

    @Test("the same, with fixed seeds", arguments: 1...8 as ClosedRange<UInt64>)
    func fixedSeeds(seed: UInt64) throws {
        try run(seed: seed)
    }

    private func run(seed: UInt64) throws {
        print("model test of LMDB: seed \(seed)")
        var random = SeededRandom(seed: seed)
        let fixture = try Fixture(.init(durability: .noSync))
        var committed = Model()
        for _ in 0..<30 {
            let previous = committed
            let reader = try fixture.environment.beginRead()
            committed = try transact(fixture, committed, &random)
            try compare(reader, fixture, previous, &random, seed)
            try compare(fixture.environment.beginRead(), fixture, committed, &random, seed)
        }
    }

    /// Runs one transaction of random operations and returns what is committed then.
    private func transact(
        _ fixture: Fixture, _ before: Model, _ random: inout SeededRandom
    ) throws -> Model {
        var model = before
        var transaction = try fixture.environment.beginWrite()
        for _ in 0..<Int.random(in: 0...60, using: &random) {
            try step(&transaction, fixture, &model, &random)
        }
        try compare(transaction, fixture, model, &random, 0)
        guard Int.random(in: 0..<4, using: &random) > 0 else { return before }
        try transaction.commit()
        return model
    }

    private func step(
        _ transaction: inout WriteTransaction, _ fixture: Fixture, _ model: inout Model,
        _ random: inout SeededRandom
    ) throws {
        let key = text(&random)
        let number =
            UInt64.random(in: 0...50, using: &random) << UInt64.random(in: 0...58, using: &random)
        let length = Bool.random(using: &random) ? 20 : 5_000
        let value = random.bytes(Int.random(in: 0...length, using: &random))
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<35:
            try transaction.put(fixture.texts, key: key.rawSpan, value: value.rawSpan)
            model.texts[key] = value
        case 35..<65:
            try transaction.put(fixture.numbers, key: number, value: value.rawSpan)
            model.numbers[number] = value
        case 65..<75:
            let wasThere = try transaction.delete(fixture.texts, key: key.rawSpan)
            #expect(wasThere == (model.texts.removeValue(forKey: key) != nil))
        case 75..<85:
            let wasThere = try transaction.delete(fixture.numbers, key: number)
            #expect(wasThere == (model.numbers.removeValue(forKey: number) != nil))
        case 85..<92:
            try insert(&transaction, fixture, &model, key, value)
        case 92..<99:
            try append(&transaction, fixture, &model, number, value)
        default:
            try transaction.clear(fixture.texts)
            model.texts = [:]
        }
    }

    private func insert(
        _ transaction: inout WriteTransaction, _ fixture: Fixture, _ model: inout Model,
        _ key: [UInt8], _ value: [UInt8]
    ) throws {
        do throws(LMDBError) {
            try transaction.put(fixture.texts, key: key.rawSpan, value: value.rawSpan, .noOverwrite)
            #expect(model.texts.updateValue(value, forKey: key) == nil)
        } catch {
            #expect(error.isKeyExists && model.texts[key] != nil)
        }
    }

    private func append(
        _ transaction: inout WriteTransaction, _ fixture: Fixture, _ model: inout Model,
        _ number: UInt64, _ value: [UInt8]
    ) throws {
        let isBehind = model.numbers.keys.allSatisfy { $0 < number }
        do throws(LMDBError) {
            try transaction.put(fixture.numbers, key: number, value: value.rawSpan, .append)
            model.numbers[number] = value
            #expect(isBehind)
        } catch {
            #expect(error.isKeyExists && !isBehind)
        }
    }

    /// A short key of few letters, so that keys meet again and prefixes occur; seldom a long one.
    private func text(_ random: inout SeededRandom) -> [UInt8] {
        if Int.random(in: 0..<50, using: &random) == 0 { return random.bytes(511) }
        return (0..<Int.random(in: 1...4, using: &random)).map { _ in
            [0, 97, 255].randomElement(using: &random) ?? 0
        }
    }

    private func compare(
        _ transaction: borrowing some Transaction & ~Copyable, _ fixture: Fixture,
        _ model: Model, _ random: inout SeededRandom, _ seed: UInt64
    ) throws {
        let texts = model.texts.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        let start = text(&random)
        var scanned: [[UInt8]] = []
        try transaction.forEach(in: fixture.texts, from: start.rawSpan) { key, value in
            scanned.append(copy(key))
            scanned.append(copy(value))
            return true
        }
        let expected = texts.filter { !$0.key.lexicographicallyPrecedes(start) }
        #expect(scanned == expected.flatMap { [$0.key, $0.value] }, "seed \(seed)")

        var numbers: [UInt64] = []
        var cursor = try transaction.cursor(fixture.numbers)
        while try cursor.previous() {
            numbers.append(cursor.integerKey)
            #expect(copy(cursor.value) == model.numbers[cursor.integerKey], "seed \(seed)")
        }
        #expect(numbers == model.numbers.keys.sorted(by: >), "seed \(seed)")
        #expect(
            try transaction.statistics(fixture.texts).entries == UInt64(texts.count), "seed \(seed)"
        )
    }
}
