internal import EventModel

/// Says that a thing concerns a person: by kind, what is open first, then the newest first.
///
///     key  'c', u64 customer, 'p', u8 kind, u8 0 open or 1 closed, i64 began in ms, inverted,
///          text name
///     row  u8 version = 2; u8 1 where the thing gives signals by itself
struct PlaceRow: RowRecord {
    static let kind = UInt8(ascii: "p")
    static let version: UInt8 = 2
    /// Where in a key the thing's name starts.
    static let nameOffset = CustomerKey.restOffset + 10

    /// Whether the thing gives signals by itself, so that who looks for some reads it; nil for no row.
    private(set) var givesSignals: Bool?

    init() {}

    init(_ place: SubjectTrace.Place) { givesSignals = place.givesSignals }

    var isEmpty: Bool { givesSignals == nil }

    static func writeKey(
        _ customer: CustomerID, _ kind: SubjectKind, _ place: SubjectTrace.Place,
        _ name: ArraySlice<UInt8>, to key: inout [UInt8]
    ) {
        writeStart(customer, kind, to: &key)
        key.append(place.isOpen ? 0 : 1)
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
        guard row.byteCount == 2, row[0] == Self.version else {
            throw MalformedBytes("place row", at: 0)
        }
        givesSignals = row[1] != 0
    }

    func encode(into row: inout [UInt8]) {
        guard let givesSignals else { return }
        row.append(Self.version)
        row.append(givesSignals ? 1 : 0)
    }
}
