internal import EventIndex
internal import EventModel
internal import LMDB

/// Writes events as a removal leaves them.
struct RemnantWriter: Sendable {
    /// The key under which indexes hash, for the hash of the id that goes.
    let key: HashKey
    /// Draws 64 random bits: for salts.
    let randomBytes: @Sendable () -> UInt64

    /// Appends the record that is left of an event, in the form that is stored.
    ///
    /// - Parameters:
    ///   - seed: From which the event's salt is made, as the segment holds it.
    ///   - cause: The event that says what is removed.
    func write(
        _ event: borrowing EventView, removing removal: PartRemoval, cause: Position,
        seed: RawSpan, to record: inout [UInt8]
    ) {
        let commitment = DigestChain().commitment(to: event, seed: seed)
        let start = record.count
        event.writeRest(removing: removal, to: &record)
        let partStart = start + EventCodec.Offset.skeleton + event.skeleton.byteCount
        guard record.count > partStart else { return }
        let isErasure = removal.takesAll || event.isErased
        record.append((isErasure ? EventRemnant.Reason.erasure : .redaction).rawValue)
        record.append(littleEndian: cause.rawValue)
        let hash = key.id(of: event)
        record.append(littleEndian: hash.high)
        record.append(littleEndian: hash.low)
        commitment.append(to: &record)
        let salt = (randomBytes(), randomBytes())
        record.append(littleEndian: salt.0)
        record.append(littleEndian: salt.1)
        let partEnd = record.count + Digest.byteCount - EventRemnant.byteCount
        let written = record
        let rest = Self.commitment(salt, written.rawSpan.extracting(partStart..<partEnd))
        rest.append(to: &record)
    }

    private static func commitment(_ salt: (UInt64, UInt64), _ part: RawSpan) -> Digest {
        var hash = SHA256()
        hash.update(salt.0)
        hash.update(salt.1)
        hash.update(part)
        return hash.finish()
    }

    /// Tells whether what is left of an event is what was committed to; true where nothing was
    /// removed.
    static func isAsCommitted(_ event: borrowing EventView) -> Bool {
        guard let remnant = event.remnant else { return true }
        let salt = (
            remnant.salt.load(littleEndian: UInt64.self, at: 0),
            remnant.salt.load(littleEndian: UInt64.self, at: 8)
        )
        return commitment(salt, event.personalPart) == Digest(reading: remnant.restCommitment)
    }
}

extension HashKey {
    /// The hash of an event's id, whether it is still there or only its hash.
    func id(of event: borrowing EventView) -> KeyHash {
        guard let remnant = event.remnant else { return id(source: event.source, id: event.id) }
        return KeyHash(
            high: remnant.idHash.load(littleEndian: UInt64.self, at: 0),
            low: remnant.idHash.load(littleEndian: UInt64.self, at: 8))
    }
}
