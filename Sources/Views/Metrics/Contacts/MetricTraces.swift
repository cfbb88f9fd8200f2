internal import ContactCentre
internal import EventModel

/// What an interaction leaves in figures.
final class MetricTraces: InteractionTrace {
    typealias Details = ContactDetails

    /// Where it stands among the interactions of its person and of its thread.
    struct Chained: Equatable {
        var entry: ChainEntry?
        var person: CustomerID?
        /// The thread it names; without one it is a thread by itself, and its facts say so.
        var thread: String?
    }

    let facts: [MetricFact]
    let changes: [LevelChange]
    let chained: Chained
    /// The quarters of an hour in which it has facts, rising.
    let quarters: [Int32]

    init(_ record: borrowing DetailedRecord<ContactDetails>) {
        let entry = ChainEntry(record)
        let thread = record.interaction.thread
        chained = Chained(entry: entry, person: Self.person(of: record), thread: thread)
        var facts = FactBuilder.facts(of: record)
        if let entry, thread == nil {
            facts += Self.stamped(ThreadFacts.facts(of: [entry]), record)
        }
        self.facts = facts
        changes = LevelChange.changes(of: record.interaction)
        quarters = Self.quarters(of: facts, and: entry?.lost)
    }

    /// Whose contact it is: the customer who was shown first in it.
    static func person(of record: borrowing DetailedRecord<ContactDetails>) -> CustomerID? {
        record.customers.first
    }

    /// Facts that stand where an interaction does are of whoever was first there in it.
    static func stamped(
        _ facts: [MetricFact], _ record: borrowing DetailedRecord<ContactDetails>
    ) -> [MetricFact] {
        guard let agent = record.interaction.connections.first?.agent else { return facts }
        return facts.map { fact in
            var fact = fact
            fact.agent = agent
            return fact
        }
    }

    /// - Parameter lost: What the person's contacts add may be filed there, too.
    private static func quarters(
        of facts: [MetricFact], and lost: Timestamp?
    ) -> [Int32] {
        var quarters = lost.map { [MetricInterval.quarter(of: $0)] } ?? []
        for (index, fact) in facts.enumerated() {
            // Most facts of one interaction are filed under the same moments.
            if index > 0, fact.isFiled(as: facts[index - 1]) { continue }
            for anchor in MetricAnchor.filed {
                guard let moment = fact.moment(anchor) else { continue }
                let quarter = MetricInterval.quarter(of: moment)
                if quarters.last != quarter, !quarters.contains(quarter) {
                    quarters.append(quarter)
                }
            }
        }
        return quarters.sorted()
    }
}
