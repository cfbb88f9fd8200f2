// A transaction, a parked one and a cursor have one owner each.
import LMDB

func copyRead(_ environment: Environment) throws {
    // expected-error@+1 {{'transaction' used after consume}}
    let transaction = try environment.beginRead()
    // expected-note@+1 {{consumed here}}
    let copy = transaction
    // expected-note@+1 {{used here}}
    _ = transaction.number
    _ = copy.number
}

// expected-error@+1 {{'transaction' is borrowed and cannot be consumed}}
func copyWrite(_ transaction: borrowing WriteTransaction) throws {
    // expected-note@+1 {{consumed here}}
    let copy = transaction
    try copy.commit()
}

// expected-error@+1 {{'parked' is borrowed and cannot be consumed}}
func copyParked(_ parked: borrowing ParkedReadTransaction) {
    // expected-note@+1 {{consumed here}}
    let copy = parked
    _ = consume copy
}

func copyCursor(_ transaction: borrowing ReadTransaction, _ table: Database) throws {
    // expected-error@+1 {{'cursor' used after consume}}
    let cursor = try transaction.cursor(table)
    // expected-note@+1 {{consumed here}}
    let copy = cursor
    // expected-note@+1 {{used here}}
    _ = cursor.isOnPair
    _ = copy.isOnPair
}
