internal import ContactCentre
internal import EventModel

/// One line about an interaction in the history of a person.
///
///     key  'c', u64 customer, 't', i64 started in ms, text interaction
///     row  u8 version = 3; u8 channel, state, resolution?; u8 flags (`Flags`);
///          text? queue, agent; int started, ms UTC; int last − started; where it came to
///          nothing int lost − started; num? wait ms;
///          num position of the last event; with the flag for it: int first unanswered message −
///          started, its position as the signed distance from the last
///
/// In key order the oldest comes first; a document reads them backward.
struct TouchpointRow: RowRecord {
    static let kind = UInt8(ascii: "t")
    static let version: UInt8 = 3

    /// What else is so, a bit each.
    struct Flags: OptionSet {
        let rawValue: UInt8

        /// The customer came to us with it, and it is no leg of another.
        static let inbound = Flags(rawValue: 1)
        /// They were handed on to it by one of ours or by the flow: it is a leg of a contact that came
        /// in.
        static let leg = Flags(rawValue: 2)
        /// They gave up before anybody answered, whatever was said of it afterwards.
        static let gaveUp = Flags(rawValue: 4)
        /// The talk broke.
        static let dropped = Flags(rawValue: 8)
        /// A message of theirs waits for an answer, and nobody has ended the contact.
        static let unanswered = Flags(rawValue: 16)

        /// The customer got nowhere: gave up, or the line broke.
        var isLost: Bool { !isDisjoint(with: [.gaveUp, .dropped]) }
    }

    struct Touchpoint: Equatable {
        var started: Timestamp
        var channel: Channel
        var state: InteractionState
        var resolution: Resolution?
        var flags: Flags
        var queue: String?
        var agent: String?
        var last: Timestamp
        /// When the customer was gone, where they got nowhere: work behind it may take long.
        var lost: Timestamp?
        var waitMilliseconds: Int64?
        /// The last event that moved it.
        var position: Position
        /// The first message that waits for an answer, while somebody should give one.
        var unanswered: Messages.Unanswered?

        var isInbound: Bool { flags.contains(.inbound) }

        /// Returns the line of an interaction, or nil for what is no part of anybody's journey.
        init?(_ interaction: borrowing Interaction) {
            guard interaction.state != .none, interaction.classification.isCounted else {
                return nil
            }
            started = interaction.created
            channel = interaction.channel
            state = interaction.state
            resolution = interaction.resolution
            unanswered = interaction.awaitedAnswer
            flags = Self.flags(interaction)
            queue = interaction.queue.isEmpty ? nil : interaction.queue
            agent = interaction.connections.last?.agent
            last = interaction.lastOccurred
            if flags.isLost { lost = interaction.lostAt ?? last }
            waitMilliseconds = interaction.stays.last?.waitMilliseconds
            position = interaction.lastPosition
        }

        private static func flags(_ interaction: borrowing Interaction) -> Flags {
            var flags: Flags = []
            if interaction.isContact {
                if interaction.direction != .outbound { flags.insert(.inbound) }
            } else if interaction.isHandedOn {
                flags.insert(.leg)
            }
            if interaction.isGivenUp { flags.insert(.gaveUp) }
            if interaction.isDropped { flags.insert(.dropped) }
            if interaction.awaitedAnswer != nil { flags.insert(.unanswered) }
            return flags
        }
    }

    var touchpoint: Touchpoint?

    init() {}

    var isEmpty: Bool { touchpoint == nil }

    init(_ touchpoint: Touchpoint) { self.touchpoint = touchpoint }

    /// Writes a key; `interaction` is the text part of the interaction's own key.
    static func writeKey(
        _ customer: CustomerID, _ started: Timestamp, _ interaction: ArraySlice<UInt8>,
        to key: inout [UInt8]
    ) {
        unsafe writeKey(customer, started, interaction.span.bytes, to: &key)
    }

    static func writeKey(
        _ customer: CustomerID, _ started: Timestamp, _ interaction: RawSpan,
        to key: inout [UInt8]
    ) {
        CustomerKey.begin(customer, kind, to: &key)
        key.append(keySigned: started.rawValue)
        key.append(interaction)
    }

    /// Returns the start of all keys of a customer.
    static func start(_ customer: CustomerID) -> [UInt8] { CustomerKey.start(customer, kind) }

    /// Where in a key the interaction's name starts.
    static let interactionOffset = CustomerKey.restOffset + 8

    init(row: RawSpan) throws(MalformedBytes) {
        touchpoint = Touchpoint(try TouchpointLine(row: row))
    }

    func encode(into row: inout [UInt8]) {
        guard let touchpoint else { return }
        row.append(Self.version)
        touchpoint.encode(into: &row)
    }
}

extension Interaction {
    /// Whether the customer gave up before anybody answered, whatever was said of it afterwards.
    var isGivenUp: Bool { abandonPhase != nil && connections.isEmpty }

    /// When the customer was gone, where they got nowhere; nil where that is not known.
    var lostAt: Timestamp? {
        if isDropped { return connections.last?.ended }
        guard isGivenUp else { return nil }
        return stays.last?.outcome == .abandoned ? stays.last?.ended : ended
    }

    /// Whether it is a leg of a contact that came in, to which the customer was handed on.
    var isHandedOn: Bool {
        guard !isContact, direction != .outbound else { return false }
        switch method {
        case .transfer, .queueTransfer, .inbound, nil: return true
        case .callback, .monitor, .consult, .outbound, .api, .afterDisconnect, .webhook:
            return false
        }
    }

    /// The message that waits for an answer: while it is open, or where silence alone ended it.
    var awaitedAnswer: Messages.Unanswered? {
        state.isOpen || endInferredIn != nil ? messages.unanswered : nil
    }
}

extension TouchpointRow.Touchpoint {
    fileprivate init(_ line: borrowing TouchpointLine) {
        started = line.started
        channel = line.channel
        state = line.state
        resolution = line.resolution
        flags = line.flags
        unanswered = line.unanswered
        queue = line.queue?.text()
        agent = line.agent?.text()
        last = line.last
        lost = line.lost
        waitMilliseconds = line.waitMilliseconds
        position = line.position
    }

    fileprivate func encode(into row: inout [UInt8]) {
        row.append(channel.rawValue)
        row.append(state.rawValue)
        row.append(resolution.map { $0.rawValue + 1 } ?? 0)
        row.append(flags.rawValue)
        row.append(optionalText: queue)
        row.append(optionalText: agent)
        row.append(zigzag: started.rawValue)
        row.append(zigzag: last - started)
        if flags.isLost { row.append(zigzag: (lost ?? last) - started) }
        row.append(varint: waitMilliseconds.map { UInt64(bitPattern: $0) &+ 1 } ?? 0)
        row.append(varint: position.rawValue)
        guard let unanswered else { return }
        row.append(zigzag: unanswered.occurred - started)
        row.append(zigzag: Int64(bitPattern: unanswered.position.rawValue &- position.rawValue))
    }
}

/// Says that an interaction of a person is open, and where its touchpoint stands.
///
///     key  'c', u64 customer, 'o', text interaction
///     row  u8 version = 1; int started, ms UTC
struct OpenRow: RowRecord {
    static let kind = UInt8(ascii: "o")
    static let version: UInt8 = 1

    var started: Timestamp?

    init() {}

    init(started: Timestamp?) { self.started = started }

    static func writeKey(
        _ customer: CustomerID, _ interaction: ArraySlice<UInt8>, to key: inout [UInt8]
    ) {
        CustomerKey.begin(customer, kind, to: &key)
        unsafe key.append(interaction.span.bytes)
    }

    var isEmpty: Bool { started == nil }

    /// Returns the start of all keys of a customer.
    static func start(_ customer: CustomerID) -> [UInt8] { CustomerKey.start(customer, kind) }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "open row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("open row version", at: 0)
        }
        started = Timestamp(milliseconds: try reader.zigzag())
        guard reader.isAtEnd else { throw MalformedBytes("open row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        guard let started else { return }
        row.append(Self.version)
        row.append(zigzag: started.rawValue)
    }
}
