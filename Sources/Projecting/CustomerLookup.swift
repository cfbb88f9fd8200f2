internal import EventLog
internal import EventModel
internal import Views

/// The identity view as the other folds see it: they never run ahead of it.
///
/// An object, since each question whether a view can be read would copy all of its parts.
final class CustomerLookup: Sendable {
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

    /// Names them.
    init(
        progress: HeadSignal, snapshot: @escaping @Sendable () throws(ViewFault) -> ViewSnapshot,
        trail: ResolvedTrail, scrubbed: @escaping @Sendable () -> Position,
        damageFound: @escaping @Sendable () -> String?, fault: @escaping @Sendable () -> String?
    ) {
        self.progress = progress
        self.snapshot = snapshot
        self.trail = trail
        self.scrubbed = scrubbed
        self.damageFound = damageFound
        self.fault = fault
    }
}
