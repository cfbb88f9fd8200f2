internal import EventModel

/// Says that an interaction has figures in a quarter of an hour, under whatever anchor: what is
/// told apart by more than queue and channel, and what stands behind a number, is read through it.
///
///     key  't', i32 quarter, text interaction
///     row  u8 version = 1
struct ContactIndexRow: RowRecord {
    static let prefix = UInt8(ascii: "t")
    private static let version: UInt8 = 1

    init() {}

    var isEmpty: Bool { false }

    init(row: RawSpan) throws(MalformedBytes) {
        guard row.byteCount == 1, row[0] == Self.version else {
            throw MalformedBytes("contact index row", at: 0)
        }
    }

    func encode(into row: inout [UInt8]) { row.append(Self.version) }

    /// Writes a key; the interaction's name is given as a text part of keys.
    static func writeKey(
        _ quarter: Int32, _ interaction: ArraySlice<UInt8>, of prefix: UInt8 = Self.prefix,
        to key: inout [UInt8]
    ) {
        writeStart(quarter, of: prefix, to: &key)
        key.append(contentsOf: interaction)
    }

    /// Writes the start of all keys of a quarter.
    static func writeStart(
        _ quarter: Int32, of prefix: UInt8 = Self.prefix, to key: inout [UInt8]
    ) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keySigned: quarter)
    }
}
