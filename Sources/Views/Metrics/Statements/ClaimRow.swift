internal import ContactCentre
internal import EventModel

/// What a source says a figure is. It is kept for comparison and changes nothing.
///
///     key  'b', text source, i64 from, i64 to, text metric, text queue, u8 channel, text agent
///     row  u8 version = 1; num position; int value; num interactions, then each: text
///
/// The value of a count or of milliseconds is the figure itself, that of a share or a score is in
/// thousandths. A later claim takes the place of an earlier one.
struct ClaimRow: RowRecord, Equatable {
    static let prefix = UInt8(ascii: "b")
    private static let version: UInt8 = 1

    private(set) var position = Position.zero
    private(set) var value: Int64 = 0
    /// The contacts that the source counted, where it names them; in order, each once.
    private(set) var interactions: [String] = []

    init() {}

    var isEmpty: Bool { position == .zero }

    static func writeKey(_ event: borrowing EventView, to key: inout [UInt8]) -> Bool {
        guard let metric = event.bytes("metric"), let from = event.time("from"),
            let to = event.time("to")
        else { return false }
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keyText: event.source)
        key.append(keySigned: from.rawValue)
        key.append(keySigned: to.rawValue)
        key.append(keyText: metric)
        key.append(keyText: event.text("queue") ?? "")
        key.append((event.word("channel", Channel.self) ?? .unknown).rawValue)
        key.append(keyText: event.text("agent") ?? "")
        return true
    }

    mutating func take(_ event: borrowing EventView) {
        guard event.position > position, let claimed = event.integer("value") else { return }
        position = event.position
        value = claimed
        let names = event.list("interactions")
        interactions = []
        for name in names.sorted() where name != interactions.last && !name.isEmpty {
            guard interactions.count < MetricLimits.claimedContactsMax else { break }
            interactions.append(name)
        }
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "claim row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("claim row version", at: 0)
        }
        position = Position(try reader.varint())
        value = try reader.zigzag()
        for _ in 0..<(try reader.count()) { interactions.append(try reader.text()) }
        guard reader.isAtEnd else { throw MalformedBytes("claim row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: position.rawValue)
        row.append(zigzag: value)
        row.append(varint: UInt64(interactions.count))
        for interaction in interactions { row.append(text: interaction) }
    }
}

/// What a claim is about, read off its key.
struct Claim {
    var from: Timestamp
    var to: Timestamp
    var metric: String
    var queue: String
    var channel: Channel
    var agent: String
    var row: ClaimRow

    init(key: RawSpan, sourceEnd: Int, row: RawSpan) throws(ViewFault) {
        from = Timestamp(
            milliseconds: Int64(bitPattern: try key.keyNumber(at: sourceEnd) ^ 1 << 63))
        to = Timestamp(
            milliseconds: Int64(bitPattern: try key.keyNumber(at: sourceEnd + 8) ^ 1 << 63))
        let (metric, metricEnd) = try key.keyText(at: sourceEnd + 16)
        let (queue, queueEnd) = try key.keyText(at: metricEnd)
        guard key.byteCount > queueEnd, let channel = Channel(rawValue: key[queueEnd]) else {
            throw .damaged(MalformedBytes("claim key", at: queueEnd))
        }
        self.metric = metric
        self.queue = queue
        self.channel = channel
        agent = try key.keyText(at: queueEnd + 1).text
        self.row = try ClaimRow.decoded(row)
    }

    /// Whether the source named the contacts that it counted.
    var namesContacts: Bool { !row.interactions.isEmpty }

    /// Returns a source's claims about intervals that lie within a window and are wanted, by when
    /// these begin, and whether those are all.
    static func all<Reader: ViewReader & ~Copyable>(
        of source: String, from: Timestamp, to: Timestamp, in reader: borrowing Reader,
        where isWanted: (Claim) -> Bool
    ) throws(ViewFault) -> (claims: [Claim], isWhole: Bool) {
        var start = [ClaimRow.prefix]
        start.append(keyText: source)
        let sourceEnd = start.count
        var end = start
        start.append(keySigned: from.rawValue)
        end.append(keySigned: to.rawValue)
        var claims: [Claim] = []
        var (read, named, isWhole) = (0, 0, true)
        try reader.rows(from: start, below: end) { key, row throws(ViewFault) in
            let claim = try Claim(key: key, sourceEnd: sourceEnd, row: row)
            let isTaken = claim.to <= to && isWanted(claim)
            read += 1
            named += claim.row.interactions.count
            isWhole =
                read <= MetricLimits.claimsLookedAtMax
                && named <= MetricLimits.claimedContactsReadMax
                && !(isTaken && claims.count == MetricLimits.claimsReadMax)
            if isWhole, isTaken { claims.append(claim) }
            return isWhole
        }
        return (claims, isWhole)
    }
}
