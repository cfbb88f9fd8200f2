internal import EventModel

/// One order that counts.
struct Purchase: Equatable {
    let placed: Timestamp
    /// The event it was placed with; tells orders apart.
    let position: Position
    /// What is left of it after cancellations and refunds.
    let net: Money
    /// The shop it was placed at; empty where that was not said.
    var shop = ""

    static func precedes(_ left: Purchase, _ right: Purchase) -> Bool {
        (left.placed, left.position) < (right.placed, right.position)
    }
}

/// All orders of a person that count, oldest first: what stage, recency, frequency and value are
/// computed from.
///
///     key  'c', u64 customer, 'v'
///     row  u8 version = 2; num count, then each: int placed, ms UTC, and int position, as the
///          distances from the one before; int minor units; 3 bytes currency; text? shop, where it is
///          another than that of the one before
struct PurchasesRecord: RowRecord {
    static let kind = UInt8(ascii: "v")
    static let version: UInt8 = 2

    private(set) var purchases: [Purchase] = []

    init() {}

    var isEmpty: Bool { purchases.isEmpty }

    static func writeKey(_ customer: CustomerID, to key: inout [UInt8]) {
        CustomerKey.begin(customer, kind, to: &key)
    }

    mutating func insert(_ purchase: Purchase) {
        let place = purchases.firstIndex { Purchase.precedes(purchase, $0) }
        purchases.insert(purchase, at: place ?? purchases.count)
    }

    mutating func remove(_ purchase: Purchase) {
        purchases.removeAll { $0.position == purchase.position }
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "purchases row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("purchases row version", at: 0)
        }
        var placed: Int64 = 0
        var position: UInt64 = 0
        var shop = ""
        for _ in 0..<(try reader.count()) {
            placed &+= try reader.zigzag()
            position &+= UInt64(bitPattern: try reader.zigzag())
            let moment = Timestamp(milliseconds: placed)
            guard moment == moment.clamped else {
                throw MalformedBytes("purchases row", at: reader.offset)
            }
            let net = Money(
                minorUnits: try reader.zigzag(), currency: try reader.span(3).text())
            if let other = try reader.optionalText() { shop = other }
            purchases.append(
                Purchase(placed: moment, position: Position(position), net: net, shop: shop))
        }
        guard reader.isAtEnd else { throw MalformedBytes("purchases row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: UInt64(purchases.count))
        var last = (placed: Int64(0), position: UInt64(0))
        var shop = ""
        for purchase in purchases {
            row.append(zigzag: purchase.placed.rawValue - last.placed)
            row.append(zigzag: Int64(bitPattern: purchase.position.rawValue &- last.position))
            last = (purchase.placed.rawValue, purchase.position.rawValue)
            row.append(zigzag: purchase.net.minorUnits)
            row.append(contentsOf: purchase.net.currency.utf8.prefix(3))
            row.append(optionalText: purchase.shop == shop ? nil : purchase.shop)
            shop = purchase.shop
        }
    }
}
