internal import ContactCentre
internal import EventModel

/// One metric of a window, and what each contact adds to it: so that two moments can be held
/// against each other, contact by contact.
///
///     {"position":…,"metric":"fcr_repeat","value":0.71,"n":812,"part":576,"low":…,"high":…,
///      "contacts":[{"interaction":"c-1","value":1.0,"n":1,"part":1,…,"positions":[4,5,9]}]}
///
/// The value of a contact is the metric's over that contact alone. Surveys about no interaction
/// have none.
public enum ContactValuesDocument {
    /// Writes the document.
    ///
    /// - Parameter query: Names one metric.
    public static func write<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, from reader: borrowing Reader, to json: inout JSONWriter
    ) throws(MetricsFault) {
        guard query.only.count == 1, let definition = MetricDefinition.named(query.only[0]) else {
            throw .refused(.unknownMetric(near: nil))
        }
        let completeness: Completeness
        do throws(ViewFault) {
            completeness = try Completeness(of: query, from: reader)
        } catch {
            throw .view(error)
        }
        let settled = completeness.settledUntil
        var total = MetricsSum()
        var contacts: [(interaction: String, sum: MetricsSum, positions: [UInt64])] = []
        var places: [String: Int] = [:]
        try ContactScan.contacts(query, query.anchor(of: definition), from: reader) { found in
            let facts = found.facts.filter { definition.uses.contains($0.measure) }
            guard !facts.isEmpty else { return true }
            let place = places[found.interaction] ?? contacts.count
            if place == contacts.count {
                places[found.interaction] = place
                contacts.append(
                    (found.interaction, MetricsSum(), found.record.positions.sorted()))
            }
            for fact in facts {
                contacts[place].sum.isYoung = found.quarter >= settled
                contacts[place].sum.add(fact)
                total.isYoung = found.quarter >= settled
                total.add(fact)
            }
            return true
        }
        json.beginObject()
        json.field("position", reader.position)
        json.field("metric", definition.name)
        write(definition, total, query, completeness, &json)
        json.key("contacts")
        json.beginArray()
        for contact in contacts {
            json.beginObject()
            json.field("interaction", contact.interaction)
            write(definition, contact.sum, query, completeness, &json)
            json.key("positions")
            json.beginArray()
            for position in contact.positions { json.value(Position(position)) }
            json.endArray()
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    private static func write(
        _ definition: MetricDefinition, _ sum: MetricsSum, _ query: MetricsQuery,
        _ completeness: Completeness, _ json: inout JSONWriter
    ) {
        let figures = MetricFigures(
            sum: sum, target: query.targets.first ?? 20_000, shortAbandon: query.shortAbandon,
            windowDays: query.windowDays, now: completeness.now)
        MetricsComparison(
            definition: definition, value: definition.value(figures), before: nil
        ).write(to: &json)
    }
}
