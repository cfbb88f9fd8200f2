// A transaction is used up by its commit.
import LMDB

func commitTwice(_ environment: Environment) throws {
    // expected-error@+1 {{'transaction' consumed more than once}}
    let transaction = try environment.beginWrite()
    // expected-note@+1 {{consumed here}}
    try transaction.commit()
    // expected-note@+1 {{consumed again here}}
    try transaction.commit()
}

func writeAfterCommit(_ environment: Environment, _ table: Database) throws {
    // expected-error@+1 {{'transaction' used after consume}}
    var transaction = try environment.beginWrite()
    // expected-note@+1 {{consumed here}}
    try transaction.commit()
    // expected-note@+1 {{used here}}
    try transaction.delete(table, key: 1)
}

func readAfterPark(_ environment: Environment, _ table: Database) throws {
    // expected-error@+1 {{'transaction' used after consume}}
    let transaction = try environment.beginRead()
    // expected-note@+1 {{consumed here}}
    let parked = transaction.park()
    // expected-note@+1 {{used here}}
    _ = try transaction.contains(table, key: 1)
    _ = try parked.resume()
}

func resumeTwice(_ environment: Environment) throws {
    // expected-error@+1 {{'parked' consumed more than once}}
    let parked = try environment.beginRead().park()
    // expected-note@+1 {{consumed here}}
    _ = try parked.resume()
    // expected-note@+1 {{consumed again here}}
    _ = try parked.resume()
}
