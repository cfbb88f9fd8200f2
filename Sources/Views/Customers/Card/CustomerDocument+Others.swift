internal import ContactCentre
internal import EventModel

/// The sections about others, and about what touches the person with many others.
extension CustomerDocument {
    /// Whom their events name in another role.
    ///
    ///     "related":[{"role":"recipient","kind":"phone","value":"…","strength":"stated",
    ///                 "first_seen":"…","first_position":…,"last_seen":"…","last_position":…}]
    static func writeRelated<Reader: ViewReader & ~Copyable>(
        _ person: Person, _ card: inout CardWriter, _ reader: borrowing Reader,
        _ json: inout JSONWriter
    ) throws(ViewFault) {
        guard card.options.shows(.related) else { return }
        let all = try person.related(reader)
        let shown = all.prefix(card.options.items(.related))
        try card.list(.related, Array(shown), &json) { party, json throws(ViewFault) in
            write(party.identifier, role: party.role, &json)
        }
    }

    /// Who lives with them, or may: other customers who are not the same person.
    ///
    ///     "household":[{"customer":"c_9","state":"confirmed","since":"…","position":…,
    ///                   "rule":"sameAddress","kind":"family","source":"crm"}]
    static func writeHousehold(
        _ person: Person, _ facts: [Subject], _ card: inout CardWriter, _ json: inout JSONWriter
    ) throws(ViewFault) {
        guard person.has(.household) else {
            return try write([], .household, &card, &json)
        }
        let members = person.members.map { KeyName("\($0)") }
        try write(facts.filter { !members.contains($0.name) }, .household, &card, &json)
    }

    /// The incidents that touch them, those that are not over first.
    ///
    ///     "incidents":[{"incident":"y-1","state":"open","since":"…","position":…,
    ///                   "kind":"delivery_delay","severity":"major","expected_end":"…",
    ///                   "linked":{"state":"linked","since":"…","position":…}}]
    static func writeIncidents<Reader: ViewReader & ~Copyable>(
        _ person: Person, _ facts: [Subject], _ card: inout CardWriter,
        _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(ViewFault) {
        guard card.options.shows(.incidents) else { return }
        let most = card.options.items(.incidents)
        let all = try person.incidents(
            facts, card.moment, closedToo: card.options.showsClosed(.incidents), reader)
        let (moment, hasHistory) = (card.moment, card.options.hasHistory)
        try card.list(.incidents, Array(all.prefix(most)), &json) {
            incident, json throws(ViewFault) in
            SubjectDocument.write(
                incident.subject, moment, hasHistory: hasHistory, linked: incident.link, to: &json)
        }
    }

    /// How content they are: the last answer to a survey and the last mood that was measured, each
    /// with the one before it and where that points.
    ///
    ///     "satisfaction":{"answer":{"kind":"nps","score":3,"when":"…","position":…,
    ///                               "before":{"score":9,"when":"…","position":…},"trend":"falling"},
    ///                     "sentiment":{"score":-40,…}}
    static func writeSatisfaction<Reader: ViewReader & ~Copyable>(
        _ person: Person, _ card: inout CardWriter, _ reader: borrowing Reader,
        _ json: inout JSONWriter
    ) throws(ViewFault) {
        guard card.options.shows(.satisfaction) else { return }
        let satisfaction = try Satisfaction(person, reader)
        guard !satisfaction.isEmpty || card.options.sections != nil else { return }
        try card.section(.satisfaction, &json) { (json) throws(ViewFault) in
            satisfaction.write(to: &json)
        }
    }
}

/// What somebody answered and how they felt, the last two of each.
struct Satisfaction {
    /// One measure of it.
    struct Measure {
        let score: Int64
        let when: Timestamp
        let position: Position
    }

    /// The kind of the last answer, and the last answers of that kind, the newest first.
    private var kind = ""
    private var answers: [Measure] = []
    private var isLowGood = false
    private var moods: [Measure] = []

    init<Reader: ViewReader & ~Copyable>(
        _ person: Person, _ reader: borrowing Reader
    ) throws(ViewFault) {
        let surveys = try person.things(
            .survey, atMost: Person.thingsRead, closedToo: true, reader)
        let all = surveys.compactMap { SurveyAnswer($0.record) }
            .sorted { ($1.answered, $1.position) < ($0.answered, $0.position) }
        if let last = all.first {
            kind = last.kind
            isLowGood = last.isLowGood
            // Answers on another scale cannot be held against it.
            answers = all.filter { $0.kind == kind && $0.isLowGood == isLowGood }.prefix(2).map {
                Measure(score: $0.score, when: $0.answered, position: $0.position)
            }
        }
        let contacts = try person.touchpoints(
            atMost: CardSection.touchpoints.itemsByDefault, reader)
        for touchpoint in contacts {
            guard let mood = try person.contact(touchpoint.name, reader)?.mood() else { continue }
            moods.append(mood)
        }
        moods.sort { ($1.when, $1.position) < ($0.when, $0.position) }
    }

    var isEmpty: Bool { answers.isEmpty && moods.isEmpty }

    func write(to json: inout JSONWriter) {
        json.key("satisfaction")
        json.beginObject()
        if let last = answers.first {
            json.key("answer")
            json.beginObject()
            json.field("kind", kind)
            write(last, answers.dropFirst().first, isLowGood: isLowGood, to: &json)
        }
        if let last = moods.first {
            json.key("sentiment")
            json.beginObject()
            write(last, moods.dropFirst().first, isLowGood: false, to: &json)
        }
        json.endObject()
    }

    /// Writes a measure's members and what was measured before, and ends its object.
    private func write(
        _ last: Measure, _ before: Measure?, isLowGood: Bool, to json: inout JSONWriter
    ) {
        Self.write(last, to: &json)
        if let before {
            json.key("before")
            json.beginObject()
            Self.write(before, to: &json)
            json.endObject()
            let isBetter = isLowGood ? last.score < before.score : last.score > before.score
            json.field(
                "trend",
                word: last.score == before.score ? "steady" : isBetter ? "rising" : "falling")
        }
        json.endObject()
    }

    private static func write(_ measure: Measure, to json: inout JSONWriter) {
        json.field("score", measure.score)
        json.field("when", measure.when)
        json.field("position", measure.position)
    }
}

/// Reading others and incidents.
extension Person {
    /// Whom events of theirs name in another role, those seen last first; not themselves.
    func related<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) -> [RelatedRecord.Party] {
        guard namesOthers else { return [] }
        var all = RelatedRecord()
        var key: [UInt8] = []
        for member in members {
            RelatedRecord.writeKey(member, to: &key)
            try reader.row(key) { (row) throws(ViewFault) in
                all.merge(try RelatedRecord.decoded(row))
            }
        }
        let others = all.parties.filter { party in
            !identifiers.contains {
                $0.seen.kind == party.identifier.kind && $0.seen.value == party.identifier.value
            }
        }
        return others.sorted { RelatedRecord.Party.precedes($1, $0) }
    }

    /// An incident and what links the person to it.
    struct TouchingIncident {
        let subject: Subject
        let link: SubjectState
    }

    /// The incidents that touch the person, those that are not over first, then the newest.
    ///
    /// - Parameter closedToo: Whether those that are over count.
    func incidents<Reader: ViewReader & ~Copyable>(
        _ facts: [Subject], _ moment: CardMoment, closedToo: Bool, _ reader: borrowing Reader
    ) throws(ViewFault) -> [TouchingIncident] {
        guard has(.incidentLink) else { return [] }
        var found: [TouchingIncident] = []
        for fact in facts where fact.kind == .incidentLink && fact.record.holds(moment) {
            guard let link = fact.record.state() else { continue }
            // What an incident is may not have been told yet.
            let record = try Self.record(.incident, fact.name, reader) ?? SubjectRecord()
            let isOpen = record.state()?.isOpen ?? true
            guard isOpen || closedToo else { continue }
            found.append(
                TouchingIncident(
                    subject: Subject(.incident, fact.name, isOpen: isOpen, record), link: link))
        }
        return found.sorted { left, right in
            if left.subject.isOpen != right.subject.isOpen { return left.subject.isOpen }
            return (right.link.since, right.link.position) < (left.link.since, left.link.position)
        }
    }
}
