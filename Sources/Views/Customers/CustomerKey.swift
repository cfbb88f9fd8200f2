internal import EventModel

/// Where what is kept of a customer stands: all of it behind each other, so that what an event of
/// theirs changes lies on one page of the view or on two, and what a card reads too.
///
///     key  'c', u64 customer                       CustomerRecord
///          'c', u64 customer, u8 kind of row …     drawn beside each of the other types
enum CustomerKey {
    static let prefix = UInt8(ascii: "c")
    /// Where the kind of row stands.
    static let kindOffset = 9
    /// Where what else a key says begins.
    static let restOffset = 10

    /// Begins the key of a row of a kind.
    @inline(__always)
    static func begin(_ customer: CustomerID, _ kind: UInt8, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(bigEndian: customer.rawValue)
        key.append(kind)
    }

    /// Returns the start of all keys of a customer's rows of a kind.
    static func start(_ customer: CustomerID, _ kind: UInt8) -> [UInt8] {
        var key: [UInt8] = []
        begin(customer, kind, to: &key)
        return key
    }
}
