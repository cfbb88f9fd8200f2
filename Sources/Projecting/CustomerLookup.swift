internal import EventLog
internal import Views

/// The identity view as the other folds see it: they never run ahead of it.
struct CustomerLookup: Sendable {
    /// How far identifiers have been resolved.
    let progress: HeadSignal
    /// A state of the identity view, at least as far as `progress` was when asked.
    let snapshot: @Sendable () throws(ViewFault) -> ViewSnapshot
    /// The newest events with whom they concern.
    let trail: ResolvedTrail
    /// What damage was met in it, or nil.
    let damageFound: @Sendable () -> String?
    /// Why it stands still, or nil while it runs.
    let fault: @Sendable () -> String?
}
