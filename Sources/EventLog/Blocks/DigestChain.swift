public import EventModel

/// The chain over all events that proves history and survives lawful erasure:
///
///     salt    = first 16 bytes of SHA-256(seed of the position's group ‖ position u64 LE)
///     c       = SHA-256(salt ‖ personal part)
///     leaf    = SHA-256(skeleton ‖ c)
///     running = SHA-256(previous running ‖ leaf)
///
/// Erasure removes from the personal part and keeps c, with which the chain goes on (`EventRemnant`).
/// The salts of the group's other events then stand in the place of the seed (`SaltSeed`): nobody
/// can guess a phone number against c.
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

    /// Returns c, the salted commitment to an event's personal part as it first was. Where its salt
    /// is not there, that of no event.
    func commitment(to event: borrowing EventView, seed: RawSpan) -> Digest {
        if let remnant = event.remnant { return Digest(reading: remnant.commitment) }
        guard let salt = SaltSeed.salt(of: event.position, in: seed) else { return .zero }
        var commitment = SHA256()
        commitment.update(salt.0)
        commitment.update(salt.1)
        commitment.update(event.personalPart)
        return commitment.finish()
    }
}
