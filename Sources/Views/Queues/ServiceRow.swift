internal import ContactCentre
internal import EventModel

/// An interaction that is with an agent now, under its queue.
///
///     key  's', text queue, text interaction
///     row  u8 version = 1; text queue, agent; int since, ms UTC; u8 channel, 1 = on hold;
///          num count of customers, then each: num id
struct ServiceRow: RowRecord {
    static let prefix = UInt8(ascii: "s")
    static let version: UInt8 = 1

    struct Place: Equatable {
        var queue: String
        var agent: String
        var since: Timestamp
        var channel: Channel
        var isHeld: Bool
        var customers: [CustomerID]

        /// Returns the place of an interaction that is with an agent, or nil.
        init?(_ record: borrowing InteractionRecord) {
            guard let open = record.interaction.openConnection else { return nil }
            let connection = record.interaction.connections[open]
            queue = connection.queue
            agent = connection.agent
            since =
                connection.connected ?? connection.accepted ?? record.interaction.lastOccurred
            channel = record.interaction.channel
            isHeld = connection.holdStarted != nil
            customers = record.customers
        }

        fileprivate init(_ reader: inout ByteReader) throws(MalformedBytes) {
            queue = try reader.text()
            agent = try reader.text()
            since = Timestamp(milliseconds: try reader.zigzag())
            guard let channel = Channel(rawValue: try reader.byte()), since >= .earliest,
                since <= .latest
            else { throw MalformedBytes("service row", at: reader.offset) }
            self.channel = channel
            isHeld = try reader.byte() != 0
            customers = []
            for _ in 0..<(try reader.count()) {
                customers.append(CustomerID(packed: try reader.varint()))
            }
        }
    }

    var place: Place?

    init() {}

    init(_ place: Place) { self.place = place }

    var isEmpty: Bool { place == nil }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "service row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("service row version", at: 0)
        }
        place = try Place(&reader)
        guard reader.isAtEnd else { throw MalformedBytes("service row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        guard let place else { return }
        row.append(Self.version)
        row.append(text: place.queue)
        row.append(text: place.agent)
        row.append(zigzag: place.since.rawValue)
        row.append(place.channel.rawValue)
        row.append(place.isHeld ? 1 : 0)
        row.append(varint: UInt64(place.customers.count))
        for customer in place.customers { row.append(varint: customer.packed) }
    }

    /// Writes the key; `interaction` is the text part of the interaction's own key.
    static func writeKey(
        _ queue: String, _ interaction: ArraySlice<UInt8>, to key: inout [UInt8]
    ) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keyText: queue)
        key.append(contentsOf: interaction)
    }
}
