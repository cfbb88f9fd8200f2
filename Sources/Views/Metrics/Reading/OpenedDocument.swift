internal import ContactCentre
internal import EventModel

/// METRICS … EVENTS: the interactions behind figures, and the positions of their events.
///
///     {"position":…,"window":{…},"interactions":[{"interaction":"c-1","queue":"billing",
///       "channel":"voice","created":"…","positions":[4,5,9]}],
///      "surveys":[{"invitation":"v-1","queue":"","channel":"email","created":"…","positions":[7]}],
///      "refused":[{"position":12,"queue":"billing","channel":"voice","occurred":"…"}],
///      "next":"ended.1945632.c-17"}
///
/// With ONLY, what has a part in one of those metrics: interactions, each once, surveys about no
/// interaction where answers are asked for, and customers who were not let in where `lost_demand` is.
/// At most `MetricLimits.openedMax` in all; where there are more, `next` is the first of the next page.
public enum OpenedDocument {
    /// Writes the document.
    ///
    /// - Parameter first: Where the page begins; nil for the beginning.
    public static func write<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, first: OpenedPlace? = nil, from reader: borrowing Reader,
        to json: inout JSONWriter
    ) throws(MetricsFault) {
        let definitions = query.only.compactMap { MetricDefinition.named($0) }
        if let split = definitions.first(where: { $0.anchor == .overlap }) {
            throw .refused(.notOpened(metric: split.name))
        }
        try DefinitionChoice.check(query.choices, in: reader)
        let listing = Listing(query: query, definitions: definitions, first: first)
        var page = Page()
        json.beginObject()
        json.field("position", reader.position)
        MetricsDocument.writeWindow(query, &json)
        json.key("interactions")
        json.beginArray()
        try listing.writeContacts(&page, reader, &json)
        json.endArray()
        if listing.hasSurveys {
            json.key("surveys")
            json.beginArray()
            try listing.writeSurveys(&page, reader, &json)
            json.endArray()
        }
        if query.readsRefusals {
            json.key("refused")
            json.beginArray()
            try listing.writeRefusals(&page, reader, &json)
            json.endArray()
        }
        json.field("next", page.next?.text)
        json.endObject()
    }

    /// What is on the page.
    private struct Page {
        private var count = 0
        /// The first that is not.
        private(set) var next: OpenedPlace?

        /// Tells whether there is room for one more.
        mutating func takes(_ place: OpenedPlace) -> Bool {
            guard next == nil, count < MetricLimits.openedMax else {
                if next == nil { next = place }
                return false
            }
            count += 1
            return true
        }
    }

    private struct Listing {
        let query: MetricsQuery
        let definitions: [MetricDefinition]
        let first: OpenedPlace?

        /// Whether surveys about no interaction may have a part in a metric.
        var hasSurveys: Bool { definitions.contains(where: \.isOfSurveys) }

        /// The metrics that are filed under an anchor, or nil where nothing is.
        private func asked(_ anchor: MetricAnchor) -> [MetricDefinition]? {
            guard !definitions.isEmpty else {
                return query.askedAnchor ?? anchor == anchor ? [] : nil
            }
            let asked = definitions.filter { query.anchor(of: $0) == anchor }
            return asked.isEmpty ? nil : asked
        }

        private func counts(_ fact: MetricFact, _ asked: [MetricDefinition]) -> Bool {
            !fact.isTakenBack
                && (asked.isEmpty || asked.contains { $0.uses.contains(fact.measure) })
        }

        /// Whether a list was on pages before.
        private func isOver(_ list: OpenedPlace.List) -> Bool {
            first.map { $0.list.order > list.order } ?? false
        }

        /// Where a list begins on this page, if not at its beginning.
        private func start(of list: OpenedPlace.List) -> OpenedPlace? {
            first?.list == list ? first : nil
        }

        func writeContacts<Reader: ViewReader & ~Copyable>(
            _ page: inout Page, _ reader: borrowing Reader, _ json: inout JSONWriter
        ) throws(MetricsFault) {
            var before: [ContactScan.Asked] = []
            for anchor in MetricAnchor.filed {
                guard let metrics = asked(anchor), let list = OpenedPlace.List(anchor) else {
                    continue
                }
                let own = try ContactScan.Asked(query, anchor, in: reader)
                defer { before.append(own) }
                guard page.next == nil, !isOver(list) else { continue }
                try ContactScan.contacts(query, anchor, first: start(of: list), from: reader) {
                    found in
                    guard found.facts.contains(where: { counts($0, metrics) }),
                        isFirst(found, own, before)
                    else { return true }
                    let place = OpenedPlace(list, found.quarter, found.interaction)
                    guard page.takes(place) else { return false }
                    OpenedDocument.write(found, &json)
                    return true
                }
            }
        }

        /// Whether a contact is met for the first time, in no quarter before nor under an anchor before.
        private func isFirst(
            _ found: ContactScan.Found, _ own: ContactScan.Asked, _ before: [ContactScan.Asked]
        ) -> Bool {
            func isMet(_ asked: ContactScan.Asked, below bound: Timestamp) -> Bool {
                guard let metrics = self.asked(asked.anchor) else { return false }
                return found.all.contains { fact in
                    guard let moment = fact.moment(asked.anchor), moment >= query.from,
                        moment < bound, counts(fact, metrics)
                    else { return false }
                    return asked.counts(fact, of: found.owner, at: moment)
                }
            }
            return !before.contains { isMet($0, below: query.to) }
                && !isMet(own, below: found.quarter)
        }

        func writeSurveys<Reader: ViewReader & ~Copyable>(
            _ page: inout Page, _ reader: borrowing Reader, _ json: inout JSONWriter
        ) throws(MetricsFault) {
            guard page.next == nil, !isOver(.surveys) else { return }
            let asked = try ContactScan.Asked(query, .created, in: reader)
            try ContactScan.surveys(asked, first: start(of: .surveys), from: reader) { found in
                guard found.facts.contains(where: { counts($0, definitions) }) else { return true }
                guard page.takes(OpenedPlace(.surveys, found.quarter, found.invitation)) else {
                    return false
                }
                json.beginObject()
                json.field("invitation", found.invitation)
                OpenedDocument.write(found.facts[0], &json)
                json.field("created", found.facts[0].created)
                OpenedDocument.write(found.row.answers.positions, &json)
                json.endObject()
                return true
            }
        }

        func writeRefusals<Reader: ViewReader & ~Copyable>(
            _ page: inout Page, _ reader: borrowing Reader, _ json: inout JSONWriter
        ) throws(MetricsFault) {
            guard page.next == nil, !isOver(.refused) else { return }
            let asked = try ContactScan.Asked(query, .created, in: reader)
            try ContactScan.refusals(asked, first: start(of: .refused), from: reader) { found in
                let place = OpenedPlace(.refused, found.quarter, "\(found.position.rawValue)")
                guard page.takes(place) else { return false }
                json.beginObject()
                json.field("position", found.position)
                OpenedDocument.write(found.row.fact, &json)
                json.field("occurred", found.row.occurred)
                json.endObject()
                return true
            }
        }
    }

    private static func write(_ found: ContactScan.Found, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("interaction", found.interaction)
        json.field("queue", found.record.interaction.queue)
        json.field("channel", word: found.record.interaction.channel.word)
        // Of one that nothing but a survey is known of, when that began.
        json.field("created", found.facts[0].created)
        write(found.record.positions.sorted(), &json)
        json.endObject()
    }

    private static func write(_ fact: MetricFact, _ json: inout JSONWriter) {
        json.field("queue", fact.queue)
        json.field("channel", word: fact.channel.word)
    }

    private static func write(_ positions: [UInt64], _ json: inout JSONWriter) {
        json.key("positions")
        json.beginArray()
        for position in positions { json.value(Position(position)) }
        json.endArray()
    }
}
