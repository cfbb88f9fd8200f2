internal import ContactCentre
public import EventModel

/// CUSTOMER: what the customers view knows of one person.
///
///     {"position":…,"now":"…","customer":"c_…","candidates":["c_…"],
///      "first_contact":"…","last_contact":"…","contacts":…,"answered":…,"abandoned":…,
///      "channels":{"voice":…},"open_count":…,
///      "identifiers":[{"kind":"phone","value":"…","strength":"line","first_seen":"…",
///                      "first_position":…,"last_seen":"…","last_position":…,"verified":…,
///                      "until":…,"ended":"released"}],
///      "stage":{"stage":"loyal","since":"…","position":…},
///      "value":{"orders":…,"net":[{"minor_units":…,"currency":"EUR"}],…},
///      "flags":[…],"signals":[{"signal":"orderLate","since":"…","age_ms":…,"order":"…",
///                              "position":…}],
///      "open":[…touchpoints…],"orders":[{"order":"…","state":"sent","late_ms":…,…}],
///      "cases":[…],"promises":[…],"callbacks":[…],"incidents":[…],"household":[…],"related":[…],
///      "consents":[…],"preferences":[…],
///      "touchpoints":[{"interaction":"…","channel":"voice","queue":"…","started":"…",
///                      "last":"…","state":"completed","resolution":"resolved","agent":"…",
///                      "wait_ms":…,"position":…}],
///      …,"unknown":["name","language"],"cut":["traits"]}
///
/// Lists are bounded, the whole default card by `ViewLimits.cardBytesMax`; `cut` names the sections
/// in which something did not fit, which can be asked for by name.
public enum CustomerDocument {
    /// Writes the document.
    ///
    /// - Parameters:
    ///   - members: The customers that are this person, oldest first.
    ///   - candidates: Who else it may be, the likeliest first.
    ///   - ends: Which of their identifiers are theirs no more.
    ///   - kept: Keeps default cards, and is asked for them; and which state of the view this is.
    /// - Returns: Whether the person is known; if not, nothing is written.
    public static func write<Reader: ViewReader & ~Copyable>(
        _ members: [CustomerID], or candidates: [PersonMatch.Candidate] = [],
        ending ends: [IdentifierEnd] = [], now: Timestamp,
        options: CardOptions = CardOptions(), from reader: borrowing Reader,
        keptIn kept: (cache: CardCache, state: ViewState)? = nil,
        to json: inout JSONWriter
    ) throws(ViewFault) -> Bool {
        let rows = try CustomerRows(members, ends, reader)
        guard !rows.isEmpty else { return false }
        let definitions = try CardDefinitions.read(reader)
        begin(members[0], or: candidates, now: now, at: reader.position, &json)
        let kept = options.isDefault ? kept : nil
        let start = json.count
        let known = kept.flatMap {
            $0.cache.entry(rows, definitions, in: $0.state, now: now)
        }
        if let known {
            write(known, now: now, to: &json)
            return true
        }
        let moment = CardMoment(now)
        var card = CardWriter(options, moment, bytesMax: start + options.bytesMax - 80)
        let person = try Person(rows)
        try write(person, definitions, &card, reader, &json)
        card.finish(&json)
        json.endObject()
        // What is said of an incident changes no row of those whom it touches.
        guard let kept, !person.has(.incidentLink) else { return true }
        kept.cache.keep(
            CardCache.Entry(
                state: kept.state, rows: rows, definitions: definitions, written: now,
                changes: moment.changes,
                body: json.span.extracting(start..<json.count).copied(),
                ages: moment.ages.map { $0.moved(back: start) }))
        return true
    }

    /// Writes the default card of a person if it is known of a state of the view: no row is read.
    ///
    /// - Returns: Whether it is known; if not, nothing is written.
    public static func writeKnown(
        _ members: [CustomerID], or candidates: [PersonMatch.Candidate] = [],
        ending ends: [IdentifierEnd] = [], now: Timestamp,
        in state: ViewState, of cache: CardCache, to json: inout JSONWriter
    ) -> Bool {
        guard let entry = cache.entry(members, ends, in: state, now: now) else { return false }
        begin(members[0], or: candidates, now: now, at: state.position, &json)
        write(entry, now: now, to: &json)
        return true
    }

    private static func begin(
        _ person: CustomerID, or candidates: [PersonMatch.Candidate], now: Timestamp,
        at position: Position, _ json: inout JSONWriter
    ) {
        json.beginObject()
        json.field("position", position)
        json.field("now", now)
        json.key("customer")
        json.value(person)
        guard !candidates.isEmpty else { return }
        json.field(
            "candidates", candidates.prefix(ViewLimits.candidatesShown).map(\.person))
    }

    private static func write(_ entry: CardCache.Entry, now: Timestamp, to json: inout JSONWriter) {
        let start = json.count
        let body = entry.body
        unsafe json.append(written: body.span.bytes)
        for age in entry.ages {
            json.overwrite(now - age.since, digits: age.digits, endingAt: start + age.end)
        }
    }

    private static func write<Reader: ViewReader & ~Copyable>(
        _ person: Person, _ definitions: CardDefinitions, _ card: inout CardWriter,
        _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(ViewFault) {
        try card.section(.counts, &json) { (json) throws(ViewFault) in
            writeCounts(person, &json)
        }
        let shown = person.identifiers.prefix(card.options.items(.identifiers))
        try card.list(.identifiers, Array(shown), &json) { identifier, json throws(ViewFault) in
            write(identifier.seen, until: identifier.end, &json)
        }
        let facts = try person.facts(reader)
        if card.options.shows(.stage) || card.options.shows(.value) {
            let lifecycle = try Lifecycle(
                person, facts, card.moment, definitions.thresholds, reader)
            try card.section(.stage, &json) { (json) throws(ViewFault) in
                lifecycle.writeStage(&json)
            }
            try card.section(.value, &json) { (json) throws(ViewFault) in
                lifecycle.writeValue(&json)
            }
        }
        try write(facts, .flags, &card, &json)
        if card.options.shows(.signals) {
            let moment = card.moment
            let signals = try PersonSignals.all(
                person, moment, atMost: card.options.items(.signals), definitions.signals,
                reader)
            try card.list(.signals, signals, &json) { signal, json throws(ViewFault) in
                signal.write(moment, to: &json)
            }
        }
        try writeOpen(person, &card, reader, &json)
        for section in [CardSection.orders, .cases, .promises, .callbacks] {
            try write(person, section, &card, reader, &json)
        }
        try writeIncidents(person, facts, &card, reader, &json)
        try writeHousehold(person, facts, &card, &json)
        try writeRelated(person, &card, reader, &json)
        try write(facts, .consents, &card, &json)
        try write(facts, .preferences, &card, &json)
        try writeTouchpoints(person, &card, reader, &json)
        try writeSatisfaction(person, &card, reader, &json)
        for section in [CardSection.surveys, .cart, .session] {
            try write(person, section, &card, reader, &json)
        }
        try write(facts, .loyalty, &card, &json)
        try write(facts, .traits, &card, &json)
        for section in [
            CardSection.notes, .subscriptions, .appointments, .concessions, .proposals, .notices,
            .requests, .feedback,
        ] {
            try write(person, section, &card, reader, &json)
        }
        try write(facts, .addresses, &card, &json)
        try write(facts, .contactPoints, &card, &json)
        try write(facts, .campaigns, &card, &json)
        let unknown = UnknownFacts.of(person, facts)
        try card.list(.unknown, unknown, &json) { word, json throws(ViewFault) in
            json.value(word)
        }
    }

    /// Things of one section.
    private static func write<Reader: ViewReader & ~Copyable>(
        _ person: Person, _ section: CardSection, _ card: inout CardWriter,
        _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(ViewFault) {
        guard card.options.shows(section) else { return }
        // An empty section of the default card is not written.
        guard card.options.sections != nil || section.kinds.contains(where: person.has) else {
            return
        }
        var things: [Subject] = []
        for kind in section.kinds {
            things += try person.things(
                kind, atMost: card.options.items(section),
                closedToo: card.options.showsClosed(section), reader)
        }
        let (moment, hasHistory) = (card.moment, card.options.hasHistory)
        try card.list(section, things, &json) { thing, json throws(ViewFault) in
            SubjectDocument.write(thing, moment, hasHistory: hasHistory, to: &json)
        }
    }

    /// Facts of one section: those that hold, or all with their history.
    static func write(
        _ facts: [Subject], _ section: CardSection, _ card: inout CardWriter,
        _ json: inout JSONWriter
    ) throws(ViewFault) {
        guard card.options.shows(section) else { return }
        let (moment, hasHistory) = (card.moment, card.options.hasHistory)
        let showsAll = hasHistory || section == .consents
        guard card.options.sections != nil || !facts.isEmpty else { return }
        let shown = facts.filter {
            section.kinds.contains($0.kind) && (showsAll || $0.record.holds(moment))
        }
        let items = Array(shown.prefix(card.options.items(section)))
        try card.list(section, items, &json) { fact, json throws(ViewFault) in
            SubjectDocument.write(fact, moment, hasHistory: hasHistory, to: &json)
        }
    }
}
