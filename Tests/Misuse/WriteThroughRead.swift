// A read transaction has no way to write, a parked one no way to read.
import LMDB

func write(_ environment: Environment, _ table: Database) throws {
    var transaction = try environment.beginRead()
    // expected-error@+1 {{value of type 'ReadTransaction' has no member 'delete'}}
    try transaction.delete(table, key: 1)
    // expected-error@+1 {{value of type 'ReadTransaction' has no member 'clear'}}
    try transaction.clear(table)
    // expected-error@+1 {{value of type 'ReadTransaction' has no member 'commit'}}
    try transaction.commit()
}

func read(_ parked: borrowing ParkedReadTransaction, _ table: Database) throws {
    // expected-error@+1 {{value of type 'ParkedReadTransaction' has no member 'get'}}
    _ = try parked.get(table, key: 1)
}

func writeBorrowed(_ transaction: borrowing WriteTransaction, _ table: Database) throws {
    // expected-error@+1 {{cannot use mutating member on immutable value: 'transaction' is a 'let' constant}}
    try transaction.delete(table, key: 1)
}
