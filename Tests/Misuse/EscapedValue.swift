// What a transaction has read does not outlive it, nor does a cursor.
import LMDB

@_lifetime(borrow table)
func returned(_ environment: Environment, _ table: borrowing Database) throws -> RawSpan? {
    // expected-note@+1 {{it depends on the lifetime of variable 'transaction'}}
    let transaction = try environment.beginRead()
    // expected-error@+2 {{lifetime-dependent value escapes its scope}}
    // expected-note@+1 {{this use causes the lifetime-dependent value to escape}}
    return try transaction.get(table, key: 1)
}

@_lifetime(borrow table)
func returnedCursor(_ environment: Environment, _ table: borrowing Database) throws -> Cursor {
    // expected-note@+1 {{it depends on the lifetime of variable 'transaction'}}
    let transaction = try environment.beginRead()
    // expected-error@+2 {{lifetime-dependent value escapes its scope}}
    // expected-note@+1 {{this use causes the lifetime-dependent value to escape}}
    return try transaction.cursor(table)
}

func assigned(_ environment: Environment, _ table: Database) throws -> Int {
    // expected-error@+1 {{lifetime-dependent variable 'kept' escapes its scope}}
    var kept: RawSpan?
    do {
        // expected-note@+1 {{it depends on the lifetime of variable 'transaction'}}
        let transaction = try environment.beginRead()
        kept = try transaction.get(table, key: 1)
    }
    // expected-note@+1 {{this use of the lifetime-dependent value is out of scope}}
    return kept?.byteCount ?? 0
}

func keptByScan(_ transaction: borrowing ReadTransaction, _ table: Database) throws -> Int {
    // expected-error@+1 {{lifetime-dependent variable 'kept' escapes its scope}}
    var kept: RawSpan?
    // expected-note@+1 {{it depends on the lifetime of argument 'value'}}
    try transaction.forEach(in: table) { _, value in
        kept = value
        // expected-note@+1 {{this use causes the lifetime-dependent value to escape}}
        return true
    }
    return kept?.byteCount ?? 0
}
