import LMDB
import Testing

@Suite("Room")
struct RoomTests {
    @Test("a full map is told as such, undoes the transaction, and deleting makes room again")
    func mapFull() throws {
        let fixture = try Fixture(.init(mapBytes: 1 << 18, durability: .noSync))
        let stored = fill(fixture, byteCount: 10_000)
        #expect(stored > 5)
        #expect(try fixture.environment.beginRead().statistics(fixture.numbers).entries == stored)

        // Still full: nothing was half stored.
        #expect(fill(fixture, from: stored, byteCount: 10_000) == 0)

        try delete(fixture, stored / 2)
        #expect(fill(fixture, from: stored, byteCount: 10_000) > 0)
        let reader = try fixture.environment.beginRead()
        #expect(try reader.value(fixture.numbers, 0) == nil)
        #expect(try reader.contains(fixture.numbers, key: stored))
    }

    @Test("after a full map the same transaction is refused, not continued")
    func badTransaction() throws {
        let fixture = try Fixture(.init(mapBytes: 1 << 18, durability: .noSync))
        let value = [UInt8](repeating: 1, count: 1 << 19)
        var transaction = try fixture.environment.beginWrite()
        do throws(LMDBError) {
            try transaction.put(fixture.numbers, key: 0, value: value.rawSpan)
            Issue.record("a value longer than the map was stored")
        } catch {
            #expect(error.isMapFull)
        }
        do throws(LMDBError) {
            try transaction.put(fixture.numbers, 1, "small")
            try transaction.commit()
            Issue.record("a failed transaction was committed")
        } catch {
            #expect(error.isBadTransaction)
        }
    }

    /// Stores values, one commit each, until the map is full; returns how many.
    private func fill(_ fixture: Fixture, from start: UInt64 = 0, byteCount: Int) -> UInt64 {
        let value = [UInt8](repeating: 1, count: byteCount)
        var key = start
        do throws(LMDBError) {
            while true {
                var transaction = try fixture.environment.beginWrite()
                try transaction.put(fixture.numbers, key: key, value: value.rawSpan)
                try transaction.commit()
                key += 1
            }
        } catch {
            #expect(error.isMapFull)
            #expect(!error.mayBeNoSpace)
        }
        return key - start
    }

    private func delete(_ fixture: Fixture, _ count: UInt64) throws {
        for key in 0..<count {
            var transaction = try fixture.environment.beginWrite()
            #expect(try transaction.delete(fixture.numbers, key: key))
            try transaction.commit()
        }
    }
}
