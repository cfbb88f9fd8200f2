internal import ContactCentre
internal import EventModel

/// An interaction of a person, by when it began: what else they have open, and how often they
/// have tried.
///
///     key  'o', u64 customer, i64 created in ms, text interaction
///     row  u8 version = 1; u8 flags: 1 = open, 2 = the customer reached out
struct PersonRow: RowRecord, Equatable {
    static let prefix = UInt8(ascii: "o")
    private static let version: UInt8 = 1

    /// Where an interaction stands for all the people it concerns.
    struct Place: Equatable {
        var customers: [CustomerID]
        var created: Timestamp
        var row: PersonRow

        /// Returns nil for an interaction that concerns nobody.
        init?(_ record: borrowing InteractionRecord) {
            guard !record.customers.isEmpty, record.interaction.state != .none else { return nil }
            customers = record.customers
            created = record.interaction.created
            row = PersonRow()
            row.isOpen = record.interaction.state.isOpen
            row.isInbound =
                record.interaction.isContact && record.interaction.direction != .outbound
        }

        /// Writes the key; `interaction` is the text part of the interaction's own key.
        func writeKey(
            _ customer: CustomerID, _ interaction: ArraySlice<UInt8>, to key: inout [UInt8]
        ) {
            PersonRow.writeStart(customer, from: created, to: &key)
            key.append(contentsOf: interaction)
        }
    }

    var isOpen = false
    /// Whether it counts as a try of the customer's: no leg of ours, no call of ours.
    var isInbound = false

    init() {}

    var isEmpty: Bool { false }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "person's interaction row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("person's interaction row version", at: 0)
        }
        let flags = try reader.byte()
        isOpen = flags & 1 != 0
        isInbound = flags & 2 != 0
        guard reader.isAtEnd else {
            throw MalformedBytes("person's interaction row", at: reader.offset)
        }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append((isOpen ? 1 : 0) | (isInbound ? 2 : 0))
    }

    /// Writes where a person's interactions from a moment on begin.
    static func writeStart(
        _ customer: CustomerID, from created: Timestamp, to key: inout [UInt8]
    ) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(bigEndian: customer.rawValue)
        key.append(keySigned: created.rawValue)
    }

    /// Where the interaction's name starts in a key.
    static let interactionOffset = 17
}
