internal import ContactCentre
internal import EventModel

/// Offers of an interaction to agents, told apart by agent and by the stay they were made in: whose
/// work they are, and which queue's.
///
///     each entry:   u16 sparse: stay, made, accepted, rings, rejected, missed, rescinded, failed, abandoned;
///                   text agent; each ring: num milliseconds
///     each ringing: text agent, num stay, u64 hash of the offer's name, int made
///     each rung:    num which entry, int made, num milliseconds until its outcome
///
/// How many there are of these stands in the list of `ContactDetails`.
struct ContactOffers: Equatable {
    /// What was offered to one agent in one stay.
    struct Entry: Equatable {
        var agent: String
        /// Which of the stays, counted from 1; 0 outside of any.
        var stay: Int
        var outcomes = OfferOutcomes()
        /// How long it rang before each acceptance, in milliseconds.
        var rings: [Int64] = []
    }

    /// An offer that has no outcome yet.
    struct Ringing: Equatable {
        var agent: String
        var stay: Int
        /// A hash of its name; 0 without one.
        var offer: UInt64
        var made: Timestamp
    }

    /// From when to when an offer rang, as far as offers tell.
    struct Rung: Equatable {
        /// Which of the entries it is of.
        var entry: Int
        var made: Timestamp
        var milliseconds: Int64
    }

    var entries: [Entry] = []
    /// The first made first.
    var ringing: [Ringing] = []
    /// Those that have an outcome, the first ones.
    var rung: [Rung] = []

    mutating func make(_ event: borrowing EventView, in stay: Int) {
        guard ringing.count < MetricLimits.ringingMax else { return }
        let agent = event.text("agent") ?? ""
        ringing.append(
            Ringing(
                agent: agent, stay: stay, offer: event.hash("offer_id") ?? 0, made: event.occurred))
        entries[place(of: agent, stay)].outcomes.made += 1
    }

    mutating func accept(_ event: borrowing EventView) {
        guard let offer = endRinging(event) else { return }
        let place = place(of: offer.agent, offer.stay)
        entries[place].outcomes.accepted += 1
        entries[place].rings.append(max(0, event.occurred - offer.made))
        note(offer, place, until: event.occurred)
    }

    /// Ends an offer that came to nothing; of one that nobody told of, the end counts alone.
    mutating func end(_ event: borrowing EventView, as kind: LifecycleEvent, in stay: Int) {
        let offer = endRinging(event)
        let agent = offer?.agent ?? event.text("agent") ?? ""
        let place = place(of: agent, offer?.stay ?? stay)
        entries[place].outcomes.count(kind)
        if let offer { note(offer, place, until: event.occurred) }
    }

    /// The customer gave up while it rang.
    mutating func abandon(at moment: Timestamp) {
        for offer in ringing {
            let place = place(of: offer.agent, offer.stay)
            entries[place].outcomes.abandoned += 1
            note(offer, place, until: moment)
        }
        ringing.removeAll()
    }

    private mutating func note(_ offer: Ringing, _ entry: Int, until moment: Timestamp) {
        guard rung.count < MetricLimits.rungMax else { return }
        rung.append(
            Rung(entry: entry, made: offer.made, milliseconds: max(0, moment - offer.made)))
    }

    /// Takes the offer that an outcome is about from those that ring: by its name, else by its agent.
    private mutating func endRinging(_ event: borrowing EventView) -> Ringing? {
        var index: Int?
        if let offer = event.hash("offer_id") {
            index = ringing.firstIndex { $0.offer == offer }
        }
        if index == nil, let agent = event.bytes("agent") {
            index = ringing.firstIndex { agent.equals($0.agent) }
        }
        return index.map { ringing.remove(at: $0) }
    }

    private mutating func place(of agent: String, _ stay: Int) -> Int {
        if let known = entries.firstIndex(where: { $0.stay == stay && $0.agent == agent }) {
            return known
        }
        guard entries.count < MetricLimits.offeredAgentsMax || agent.isEmpty else {
            // Of more agents than are kept the offers are nobody's.
            return place(of: "", stay)
        }
        entries.append(Entry(agent: agent, stay: stay))
        return entries.count - 1
    }

    mutating func readEntry(_ reader: inout ByteReader) throws(MalformedBytes) {
        var list = NumberListReader()
        try list.begin(maskBytes: 2, &reader)
        func number(_ reader: inout ByteReader) throws(MalformedBytes) -> Int {
            Int(clamping: try list.next(&reader))
        }
        var entry = Entry(agent: "", stay: try number(&reader))
        entry.outcomes.made = try number(&reader)
        entry.outcomes.accepted = try number(&reader)
        let rings = try number(&reader)
        entry.outcomes.rejected = try number(&reader)
        entry.outcomes.missed = try number(&reader)
        entry.outcomes.rescinded = try number(&reader)
        entry.outcomes.failed = try number(&reader)
        entry.outcomes.abandoned = try number(&reader)
        guard rings <= reader.bytes.byteCount - reader.offset else {
            throw MalformedBytes("offers", at: reader.offset)
        }
        entry.agent = try reader.text()
        for _ in 0..<rings { entry.rings.append(Int64(clamping: try reader.varint())) }
        entries.append(entry)
    }

    mutating func readRinging(_ reader: inout ByteReader) throws(MalformedBytes) {
        let agent = try reader.text()
        let stay = Int(clamping: try reader.varint())
        let offer = try reader.integer(UInt64.self)
        ringing.append(
            Ringing(
                agent: agent, stay: stay, offer: offer,
                made: Timestamp(milliseconds: try reader.zigzag())))
    }

    mutating func readRung(_ reader: inout ByteReader) throws(MalformedBytes) {
        let entry = Int(clamping: try reader.varint())
        guard entry < entries.count else { throw MalformedBytes("offers", at: reader.offset) }
        let made = Timestamp(milliseconds: try reader.zigzag())
        rung.append(
            Rung(entry: entry, made: made, milliseconds: Int64(clamping: try reader.varint())))
    }

    func encode(into row: inout [UInt8]) {
        for entry in entries {
            var list = NumberListWriter()
            list.begin(maskBytes: 2, in: &row)
            let outcomes = entry.outcomes
            for number in [
                entry.stay, outcomes.made, outcomes.accepted, entry.rings.count, outcomes.rejected,
                outcomes.missed, outcomes.rescinded, outcomes.failed, outcomes.abandoned,
            ] { list.append(UInt64(number), to: &row) }
            list.end(in: &row)
            row.append(text: entry.agent)
            for ring in entry.rings { row.append(varint: UInt64(ring)) }
        }
        for offer in ringing {
            row.append(text: offer.agent)
            row.append(varint: UInt64(offer.stay))
            row.append(littleEndian: offer.offer)
            row.append(zigzag: offer.made.rawValue)
        }
        for one in rung {
            row.append(varint: UInt64(one.entry))
            row.append(zigzag: one.made.rawValue)
            row.append(varint: UInt64(one.milliseconds))
        }
    }
}

/// How offers to agents ended.
struct OfferOutcomes: Equatable {
    var made = 0
    var accepted = 0
    var rejected = 0
    var missed = 0
    var rescinded = 0
    var failed = 0
    /// The customer gave up while it rang.
    var abandoned = 0

    mutating func count(_ outcome: LifecycleEvent) {
        switch outcome {
        case .offerRejected: rejected += 1
        case .offerMissed: missed += 1
        case .offerRescinded: rescinded += 1
        case .offerFailed: failed += 1
        default: break
        }
    }
}
