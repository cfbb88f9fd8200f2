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
    /// A quarter of an hour in which it has facts, and the queues that they are of.
    struct Quarter: Equatable {
        let number: Int32
        var queues: QueueBits
    }

    /// The quarters of an hour in which it has facts, rising.
    let quarters: [Quarter]

    init(_ record: borrowing DetailedRecord<ContactDetails>) {
        let entry = ChainEntry(record)
        let thread = record.interaction.thread
        chained = Chained(entry: entry, person: Self.person(of: record), thread: thread)
        var facts = FactBuilder.facts(of: record)
        if let entry, thread == nil {
            facts += Self.stamped(ThreadFacts.facts(of: [entry]), record)
        }
        self.facts = facts
        changes = LevelChange.changes(of: record.interaction, record.details.offers)
        quarters = Self.quarters(of: facts, and: entry)
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

    /// - Parameter entry: What the contacts of its person and thread add is of its queue, and may be filed
    ///   where the customer was lost.
    private static func quarters(of facts: [MetricFact], and entry: ChainEntry?) -> [Quarter] {
        var quarters: [Quarter] = []
        let own = QueueBits(entry?.queue ?? facts.first?.queue ?? "")
        if let lost = entry?.lost {
            quarters.append(Quarter(number: MetricInterval.quarter(of: lost), queues: own))
        }
        var queue = entry?.queue ?? ""
        var bits = own
        for (index, fact) in facts.enumerated() {
            let isSame = fact.queue == queue
            // Most facts of one interaction are filed under the same moments and queue.
            if index > 0, isSame, fact.isFiled(as: facts[index - 1]) { continue }
            if !isSame {
                queue = fact.queue
                bits = QueueBits(queue)
            }
            for anchor in MetricAnchor.filed {
                guard let moment = fact.moment(anchor) else { continue }
                let number = MetricInterval.quarter(of: moment)
                if let known = quarters.firstIndex(where: { $0.number == number }) {
                    quarters[known].queues.formUnion(bits)
                } else {
                    quarters.append(Quarter(number: number, queues: own.union(bits)))
                }
            }
        }
        return quarters.sorted { $0.number < $1.number }
    }
}
