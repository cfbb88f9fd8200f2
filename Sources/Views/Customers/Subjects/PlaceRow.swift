internal import EventModel

/// Says that a thing concerns a person: by kind, what matters first (`SubjectTrace.Place.rank`), then
/// the newest first.
///
///     key  'c', u64 customer, 'p', u8 kind, u8 rank, i64 began in ms, inverted, text name
///     row  u8 version = 3; u8 flags: 1 the thing gives signals by itself, 2 it is open
struct PlaceRow: RowRecord {
    static let kind = UInt8(ascii: "p")
    static let version: UInt8 = 3
    /// Where in a key the thing's name starts.
    static let nameOffset = CustomerKey.restOffset + 10

    /// Whether the thing gives signals by itself, so that who looks for some reads it; nil for no row.
    private(set) var givesSignals: Bool?
    /// Whether something is still to come of it.
    private(set) var isOpen = false

    init() {}

    init(_ place: SubjectTrace.Place) {
        givesSignals = place.givesSignals
        isOpen = place.isOpen
    }

    var isEmpty: Bool { givesSignals == nil }

    static func writeKey(
        _ customer: CustomerID, _ kind: SubjectKind, _ place: SubjectTrace.Place,
        _ name: ArraySlice<UInt8>, to key: inout [UInt8]
    ) {
        writeStart(customer, kind, to: &key)
        key.append(place.rank)
        key.append(keySigned: ~place.began.rawValue)
        unsafe key.append(name.span.bytes)
    }

    static func writeStart(
        _ customer: CustomerID, _ kind: SubjectKind, to key: inout [UInt8]
    ) {
        CustomerKey.begin(customer, Self.kind, to: &key)
        key.append(kind.rawValue)
    }

    init(row: RawSpan) throws(MalformedBytes) {
        guard row.byteCount == 2, row[0] == Self.version, row[1] < 4 else {
            throw MalformedBytes("place row", at: 0)
        }
        givesSignals = row[1] & 1 != 0
        isOpen = row[1] & 2 != 0
    }

    func encode(into row: inout [UInt8]) {
        guard let givesSignals else { return }
        row.append(Self.version)
        row.append((givesSignals ? 1 : 0) | (isOpen ? 2 : 0))
    }
}
