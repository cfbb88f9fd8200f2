// No transaction ends or is parked while something read from it is still in use.
import LMDB

func commit(_ environment: Environment, _ table: Database) throws -> Int {
    let transaction = try environment.beginWrite()
    let value = try transaction.get(table, key: 1)
    // expected-error@+1 {{noncopyable 'transaction' cannot be consumed}}
    try transaction.commit()
    return value?.byteCount ?? 0
}

func park(_ environment: Environment, _ table: Database) throws -> Int {
    let transaction = try environment.beginRead()
    let value = try transaction.get(table, key: 1)
    // expected-error@+1 {{noncopyable 'transaction' cannot be consumed}}
    _ = transaction.park()
    return value?.byteCount ?? 0
}

func parkUnderCursor(_ environment: Environment, _ table: Database) throws -> Bool {
    let transaction = try environment.beginRead()
    var cursor = try transaction.cursor(table)
    // expected-error@+1 {{noncopyable 'transaction' cannot be consumed}}
    _ = transaction.park()
    return try cursor.next()
}

func cursorValue(_ environment: Environment, _ table: Database) throws -> Int {
    let transaction = try environment.beginRead()
    var cursor = try transaction.cursor(table)
    guard try cursor.next() else { return 0 }
    let value = cursor.value
    _ = consume cursor
    // expected-error@+1 {{noncopyable 'transaction' cannot be consumed}}
    _ = transaction.park()
    return value.byteCount
}
