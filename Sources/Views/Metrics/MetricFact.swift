internal import ContactCentre
internal import EventModel

/// One thing an interaction adds to the metrics, with the moments it is filed under.
struct MetricFact: Equatable {
    let measure: MetricMeasure
    let queue: String
    let channel: Channel
    let created: Timestamp
    let offered: Timestamp?
    let ended: Timestamp?

    /// The moment it is filed under for an anchor; nil when it has none.
    func moment(_ anchor: MetricAnchor) -> Timestamp? {
        switch anchor {
        case .created: created
        case .offered: offered
        case .ended: ended
        }
    }

    /// Returns all that an interaction adds: a pure function of its state, so that a late event or
    /// a new classification corrects the metrics by what it changes here.
    static func facts(of interaction: Interaction) -> [MetricFact] {
        guard interaction.state != .none else { return [] }
        var builder = Builder(interaction)
        guard interaction.classification.isCounted else {
            if interaction.isContact {
                builder.add(.init(excluding: interaction.classification))
            }
            return builder.facts
        }
        if interaction.isContact { builder.add(.contacts) }
        if interaction.isAbandonedBeforeQueue { builder.add(.abandonedBeforeQueue) }
        for stay in interaction.stays where stay.isOffered { builder.add(stay) }
        for connection in interaction.connections {
            builder.add(connection, entered: connection.stay.map { interaction.stays[$0].entered })
        }
        if let wrapUp = interaction.wrapUpMilliseconds, !interaction.connections.isEmpty {
            builder.add(.wrapUp, wrapUp)
        }
        return builder.facts
    }

    /// Collects facts; what was added last says which queue the next is about.
    private struct Builder {
        let channel: Channel
        let created: Timestamp
        let ended: Timestamp?
        var queue: String
        var offered: Timestamp?
        var facts: [MetricFact] = []

        init(_ interaction: borrowing Interaction) {
            channel = interaction.channel
            created = interaction.created
            ended = interaction.ended
            queue = interaction.queue
            offered = interaction.stays.first { $0.isOffered }?.entered
            facts.reserveCapacity(6)
        }

        mutating func add(_ measure: MetricMeasure) {
            facts.append(
                MetricFact(
                    measure: measure, queue: queue, channel: channel, created: created,
                    offered: offered, ended: ended))
        }

        mutating func add(_ count: MetricCount) { add(.count(count)) }

        mutating func add(_ distribution: MetricDistribution, _ milliseconds: Int64) {
            add(.distribution(distribution, milliseconds))
        }

        mutating func add(_ stay: Stay) {
            queue = stay.queue
            offered = stay.entered
            add(.offered)
            guard let outcome = stay.outcome, let wait = stay.waitMilliseconds else { return }
            switch outcome {
            case .answered: add(.waitAnswered, wait)
            case .abandoned: add(.waitAbandoned, wait)
            case .flowedOut:
                add(.flowedOut)
                if stay.flowOutReason == .toCallback { add(.waitToCallback, wait) }
            case .failed: add(.failed)
            case .expired: add(.expired)
            }
        }

        mutating func add(_ connection: Connection, entered: Timestamp?) {
            queue = connection.queue
            offered = entered
            add(.handled)
            guard let service = connection.serviceMilliseconds,
                let talk = connection.talkMilliseconds
            else { return }
            add(.service, service)
            add(.talk, talk)
            if connection.holds > 0 { add(.hold, connection.holdMilliseconds) }
            if connection.end == .abandoned { add(.abandonedOnHold) }
        }
    }
}
