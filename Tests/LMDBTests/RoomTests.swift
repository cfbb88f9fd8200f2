import Glibc
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

    @Test(
        "a write that runs out of room fails as such, loses nothing, and works when there is room")
    func noSpace() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mdb")
        await #expect(processExitsWith: .exitCode(7)) { [path = path as String] in
            try runOutOfRoom(path)
        }
        #expect(try read(path) == ["0": "before", "2": "after"])
    }

    private func read(_ path: String) throws -> [String: String] {
        let environment = try Environment.open(path: path, options: .init(creation: .never))
        let numbers = try environment.openDatabases(Fixture.definitions)[1]
        var found: [String: String] = [:]
        let transaction = try environment.beginRead()
        try transaction.forEach(in: numbers, from: 0) { key, value in
            found["\(key)"] = String(decoding: copy(value), as: UTF8.self)
            return true
        }
        return found
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

/// Commits while files may hardly grow, which makes a write end short as a full disk does, and
/// again when they may; ends the process with 7 when each went as it should.
private func runOutOfRoom(_ path: String) throws {
    let environment = try Environment.open(path: path)
    let numbers = try environment.openDatabases(Fixture.definitions)[1]
    var transaction = try environment.beginWrite()
    try transaction.put(numbers, 0, "before")
    try transaction.commit()

    signal(SIGXFSZ, SIG_IGN)
    try limitFiles(environment.information.usedBytes + 10_000)
    let long = [UInt8](repeating: 1, count: 1 << 20)
    transaction = try environment.beginWrite()
    try transaction.put(numbers, key: 1, value: long.rawSpan)
    do throws(LMDBError) {
        try transaction.commit()
        _exit(8)
    } catch {
        guard error.mayBeNoSpace, error.operation == .commit else { _exit(9) }
    }

    try limitFiles(.max)
    transaction = try environment.beginWrite()
    guard try transaction.value(numbers, 0) == "before",
        try !transaction.contains(numbers, key: 1)
    else { _exit(10) }
    try transaction.put(numbers, 2, "after")
    try transaction.commit()
    _exit(7)
}

private func limitFiles(_ byteCount: UInt64) throws {
    var limit = rlimit(rlim_cur: rlim_t(byteCount), rlim_max: .max)
    guard unsafe setrlimit(__rlimit_resource_t(1), &limit) == 0 else { _exit(11) }
}
