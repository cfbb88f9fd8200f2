// Nothing that outlives a transaction has room for what was read in it, nor an array for one.
import LMDB

// expected-note@+1 {{consider adding '~Escapable' to struct 'Holder'}}
struct Holder {
    // expected-error@+1 {{has non-Escapable type 'RawSpan'}}
    var value: RawSpan
}

// expected-error@+1 {{type 'ReadTransaction' does not conform to protocol 'Copyable'}}
func share(_ transaction: consuming ReadTransaction) -> [ReadTransaction] {
    [transaction]
}
