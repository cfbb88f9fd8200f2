internal import ContactCentre
internal import EventModel

/// An interaction that is open, by the hour of the last event that moved it: which of them have
/// been silent for long is found without looking at the others, and an event within the hour
/// changes no row.
///
///     key  't', i64 hour since 1970, text interaction
///     row  u8 version = 1
struct SilenceRow: RowRecord {
    static let prefix = UInt8(ascii: "t")
    private static let version: UInt8 = 1
    static let hourMilliseconds: Int64 = 3_600_000

    init() {}

    var isEmpty: Bool { false }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "open interaction row")
        guard try reader.byte() == Self.version, reader.isAtEnd else {
            throw MalformedBytes("open interaction row", at: 0)
        }
    }

    func encode(into row: inout [UInt8]) { row.append(Self.version) }

    /// The hour of an interaction's last event; nil for one that is not open.
    static func hour(of record: borrowing InteractionRecord) -> Int64? {
        let interaction = record.interaction
        guard interaction.state.isOpen, interaction.state != .none else { return nil }
        return hour(of: interaction.lastOccurred)
    }

    static func hour(of moment: Timestamp) -> Int64 {
        moment.rawValue.flooredQuotient(hourMilliseconds)
    }

    /// Writes the key; `interaction` is the text part of the interaction's own key.
    static func writeKey(
        _ hour: Int64, _ interaction: ArraySlice<UInt8>, to key: inout [UInt8]
    ) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keySigned: hour)
        key.append(contentsOf: interaction)
    }

    /// Where the interaction's name starts in a key.
    static let interactionOffset = 9
}
