internal import ArgumentParser

/// What `bench/guard` counts instructions and allocations of.
enum GuardedPath: String, CaseIterable, ExpressibleByArgument {
    /// APPEND at depth 16, 512 events a commit: from bytes to the reply.
    case append
    /// An append that says again what is stored.
    case `repeat`
    /// PING at depth 16.
    case ping
    /// CUSTOMER at depth 16.
    case card
    /// A default card written from its rows, which nothing was known of.
    case newcard
    /// A POP of a customer whose contact rings, written from its rows.
    case newpop
    /// One event in each fold.
    case identity, queues, metrics, customers
}
