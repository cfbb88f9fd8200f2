internal import EventModel

/// Says that a person has, or may have, a signal from a moment on.
///
///     key  'g', u8 signal, i64 moment in ms, u64 customer, u8 kind of subject, text name
///     row  u8 version = 1; num position of the event behind it
///
/// The row is a function of one subject or interaction. What also depends on the reader's clock or
/// on other rows of the person is found out when it is read.
struct SignalRow: RowRecord {
    static let prefix = UInt8(ascii: "g")
    static let version: UInt8 = 1

    /// Where in a key the name of what it is about starts.
    static let nameOffset = 19

    private(set) var position: Position?

    init() {}

    init(position: Position) { self.position = position }

    var isEmpty: Bool { position == nil }

    static func writeKey(
        _ signal: Signal, _ customer: CustomerID, _ kind: SubjectKind, _ name: ArraySlice<UInt8>,
        to key: inout [UInt8]
    ) {
        writeStart(signal.kind, signal.moment, to: &key)
        key.append(bigEndian: customer.rawValue)
        key.append(kind.rawValue)
        unsafe key.append(name.span.bytes)
    }

    static func writeStart(_ kind: SignalKind, _ moment: Timestamp, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(kind.row.rawValue)
        key.append(keySigned: moment.rawValue)
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "signal row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("signal row version", at: 0)
        }
        position = Position(try reader.varint())
        guard reader.isAtEnd else { throw MalformedBytes("signal row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        guard let position else { return }
        row.append(Self.version)
        row.append(varint: position.rawValue)
    }
}

/// A signal that a subject gives, by itself.
struct Signal: Equatable {
    let kind: SignalKind
    /// The moment it counts from.
    let moment: Timestamp
    /// The event behind it.
    let position: Position
}
