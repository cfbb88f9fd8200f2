// Right code with an error expected in it: the check has to fail on this file, which proves that
// it can.
import LMDB

func read(_ environment: Environment, _ table: Database) throws -> Bool {
    let transaction = try environment.beginRead()
    return try transaction.contains(table, key: 1)  // expected-error {{used after consume}}
}
