internal import ContactCentre
internal import EventModel

/// What one interaction has an agent do.
///
///     key  'a', text agent, text interaction
///     row  u8 version = 1; u8 kind, channel; text queue; int since, ms UTC;
///          num count of customers, then each: num id
struct AgentWork: RowRecord, Equatable {
    static let prefix = UInt8(ascii: "a")
    private static let version: UInt8 = 1

    /// Stands in the key alone; whoever reads a row came by the key.
    var agent = ""
    var kind = AgentWorkKind.ringing
    var channel = Channel.unknown
    var queue = ""
    var since = Timestamp.earliest
    var customers: [CustomerID] = []

    init() {}

    var isEmpty: Bool { false }

    /// Returns all work that an interaction makes: one line for each agent.
    static func all(of record: borrowing InteractionRecord) -> [AgentWork] {
        let interaction = record.interaction
        switch interaction.state {
        case .offering: return ringing(interaction, record.customers)
        case .connected, .held:
            guard let open = interaction.openConnection else { return [] }
            let connection = interaction.connections[open]
            guard !connection.agent.isEmpty else { return [] }
            let began = connection.connected ?? connection.accepted ?? interaction.lastOccurred
            return [
                AgentWork(
                    connection.agent, interaction.state == .held ? .held : .connected,
                    interaction.channel, connection.queue, connection.holdStarted ?? began,
                    record.customers)
            ]
        case .wrapUp:
            guard let last = interaction.connections.last, !last.agent.isEmpty else { return [] }
            return [
                AgentWork(
                    last.agent, .wrapUp, interaction.channel, last.queue,
                    interaction.wrapUpStarted ?? interaction.lastOccurred, record.customers)
            ]
        default: return []
        }
    }

    /// One line for each agent it rings at, however often.
    private static func ringing(
        _ interaction: Interaction, _ customers: [CustomerID]
    ) -> [AgentWork] {
        var work: [AgentWork] = []
        let queue = interaction.openStay.map { interaction.stays[$0].queue } ?? interaction.queue
        for offer in interaction.ringing
        where !offer.agent.isEmpty && !work.contains(where: { $0.agent == offer.agent }) {
            work.append(
                AgentWork(
                    offer.agent, .ringing, interaction.channel, queue, offer.made, customers))
        }
        return work
    }

    private init(
        _ agent: String, _ kind: AgentWorkKind, _ channel: Channel, _ queue: String,
        _ since: Timestamp, _ customers: [CustomerID]
    ) {
        self.agent = agent
        self.kind = kind
        self.channel = channel
        self.queue = queue
        self.since = since
        self.customers = customers
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "agent's work row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("agent's work row version", at: 0)
        }
        kind = try reader.word(AgentWorkKind.self)
        channel = try reader.word(Channel.self)
        queue = try reader.text()
        since = try reader.moment()
        for _ in 0..<(try reader.count()) {
            customers.append(CustomerID(packed: try reader.varint()))
        }
        guard reader.isAtEnd else { throw MalformedBytes("agent's work row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(kind.rawValue)
        row.append(channel.rawValue)
        row.append(text: queue)
        row.append(zigzag: since.rawValue)
        row.append(varint: UInt64(customers.count))
        for customer in customers { row.append(varint: customer.packed) }
    }

    /// Writes the key; `interaction` is the text part of the interaction's own key.
    func writeKey(_ interaction: ArraySlice<UInt8>, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(Self.prefix)
        key.append(keyText: agent)
        key.append(contentsOf: interaction)
    }
}
