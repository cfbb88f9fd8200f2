// A write may move or reuse pages: nothing read before it is in use after it.
import LMDB

func put(_ environment: Environment, _ table: Database, _ bytes: RawSpan) throws -> Int {
    var transaction = try environment.beginWrite()
    // expected-note@+1 {{conflicting access is here}}
    let value = try transaction.get(table, key: 1)
    // expected-error@+1 {{overlapping accesses to 'transaction'}}
    try transaction.put(table, key: 1, value: bytes)
    return value?.byteCount ?? 0
}

func copyWithin(_ environment: Environment, _ table: Database) throws {
    var transaction = try environment.beginWrite()
    // expected-note@+1 {{conflicting access is here}}
    guard let value = try transaction.get(table, key: 1) else { return }
    // expected-error@+1 {{overlapping accesses to 'transaction'}}
    try transaction.put(table, key: 2, value: value)
}

func deleteUnderCursor(_ environment: Environment, _ table: Database) throws {
    var transaction = try environment.beginWrite()
    // expected-note@+1 {{conflicting access is here}}
    var cursor = try transaction.cursor(table)
    while try cursor.next() {
        // expected-error@+1 {{overlapping accesses to 'transaction'}}
        try transaction.delete(table, key: cursor.integerKey)
    }
}
