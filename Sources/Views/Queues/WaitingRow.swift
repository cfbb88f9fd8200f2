internal import ContactCentre
internal import EventModel

/// An interaction's place in the queue it waits in.
///
///     key  'w', text queue, i64 −priority, i64 first entry in ms, text interaction
///     row  u8 version = 2; int entered, ms UTC; int entered − first entry; int priority;
///          u8 channel, kind of stay, 1 = rings at an agent;
///          num count of customers, then each: num id; text? skills, language
///
/// In key order the next to be served comes first.
struct WaitingRow: RowRecord {
    static let prefix = UInt8(ascii: "w")
    static let version: UInt8 = 2

    struct Place: Equatable {
        var queue: String
        var priority: Int64
        var firstEntry: Timestamp
        var entered: Timestamp
        var channel: Channel
        var kind: StayKind
        var isRinging: Bool
        var customers: [CustomerID]
        var skills: String?
        var language: String?
        /// Whose feed told of it; it stands in `OldestRow`.
        var source: String?

        /// Returns the place of an interaction that waits, or nil.
        init?(_ record: borrowing InteractionRecord) {
            guard let open = record.interaction.openStay else { return nil }
            let stay = record.interaction.stays[open]
            queue = stay.queue
            priority = stay.priority
            firstEntry = stay.firstEntry
            entered = stay.entered
            channel = record.interaction.channel
            kind = stay.kind
            isRinging = record.interaction.state == .offering
            customers = record.customers
            skills = stay.skills
            language = stay.language
            source = record.interaction.teller
        }

        fileprivate init(
            _ reader: inout ByteReader, queue: String
        ) throws(MalformedBytes) {
            self.queue = queue
            entered = Timestamp(milliseconds: try reader.zigzag())
            let kept = try reader.zigzag()
            firstEntry = Timestamp(milliseconds: entered.rawValue &- kept)
            priority = try reader.zigzag()
            guard let channel = Channel(rawValue: try reader.byte()),
                let kind = StayKind(rawValue: try reader.byte()), entered >= .earliest,
                entered <= .latest
            else { throw MalformedBytes("waiting row", at: reader.offset) }
            self.channel = channel
            self.kind = kind
            isRinging = try reader.byte() != 0
            customers = []
            for _ in 0..<(try reader.count()) {
                customers.append(CustomerID(packed: try reader.varint()))
            }
            skills = try reader.optionalText()
            language = try reader.optionalText()
        }

        /// Whether both stand under the same key, for one interaction.
        func isSamePlace(_ other: Place) -> Bool {
            priority == other.priority && firstEntry == other.firstEntry && queue == other.queue
        }

        /// Writes the key; `interaction` is the text part of the interaction's own key.
        func writeKey(_ interaction: ArraySlice<UInt8>, to key: inout [UInt8]) {
            key.removeAll(keepingCapacity: true)
            key.append(WaitingRow.prefix)
            key.append(keyText: queue)
            key.append(keySigned: ~priority)
            key.append(keySigned: firstEntry.rawValue)
            key.append(contentsOf: interaction)
        }
    }

    var place: Place?

    init() {}

    init(_ place: Place) { self.place = place }

    var isEmpty: Bool { place == nil }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "waiting row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("waiting row version", at: 0)
        }
        // The queue stands in the key alone; whoever reads a row came by the key.
        place = try Place(&reader, queue: "")
        guard reader.isAtEnd else { throw MalformedBytes("waiting row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        guard let place else { return }
        row.append(Self.version)
        row.append(zigzag: place.entered.rawValue)
        row.append(zigzag: place.entered - place.firstEntry)
        row.append(zigzag: place.priority)
        row.append(place.channel.rawValue)
        row.append(place.kind.rawValue)
        row.append(place.isRinging ? 1 : 0)
        row.append(varint: UInt64(place.customers.count))
        for customer in place.customers { row.append(varint: customer.packed) }
        row.append(optionalText: place.skills)
        row.append(optionalText: place.language)
    }

    /// Returns where the interaction's name starts in a key.
    static func interactionOffset(inKeyOf queue: String) -> Int {
        QueueCounts.key(queue).count + 16
    }
}
