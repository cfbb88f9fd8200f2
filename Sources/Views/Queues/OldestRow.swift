internal import ContactCentre
internal import EventModel

/// A wait by its age: whose wait is the longest is asked with every look at a queue.
///
///     key  'e', text queue, i64 entered in ms, text interaction
///     row  u8 version = 1; text? source
struct OldestRow: RowRecord {
    static let prefix = UInt8(ascii: "e")
    private static let version: UInt8 = 1

    /// The source of the interaction; a wait is unknown while its source is silent.
    var source: String?

    init() {}

    init(source: String?) { self.source = source }

    var isEmpty: Bool { false }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "wait by age row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("wait by age row version", at: 0)
        }
        source = try reader.optionalText()
        guard reader.isAtEnd else { throw MalformedBytes("wait by age row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(optionalText: source)
    }

    /// Writes the key; `interaction` is the text part of the interaction's own key.
    static func writeKey(
        _ place: WaitingRow.Place, _ interaction: ArraySlice<UInt8>, to key: inout [UInt8]
    ) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keyText: place.queue)
        key.append(keySigned: place.entered.rawValue)
        key.append(contentsOf: interaction)
    }
}
