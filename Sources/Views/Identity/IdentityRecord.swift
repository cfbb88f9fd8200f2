internal import EventModel

/// Whom an identifier belonged to, from which position on.
///
///     key  'i', text kind, text value
///     row  u8 version = 1; num count of intervals, then each:
///          num position it begins at, as the distance from the one before; num customer
///
/// An interval ends where the next begins; the last is open. Example, founded by event 300:
///
///     01 01 ac02 ac02
struct IdentityRecord: RowRecord {
    static let prefix = UInt8(ascii: "i")
    static let version: UInt8 = 1
    static var keptRowsMax: Int { ViewLimits.keptSmallRowsMax }

    struct Interval: Equatable {
        var since: Position
        var customer: CustomerID
    }

    /// The first interval, beside the key in memory: hardly an identifier has another.
    private var first: Interval?
    private var later: [Interval] = []

    init() {}

    /// Whom it belongs to from a position on, and always did.
    init(_ customer: CustomerID, since: Position) {
        first = Interval(since: since, customer: customer)
    }

    var isEmpty: Bool { first == nil }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "identity row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("identity row version", at: 0)
        }
        var since: UInt64 = 0
        for _ in 0..<(try reader.count()) {
            since &+= try reader.varint()
            let customer = CustomerID(rawValue: try reader.varint())
            let interval = Interval(since: Position(since), customer: customer)
            if first == nil { first = interval } else { later.append(interval) }
        }
        guard reader.isAtEnd else { throw MalformedBytes("identity row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        guard let first else { return row.append(varint: 0) }
        row.append(varint: UInt64(1 + later.count))
        row.append(varint: first.since.rawValue)
        row.append(varint: first.customer.rawValue)
        var last = first.since.rawValue
        for interval in later {
            row.append(varint: interval.since.rawValue - last)
            row.append(varint: interval.customer.rawValue)
            last = interval.since.rawValue
        }
    }

    /// Returns whom an identifier belonged to at a position by its row, or nil before the first
    /// interval.
    static func customer(
        inRow row: RawSpan, asOf position: Position
    ) throws(MalformedBytes) -> CustomerID? {
        var reader = ByteReader(row, of: "identity row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("identity row version", at: 0)
        }
        var since: UInt64 = 0
        var found: CustomerID?
        for _ in 0..<(try reader.count()) {
            since &+= try reader.varint()
            let customer = CustomerID(rawValue: try reader.varint())
            if Position(since) <= position { found = customer }
        }
        guard reader.isAtEnd else { throw MalformedBytes("identity row", at: reader.offset) }
        return found
    }

    /// Returns whom it belonged to at a position, or nil before the first interval.
    func customer(asOf position: Position) -> CustomerID? {
        if let found = later.last(where: { $0.since <= position }) { return found.customer }
        return first.flatMap { $0.since <= position ? $0.customer : nil }
    }

    static func writeKey(_ kind: RawSpan, _ value: RawSpan, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keyText: kind)
        key.append(keyText: value)
    }
}
