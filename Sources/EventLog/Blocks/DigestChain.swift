public import EventModel

/// The chain over all events that proves history and survives lawful erasure:
///
///     salt    = first 16 bytes of SHA-256(seed of the position's group ‖ position u64 LE)
///     c       = SHA-256(salt ‖ personal part)
///     leaf    = SHA-256(skeleton ‖ c)
///     running = SHA-256(previous running ‖ leaf)
///
/// Erasure removes the personal part and keeps c; the salt keeps anybody from guessing a phone
/// number against c.
public struct DigestChain: ~Copyable {
    /// Makes a chain's arithmetic; the running digest is the caller's.
    public init() {}

    /// Returns the running digest after an event.
    public func advance(
        _ running: Digest, by event: borrowing EventView, seed: RawSpan
    ) -> Digest {
        let commitment = commitment(to: event, seed: seed)
        var leaf = SHA256()
        leaf.update(event.skeleton)
        leaf.update(commitment)
        var next = SHA256()
        next.update(running)
        next.update(leaf.finish())
        return next.finish()
    }

    /// Returns c, the salted commitment to an event's personal part.
    func commitment(to event: borrowing EventView, seed: RawSpan) -> Digest {
        var salt = SHA256()
        salt.update(seed)
        salt.update(event.position.rawValue)
        let salted = salt.finish()
        var commitment = SHA256()
        commitment.update(salted.words.0)
        commitment.update(salted.words.1)
        commitment.update(event.personalPart)
        return commitment.finish()
    }
}
