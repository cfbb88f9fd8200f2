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
        let bounds = try OwnBounds(of: query, in: reader)
        var total = BoundedSums(definition, query, bounds, completeness)
        let none = total
        var contacts: [(interaction: String, sums: BoundedSums, positions: [UInt64])] = []
        var places: [String: Int] = [:]
        try ContactScan.contacts(query, query.anchor(of: definition), from: reader) { found in
            let facts = found.facts.filter { definition.uses.contains($0.measure) }
            guard !facts.isEmpty else { return true }
            let place = places[found.interaction] ?? contacts.count
            if place == contacts.count {
                places[found.interaction] = place
                contacts.append(
                    (found.interaction, none, found.record.positions.sorted()))
            }
            for fact in facts {
                let isYoung = found.quarter >= settled
                contacts[place].sums.add(fact, isYoung: isYoung)
                total.add(fact, isYoung: isYoung)
            }
            return true
        }
        json.beginObject()
        json.field("position", reader.position)
        json.field("metric", definition.name)
        total.write(to: &json)
        json.key("contacts")
        json.beginArray()
        for contact in contacts {
            json.beginObject()
            json.field("interaction", contact.interaction)
            contact.sums.write(to: &json)
            json.key("positions")
            json.beginArray()
            for position in contact.positions { json.value(Position(position)) }
            json.endArray()
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}

/// Figures of some contacts, queue by queue where each has a T or a short abandon of its own.
private struct BoundedSums {
    private let definition: MetricDefinition
    private let query: MetricsQuery
    private let bounds: OwnBounds?
    private let completeness: Completeness
    /// By queue; all under "" where the question has one T and one short abandon for all.
    private var sums: [String: MetricsSum] = [:]

    init(
        _ definition: MetricDefinition, _ query: MetricsQuery, _ bounds: OwnBounds?,
        _ completeness: Completeness
    ) {
        self.definition = definition
        self.completeness = completeness
        let isByQueue = definition.usesBounds && bounds?.differsByQueue ?? false
        self.query = isByQueue ? query.told(apart: .queue) : query
        self.bounds = isByQueue ? bounds?.of(self.query) : bounds
    }

    mutating func add(_ fact: MetricFact, isYoung: Bool) {
        let queue = query.grouping == .queue ? fact.queue : ""
        sums[queue, default: MetricsSum()].isYoung = isYoung
        sums[queue, default: MetricsSum()].add(fact)
    }

    func write(to json: inout JSONWriter) {
        MetricsComparison(definition: definition, value: value, before: nil).write(to: &json)
    }

    private var value: MetricValue {
        guard query.grouping == .queue else { return value(sums[""] ?? .empty, of: "") }
        return .sum(sums.map { value($0.value, of: $0.key) })
    }

    private func value(_ sum: MetricsSum, of queue: String) -> MetricValue {
        let own = bounds?.row(definition, group: queue)
        return definition.value(
            MetricFigures(
                sum: sum,
                target: own?.within ?? query.targets.first ?? MetricsQuery.targetByDefault,
                shortAbandon: own?.short ?? query.shortAbandon, windowDays: query.windowDays,
                now: completeness.now))
    }
}
