/// Every place that holds personal data in plain. Erasure walks this list: what is not on it would
/// keep an erased person, so a test compares it with the files that a running store has.
public enum PersonalDataPlace: String, Sendable, CaseIterable {
    /// Segments of the log: the personal part of each record.
    case logSegment = "log/*.segment"
    /// The journal: whole records, of rounds long since moved into segments too.
    case journal = "journal"
    /// Indexes of the log's segments.
    case logIndex = "log/*.index"
    /// Filters of the indexes of sealed segments.
    case logFilter = "log/*.filter"
    /// The view of identifiers and the customers they belong to.
    case identityView = "views/identity-*.view"
    /// The view of customers: identifiers and what is known of the person.
    case customersView = "views/customers-*.view"
    /// The view of interactions, queues and agents.
    case queuesView = "views/queues-*.view"
    /// The view of figures: what events say of a declared dimension, which nobody can know to be none of
    /// a person.
    case metricsView = "views/metrics-*.view"
    /// A view that is folded anew beside the one in use: as that.
    case viewBuilding = "views/*.building"
    /// A view that was folded for a daemon of another version: as that.
    case viewPrepared = "views/*.prepared"
    /// A view that is folded for one.
    case viewPreparing = "views/preparing/*.view"
    /// A view folded up to a past moment: as that.
    case viewPast = "views/*.past"

    /// What it holds of a person, and so what erasure must take from it.
    public var holds: PersonalDataHolding {
        switch self {
        case .logSegment, .journal, .identityView, .customersView, .viewBuilding, .viewPrepared,
            .viewPreparing, .viewPast, .metricsView:
            .plain
        case .logIndex, .logFilter: .hashes
        case .queuesView: .surrogates
        }
    }
}

/// What a place holds of a person.
public enum PersonalDataHolding: Sendable {
    /// Identifiers, texts or traits as they were given.
    case plain
    /// Keyed hashes of identifiers and ids: who has the key can test a guess against them.
    case hashes
    /// Only customer ids and references, which say nothing once identity and log are scrubbed.
    case surrogates
}
