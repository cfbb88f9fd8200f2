// The same types used as they are meant to be: this file compiles.
import LMDB
import Zstd

func write(_ environment: Environment, _ table: Database, _ bytes: [UInt8]) throws {
    var transaction = try environment.beginWrite()
    try transaction.put(table, key: 1, value: bytes.rawSpan)
    let count = try transaction.get(table, key: 1)?.byteCount ?? 0
    try transaction.put(table, key: UInt64(count), value: bytes.rawSpan, .append)
    try transaction.commit()
}

func read(_ environment: Environment, _ table: Database) throws -> Int {
    var transaction = try environment.beginRead()
    var sum = try byteCount(transaction, table)
    let parked = transaction.park()
    transaction = try parked.resume()
    try transaction.forEach(in: table) { key, value in
        sum += key.byteCount + value.byteCount
        return true
    }
    return sum
}

func byteCount(_ transaction: borrowing ReadTransaction, _ table: Database) throws -> Int {
    var cursor = try transaction.cursor(table)
    guard try cursor.first() else { return 0 }
    let value = cursor.value
    _ = try cursor.next()
    return value.byteCount
}

@_lifetime(borrow transaction)
func newest(
    _ transaction: borrowing some Transaction & ~Copyable, _ table: Database
) throws -> RawSpan? {
    var cursor = try transaction.cursor(table)
    return try cursor.last() ? cursor.value : nil
}

func keep(_ parked: consuming sending ParkedReadTransaction) -> Keeper {
    Keeper(parked)
}

final class Keeper {
    private var parked: ParkedReadTransaction?

    init(_ parked: consuming ParkedReadTransaction) {
        self.parked = consume parked
    }

    func read(_ table: Database) throws -> Int {
        guard let parked = parked.take() else { return 0 }
        let transaction = try parked.resume()
        let count = try byteCount(transaction, table)
        self.parked = transaction.park()
        return count
    }
}

func compress(_ source: RawSpan) async throws -> [UInt8] {
    var compressor = try Compressor(level: 3)
    var frame: [UInt8] = []
    try compressor.compress(source, into: &frame)
    return frame
}
