public import EventModel

/// A wish to have all views folded from what the log is once erasures have been carried out in it.
public struct RebuildTicket: Sendable {
    /// The newest of those erasures.
    let scrubbed: Position
    /// How often folding a view anew had failed before.
    let failures: UInt64
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
    /// Has nothing folded anew from now on until `foldAnew`: before the log is scrubbed.
    public func barFoldingAnew() { rebuilder.bar() }

    /// Whether nothing is being folded anew.
    public var isFoldingAtRest: Bool { rebuilder.isAtRest }

    /// Has all views folded anew, identity first, but those that were since the erasures up to a
    /// position had been carried out in the log. What is being folded at this moment began before
    /// and does not count, nor does what was read of the log before.
    public func foldAnew(scrubbedThrough position: Position) -> RebuildTicket {
        trail.clear()
        return rebuilder.ask(projectors, scrubbedThrough: position)
    }

    /// How a wish stands.
    public func state(of ticket: RebuildTicket) -> RebuildState {
        if projectors.allSatisfy({ $0.scrubbed >= ticket.scrubbed }) { return .done }
        return rebuilder.failures > ticket.failures ? .failed : .waits
    }

    /// The newest erasure for which the process before this one had begun to fold views anew; zero
    /// where it had not.
    public var scrubbedBefore: Position {
        projectors.map { max($0.scrubbed, $0.leftOver ?? .zero) }.max() ?? .zero
    }
}
