internal import ContactCentre
internal import EventModel

/// What POP is written from: the person, and the contact that rings.
struct Pop {
    let person: Person
    let moment: CardMoment
    var now: Timestamp { moment.now }
    let facts: [Subject]
    let history: ContactHistory
    let definitions: CardDefinitions
    /// The contact that rings, its state, and what is known beside it; nil where none is open.
    let interaction: Leg?
    let contact: SubjectRecord?
    /// The legs of the contact from which the customer was handed on: the first, and the one before.
    let earlierLegs: [Leg]

    /// An interaction and its state. A class, so that each look at it copies no state.
    final class Leg {
        let name: KeyName
        let state: Interaction

        init(_ name: KeyName, _ state: Interaction) {
            self.name = name
            self.state = state
        }
    }

    /// How far the contact's person has proven who they are.
    struct Authentication {
        let level: Int64
        let method: String?
        let position: Position
    }

    init<Reader: ViewReader & ~Copyable>(
        _ person: Person, _ question: PopDocument.Question, now: Timestamp,
        _ reader: borrowing Reader
    ) throws(ViewFault) {
        self.person = person
        moment = CardMoment(now)
        facts = try person.facts(reader)
        history = try ContactHistory(person, atMost: Self.contactsRead, reader)
        definitions = try CardDefinitions.read(reader)
        let open = history.contacts.first { $0.isCustomers && $0.state.isOpen }
        guard let name = question.interaction.map({ KeyName($0) }) ?? open?.name,
            let state = try Self.state(of: name, reader)
        else {
            (interaction, contact) = (nil, nil)
            earlierLegs = []
            return
        }
        interaction = Leg(name, state)
        var legs: [Leg] = []
        var contact = try person.record(ofContact: name, reader)
        if state.isHandedOn {
            var known = [name]
            for other in [state.initial, state.previous].compactMap({ $0.map { KeyName($0) } })
            where !known.contains(other) {
                known.append(other)
                guard let leg = try Self.state(of: other, reader) else { continue }
                legs.append(Leg(other, leg))
                guard let said = try Person.record(.contact, other, reader) else { continue }
                if contact == nil { contact = said } else { contact?.merge(said) }
            }
        }
        earlierLegs = legs
        self.contact = contact
    }

    /// Whether a contact is the one that rings, or a leg of it.
    func isOfContact(_ name: KeyName) -> Bool {
        name == interaction?.name || earlierLegs.contains { $0.name == name }
    }

    /// The name of the contact's first leg, where there is more than the one that rings.
    var root: String? { interaction?.state.initial }

    static func state<Reader: ViewReader & ~Copyable>(
        of name: KeyName, _ reader: borrowing Reader
    ) throws(ViewFault) -> Interaction? {
        var key = [InteractionKey.prefix]
        key.append(contentsOf: name.bytes)
        var state: Interaction?
        try reader.row(key) { (row) throws(ViewFault) in
            state = try InteractionRecord.state(row)
        }
        return state
    }

    private static let contactsRead = 12

    /// The last proof of the contact that still holds; a later failure takes it back.
    var authentication: Authentication? {
        guard let proof = contact?.trail("auth.succeeded"), let level = proof.number("level"),
            proof.time("valid_until").map({ $0 >= now }) ?? true
        else { return nil }
        if let failed = contact?.trail("auth.failed"), Mark.precedes(proof.newest, failed.newest) {
            return nil
        }
        return Authentication(
            level: level, method: proof.text("method"), position: proof.newest.position)
    }

    func writeMatch(_ question: PopDocument.Question, _ json: inout JSONWriter) {
        json.key("match")
        json.beginObject()
        json.key("customer")
        json.value(person.members[0])
        if !question.candidates.isEmpty {
            json.field("candidates", Array(question.candidates.prefix(ViewLimits.candidatesShown)))
        }
        if let interaction, interaction.name.byteCount <= 64 {
            json.field("interaction", interaction.name)
        }
        let shown = question.by.flatMap { person.lastIdentifier(of: $0) }
        if let shown, shown.value.utf8.count <= 64 {
            json.key("by")
            json.beginObject()
            json.field("kind", shown.kind)
            json.field("value", shown.value)
            json.field("strength", word: shown.strength.word)
            if shown.strength == .line, let attestation {
                json.field("attestation", attestation)
            }
            json.field("position", shown.lastPosition)
            json.endObject()
        }
        // What the person could have said before and nobody could have known that it was them.
        json.field(
            "coverage",
            word: person.isProved
                ? "verified" : person.firstPersonal == nil ? "device" : "unverified")
        if let authentication {
            json.key("authentication")
            json.beginObject()
            json.field("level", authentication.level)
            json.field("method", authentication.method)
            json.field("position", authentication.position)
            json.endObject()
        }
        json.endObject()
    }

    /// How far the network vouches for the number that the contact came from.
    private var attestation: String? {
        contact?.trails.lazy.compactMap { $0.text("attestation") }.first
    }

    func writeSpeak(_ zone: (String) -> (any ZoneOffsets)?, _ json: inout JSONWriter) {
        json.beginObject()
        let names: [(key: StaticString, names: [String])] = [
            ("name", ["name", "full_name", "first_name"]),
            ("form_of_address", ["formOfAddress", "form_of_address"]),
            ("language", ["language"]),
            ("accessibility", ["accessibility"]),
        ]
        for (key, names) in names {
            guard let value = value(of: names), value.utf8.count <= 80 else { continue }
            json.field(key, value)
        }
        if let name = value(of: ["timezone"]), let zone = zone(name) {
            let local = now.advanced(byMilliseconds: zone.offsetMilliseconds(at: now))
            // Their clock, without a zone's letter: it is not UTC.
            json.field("local_time", String(local.rfc3339.prefix(16)))
        }
        json.endObject()
    }

    /// The value of the first of these preferences or traits that holds.
    private func value(of names: [String]) -> String? {
        for name in names {
            for kind in [SubjectKind.preference, .trait] {
                for fact in facts where fact.kind == kind && fact.record.holds(moment) {
                    guard let trail = fact.record.trails.first, trail.text("name") == name else {
                        continue
                    }
                    return trail.text("value")
                }
            }
        }
        return nil
    }

    func writeUnknown(_ json: inout JSONWriter) {
        json.beginArray()
        for word in UnknownFacts.of(person, facts) { json.value(word) }
        json.endArray()
    }

    /// By when the customer's first unanswered message should have a reply.
    func writeReplyBy(_ json: inout JSONWriter) {
        guard let interaction, let first = interaction.state.awaitedAnswer else { return }
        let grace = definitions.signals.grace(.messageUnanswered, interaction.state.channel)
        json.field("reply_by", first.occurred.advanced(byMilliseconds: grace))
    }
}
