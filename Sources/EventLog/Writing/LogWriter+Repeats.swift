internal import EventIndex
internal import EventModel

/// Recognising repeats.
extension LogWriter {
    /// Finds an event by its id among those whose index is in memory.
    func recent(
        _ hash: KeyHash, like event: borrowing EventView
    ) throws(EventLogError) -> Position? {
        candidates.removeAll(keepingCapacity: true)
        index.recentCandidates(hash, into: &candidates)
        return try candidate(hash, like: event)
    }

    /// Finds an event by its id among those in index files.
    func stored(
        _ hash: KeyHash, like event: borrowing EventView
    ) throws(EventLogError) -> Position? {
        candidates.removeAll(keepingCapacity: true)
        return try index.timing { () throws(EventLogError) in
            try index.storedCandidates(hash, into: &candidates)
            return try candidate(hash, like: event)
        }
    }

    /// Returns that of `candidates` which is the event.
    private func candidate(
        _ hash: KeyHash, like event: borrowing EventView
    ) throws(EventLogError) -> Position? {
        for candidate in candidates {
            var same = false
            try withEvent(at: candidate) { earlier in
                // Of an erased event only the hash of its id is left.
                same =
                    earlier.isErased
                    ? index.key.id(of: earlier) == hash
                    : earlier.source.equals(event.source) && earlier.id.equals(event.id)
            }
            if same { return candidate }
        }
        return nil
    }

    enum Removed {
        case none, part, whole
    }

    /// What is gone of a stored event, or is to go.
    func removal(at position: Position) throws(EventLogError) -> Removed {
        var removed = Removed.none
        try withEvent(at: position) { event in
            removed = event.isErased ? .whole : event.hasRemnant ? .part : .none
        }
        guard removed != .whole, let pending = erasures.removal(at: position) else {
            return removed
        }
        return pending.part.takesAll ? .whole : .part
    }

    func sameContent(
        _ position: Position, as event: borrowing EventView
    ) throws(EventLogError) -> Bool {
        var same = false
        try withEvent(at: position) { earlier in same = earlier.saysTheSame(as: event) }
        return same
    }
}
