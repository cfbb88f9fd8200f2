internal import ContactCentre
internal import EventModel

/// METRICS … EVENTS: the interactions behind figures, and the positions of their events.
///
///     {"position":…,"window":{…},"interactions":[{"interaction":"c-1","queue":"billing",
///       "channel":"voice","created":"…","positions":[4,5,9]}],"truncated":true}
///
/// With ONLY, the interactions that have a part in one of those metrics. Customers that were not
/// let in, and surveys about no interaction, have none.
public enum OpenedDocument {
    /// Writes the document.
    public static func write<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, from reader: borrowing Reader, to json: inout JSONWriter
    ) throws(MetricsFault) {
        let definitions = query.only.compactMap { MetricDefinition.named($0) }
        if let split = definitions.first(where: { $0.anchor == .overlap }) {
            throw .refused(.notOpened(metric: split.name))
        }
        var found: [String: DetailedRecord<ContactDetails>] = [:]
        var order: [String] = []
        var isTruncated = false
        for anchor in MetricAnchor.filed {
            let asked = definitions.filter { query.anchor(of: $0) == anchor }
            guard definitions.isEmpty ? query.askedAnchor ?? anchor == anchor : !asked.isEmpty
            else {
                continue
            }
            try ContactScan.contacts(query, anchor, from: reader) { contact in
                let counts =
                    definitions.isEmpty
                    || contact.facts.contains { fact in
                        asked.contains { $0.uses.contains(fact.measure) }
                    }
                guard counts, found[contact.interaction] == nil else { return true }
                guard order.count < MetricLimits.openedMax else {
                    isTruncated = true
                    return false
                }
                found[contact.interaction] = contact.record
                order.append(contact.interaction)
                return true
            }
        }
        json.beginObject()
        json.field("position", reader.position)
        MetricsDocument.writeWindow(query, &json)
        json.key("interactions")
        json.beginArray()
        for name in order {
            if let record = found[name] { write(name, record, &json) }
        }
        json.endArray()
        if isTruncated { json.field("truncated", true) }
        json.endObject()
    }

    private static func write(
        _ name: String, _ record: DetailedRecord<ContactDetails>, _ json: inout JSONWriter
    ) {
        json.beginObject()
        json.field("interaction", name)
        json.field("queue", record.interaction.queue)
        json.field("channel", word: record.interaction.channel.word)
        json.field("created", record.interaction.created)
        json.key("positions")
        json.beginArray()
        for position in record.positions.sorted() { json.value(Position(position)) }
        json.endArray()
        json.endObject()
    }
}
