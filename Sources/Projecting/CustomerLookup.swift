internal import EventLog
internal import EventModel
internal import Views

/// The identity view as the other folds see it: they never run ahead of it.
struct CustomerLookup: Sendable {
    /// How far identifiers have been resolved.
    let progress: HeadSignal
    /// A state of the identity view, at least as far as `progress` was when asked.
    let snapshot: @Sendable () throws(ViewFault) -> ViewSnapshot
    /// The newest events with whom they concern.
    let trail: ResolvedTrail
    /// Up to where erasures had been carried out when it was folded from the first event.
    let scrubbed: @Sendable () -> Position
    /// What damage was met in it, or nil.
    let damageFound: @Sendable () -> String?
    /// Why it stands still, or nil while it runs.
    let fault: @Sendable () -> String?
}
