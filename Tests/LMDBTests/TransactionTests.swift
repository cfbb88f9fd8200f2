import Dispatch
import LMDB
import Testing

@Suite("Transactions")
struct TransactionTests {
    @Test("a committed value is read by later transactions")
    func commit() throws {
        let fixture = try Fixture()
        try fixture.commit("ana", "one")
        let transaction = try fixture.environment.beginRead()
        #expect(try transaction.value(fixture.texts, "ana") == "one")
        #expect(try transaction.value(fixture.texts, "bea") == nil)
        let key = bytes("ana")
        #expect(try transaction.contains(fixture.texts, key: key.rawSpan))
        #expect(try !transaction.contains(fixture.numbers, key: 1))
    }

    @Test("a write transaction reads its own changes, and its end without commit undoes them")
    func abort() throws {
        let fixture = try Fixture()
        do {
            var transaction = try fixture.environment.beginWrite()
            try transaction.put(fixture.texts, "ana", "one")
            #expect(try transaction.value(fixture.texts, "ana") == "one")
        }
        #expect(try fixture.environment.beginRead().value(fixture.texts, "ana") == nil)
        #expect(fixture.environment.information.lastTransaction == 1)
    }

    @Test("a reader keeps its state while a writer commits")
    func snapshot() throws {
        let fixture = try Fixture()
        try fixture.commit("ana", "one")
        let before = try fixture.environment.beginRead()
        try fixture.commit("ana", "two")
        let after = try fixture.environment.beginRead()
        #expect(try before.value(fixture.texts, "ana") == "one")
        #expect(try after.value(fixture.texts, "ana") == "two")
        #expect(after.number == before.number + 1)
    }

    @Test("an empty value and a value of many pages come back as they were")
    func valueSizes() throws {
        let fixture = try Fixture()
        var random = SeededRandom(seed: 1)
        for count in [0, 1, 2_000, 4_096, 1_000_000] {
            let value = random.bytes(count)
            var transaction = try fixture.environment.beginWrite()
            try transaction.put(fixture.numbers, key: UInt64(count), value: value.rawSpan)
            try transaction.commit()
            let stored = try read(fixture, UInt64(count))
            #expect(stored == value)
        }
    }

    private func read(_ fixture: Fixture, _ key: UInt64) throws -> [UInt8]? {
        let transaction = try fixture.environment.beginRead()
        guard let value = try transaction.get(fixture.numbers, key: key) else { return nil }
        return copy(value)
    }

    @Test("keys of 1 and 511 bytes are kept; none and 512 are refused by every operation")
    func keySizes() throws {
        let fixture = try Fixture()
        var transaction = try fixture.environment.beginWrite()
        let texts = fixture.texts
        for count in [1, 511] {
            let key = [UInt8](repeating: 1, count: count)
            try transaction.put(texts, key: key.rawSpan, value: key.rawSpan)
            #expect(try transaction.contains(texts, key: key.rawSpan))
        }
        for count in [0, 512, 100_000] {
            let key = [UInt8](repeating: 1, count: count)
            var refusals: [LMDBError] = []
            do throws(LMDBError) { _ = try transaction.get(texts, key: key.rawSpan) } catch {
                refusals.append(error)
            }
            do throws(LMDBError) {
                try transaction.put(texts, key: key.rawSpan, value: key.rawSpan)
            } catch { refusals.append(error) }
            do throws(LMDBError) {
                try transaction.put(texts, key: key.rawSpan, value: key.rawSpan, .append)
            } catch { refusals.append(error) }
            do throws(LMDBError) { try transaction.delete(texts, key: key.rawSpan) } catch {
                refusals.append(error)
            }
            do throws(LMDBError) {
                var cursor = try transaction.cursor(texts)
                _ = try cursor.seek(atLeast: key.rawSpan)
            } catch { refusals.append(error) }
            #expect(refusals.map(\.operation) == [.get, .put, .append, .delete, .moveCursor])
            #expect(refusals.allSatisfy { $0.cause == .keyLength(count) })
        }
        // A refusal of ours leaves the transaction usable.
        try transaction.commit()
        #expect(try fixture.environment.beginRead().statistics(texts).entries == 2)
    }

    @Test("noOverwrite refuses an existing key and changes nothing")
    func noOverwrite() throws {
        let fixture = try Fixture()
        var transaction = try fixture.environment.beginWrite()
        try transaction.put(fixture.texts, "ana", "one", .noOverwrite)
        do throws(LMDBError) {
            try transaction.put(fixture.texts, "ana", "two", .noOverwrite)
            Issue.record("the key was overwritten")
        } catch {
            #expect(error.isKeyExists)
            #expect(error.operation == .put)
        }
        try transaction.put(fixture.texts, "bea", "two", .noOverwrite)
        try transaction.commit()
        let reader = try fixture.environment.beginRead()
        #expect(try reader.value(fixture.texts, "ana") == "one")
        #expect(try reader.value(fixture.texts, "bea") == "two")
    }

    @Test("append refuses a key that is not greater than the last one and changes nothing")
    func append() throws {
        let fixture = try Fixture()
        var transaction = try fixture.environment.beginWrite()
        try transaction.put(fixture.numbers, 5, "five", .append)
        for key: UInt64 in [5, 4, 0] {
            do throws(LMDBError) {
                try transaction.put(fixture.numbers, key, "other", .append)
                Issue.record("\(key) was appended behind 5")
            } catch {
                #expect(error.isKeyExists)
                #expect(error.operation == .append)
            }
        }
        try transaction.put(fixture.numbers, 256, "more", .append)
        try transaction.commit()
        let reader = try fixture.environment.beginRead()
        #expect(try reader.integerKeys(fixture.numbers) == [5, 256])
        #expect(try reader.value(fixture.numbers, 5) == "five")
    }

    @Test("delete answers whether the key was there, and clear empties one database only")
    func deleteAndClear() throws {
        let fixture = try Fixture()
        var transaction = try fixture.environment.beginWrite()
        try transaction.put(fixture.texts, "ana", "one")
        try transaction.put(fixture.numbers, 1, "one")
        try transaction.put(fixture.numbers, 2, "two")
        #expect(try transaction.delete(fixture.texts, "ana"))
        #expect(try !transaction.delete(fixture.texts, "ana"))
        #expect(try transaction.delete(fixture.numbers, key: 2))
        #expect(try !transaction.delete(fixture.numbers, key: 2))
        try transaction.put(fixture.texts, "bea", "two")
        try transaction.clear(fixture.numbers)
        try transaction.commit()
        let reader = try fixture.environment.beginRead()
        #expect(try reader.statistics(fixture.numbers).entries == 0)
        #expect(try reader.value(fixture.texts, "bea") == "two")
    }

    @Test("integer keys are ordered as numbers over their whole range")
    func integerOrder() throws {
        let fixture = try Fixture()
        let keys: [UInt64] = [0, 1, 255, 256, 65_535, 1 << 32, 1 << 63, .max - 1, .max]
        var random = SeededRandom(seed: 2)
        var transaction = try fixture.environment.beginWrite()
        for key in keys.shuffled(using: &random) {
            try transaction.put(fixture.numbers, key, "\(key)")
        }
        try transaction.commit()
        let reader = try fixture.environment.beginRead()
        #expect(try reader.integerKeys(fixture.numbers) == keys)
        for key in keys { #expect(try reader.value(fixture.numbers, key) == "\(key)") }
    }

    @Test("writers on several threads wait for each other and lose nothing")
    func threads() throws {
        let fixture = try Fixture(.init(durability: .noSync))
        let environment = fixture.environment
        let numbers = fixture.numbers
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            for _ in 0..<50 {
                #expect(throws: Never.self) { try increment(environment, numbers) }
            }
        }
        #expect(try environment.beginRead().value(numbers, 0) == "200")
    }
}

private func increment(_ environment: Environment, _ numbers: Database) throws {
    var transaction = try environment.beginWrite()
    let count = Int(try transaction.value(numbers, 0) ?? "0") ?? 0
    try transaction.put(numbers, 0, "\(count + 1)")
    try transaction.commit()
}
