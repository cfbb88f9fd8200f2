internal import ContactCentre
internal import EventModel

/// The sections about identifiers and interactions.
extension CustomerDocument {
    static func writeOpen<Reader: ViewReader & ~Copyable>(
        _ person: Person, _ card: inout CardWriter, _ reader: borrowing Reader,
        _ json: inout JSONWriter
    ) throws(ViewFault) {
        guard card.options.shows(.open) else { return }
        let open = try person.openTouchpoints(atMost: card.options.items(.open), reader)
        // The default card says that nothing is open, as it is what is asked first.
        if open.isEmpty, card.options.sections == nil {
            json.key("open")
            json.beginArray()
            json.endArray()
        }
        try card.list(.open, open, &json) { touchpoint, json throws(ViewFault) in
            try write(touchpoint, person, reader, &json)
        }
    }

    static func writeTouchpoints<Reader: ViewReader & ~Copyable>(
        _ person: Person, _ card: inout CardWriter, _ reader: borrowing Reader,
        _ json: inout JSONWriter
    ) throws(ViewFault) {
        guard card.options.shows(.touchpoints) else { return }
        let last = try person.touchpoints(atMost: card.options.items(.touchpoints), reader)
        try card.list(.touchpoints, last, &json) { touchpoint, json throws(ViewFault) in
            try write(touchpoint, person, reader, &json)
        }
    }

    private static func write<Reader: ViewReader & ~Copyable>(
        _ touchpoint: Touchpoint, _ person: Person, _ reader: borrowing Reader,
        _ json: inout JSONWriter
    ) throws(ViewFault) {
        let contact = try person.contact(touchpoint.name, reader)
        try touchpoint.line { line throws(ViewFault) in
            json.beginObject()
            json.field("interaction", touchpoint.name)
            line.writeMembers(to: &json)
            try contact?.writeMembers(to: &json)
            json.endObject()
        }
    }

    static func write(
        _ identifier: CustomerRecord.SeenIdentifier, role: IdentifierRole? = nil,
        until end: IdentifierEnd? = nil, _ json: inout JSONWriter
    ) {
        json.beginObject()
        if let role { json.field("role", word: role.attributeName) }
        json.field("kind", identifier.kind)
        json.field("value", identifier.value)
        json.field("strength", word: identifier.strength.word)
        json.field("first_seen", identifier.firstSeen)
        json.field("first_position", identifier.firstPosition)
        json.field("last_seen", identifier.lastSeen)
        json.field("last_position", identifier.lastPosition)
        // It was proved, though the last event only says it.
        if identifier.strength != .verified, identifier.proved != .zero {
            json.field("verified", identifier.proved)
        }
        if let end {
            json.field("until", end.position)
            json.field("ended", word: end.reason.word)
        }
        json.endObject()
    }

    static func writeCounts(_ person: Person, _ json: inout JSONWriter) {
        json.field("first_contact", person.firstContact)
        json.field("last_contact", person.lastContact)
        json.field("contacts", person.counts.contacts)
        json.field("answered", person.counts.answered)
        json.field("abandoned", person.counts.abandoned)
        json.key("channels")
        json.beginObject()
        for count in person.counts.channels { json.field(count.channel.word, count.contacts) }
        json.endObject()
        json.field("open_count", person.counts.open)
    }
}
