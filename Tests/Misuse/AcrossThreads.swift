// A transaction neither spans an await nor is shared between threads.
import LMDB

func begin(_ environment: Environment) async throws {
    // expected-error@+1 {{'beginRead' is unavailable from asynchronous contexts}}
    let transaction = try environment.beginRead()
    // expected-error@+1 {{'beginWrite' is unavailable from asynchronous contexts}}
    let writer = try environment.beginWrite()
    // expected-error@+1 {{'commit' is unavailable from asynchronous contexts}}
    try writer.commit()
    // expected-error@+1 {{'park' is unavailable from asynchronous contexts}}
    let parked = transaction.park()
    // expected-error@+1 {{'resume' is unavailable from asynchronous contexts}}
    _ = try parked.resume()
}

func share(_ transaction: borrowing ReadTransaction) {
    // expected-error@+1 {{type 'ReadTransaction' does not conform to the 'Sendable' protocol}}
    requireSendable(transaction)
}

func share(_ transaction: borrowing WriteTransaction) {
    // expected-error@+1 {{type 'WriteTransaction' does not conform to the 'Sendable' protocol}}
    requireSendable(transaction)
}

func requireSendable<T: Sendable & ~Copyable>(_: borrowing T) {}
