/// A wish to have all views folded anew from what the log is now.
public struct RebuildTicket: Sendable {
    /// Which beginning of each view's folding counts, by name.
    let beginnings: [String: UInt64]
}

/// How a wish stands.
public enum RebuildState: Sendable {
    /// Some view is still to be folded.
    case waits
    /// Some view could not be folded.
    case failed
    /// All have taken their places.
    case done
}

extension ViewSet {
    /// Has all views folded anew, identity first. What is being folded at this moment began before
    /// and does not count, nor does what was read of the log before.
    public func rebuildAll() -> RebuildTicket {
        trail.clear()
        return rebuilder.askForTicket([identity, queues, metrics, customers])
    }

    /// How a wish stands.
    public func state(of ticket: RebuildTicket) -> RebuildState { rebuilder.state(of: ticket) }
}
