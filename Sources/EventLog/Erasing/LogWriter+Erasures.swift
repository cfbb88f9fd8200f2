internal import EventIndex
public import EventModel
internal import LMDB

/// The erasures, or redactions, that the log has.
struct KnownErasures {
    /// The newest; all before it are there.
    var number: UInt64 = 0
    /// By the request that they name: the first number, and the last position.
    var requests: [[UInt8]: (number: UInt64, position: Position)] = [:]
}

/// Erasures as the log has them. The number in the id of each leads from one to the next, as with
/// epochs.
extension LogWriter {
    /// The number of the next erasure, or redaction, behind those that are staged.
    public func nextNumber(_ kind: Erasure.Kind) throws(EventLogError) -> UInt64 {
        var known = knownErasures[kind] ?? KnownErasures()
        var staged: UInt64 = 0
        while let position = try position(ofDaemons: kind.id(known.number + staged + 1)) {
            // What is staged may be taken back.
            if position > head.position {
                staged += 1
            } else {
                try note(position, in: &known)
            }
        }
        knownErasures[kind] = known
        return known.number + staged + 1
    }

    /// The erasure or redaction that a request has led to before: its first number, and the position
    /// of its last event. None that is still staged.
    public func statement(
        of kind: Erasure.Kind, request: [UInt8]
    ) throws(EventLogError) -> (number: UInt64, position: Position)? {
        _ = try nextNumber(kind)
        return knownErasures[kind]?.requests[request]
    }

    /// Takes note of the next of the kind; of one that cannot be read, only that it is there.
    private func note(
        _ position: Position, in known: inout KnownErasures
    ) throws(EventLogError) {
        var request: [UInt8]?
        do throws(EventLogError) {
            try withEvent(at: position) { request = $0.bytes("request_id")?.copied() }
        } catch {
            guard error.isDamage else { throw error }
        }
        known.number += 1
        guard let request else { return }
        // One that is long is told in several events.
        known.requests[request] = (known.requests[request]?.number ?? known.number, position)
    }

    /// Takes up the erasures that are not carried out: nobody may be served before.
    ///
    /// - Parameters:
    ///   - mend: Waits until indexes in which damage was met are made anew.
    ///   - most: How many indexes may be damaged.
    /// - Throws: `damagedIndex` when one cannot be mended while the store is open; the next opening
    ///   makes it anew.
    func loadErasures(mending most: Int, _ mend: () -> Void) throws(EventLogError) {
        for _ in 0..<most {
            do throws(EventLogError) {
                return try loadErasures()
            } catch {
                guard case .damagedIndex = met(error) else { throw error }
            }
            mend()
            index.refresh()
        }
        try loadErasures()
    }

    private func loadErasures() throws(EventLogError) {
        for kind in Erasure.Kind.allCases { try load(kind) }
    }

    private func load(_ kind: Erasure.Kind) throws(EventLogError) {
        var known = KnownErasures()
        while let position = try position(ofDaemons: kind.id(known.number + 1)) {
            try note(position, in: &known)
            guard try self.position(ofDaemons: kind.completionID(known.number)) == nil else {
                continue
            }
            var found: Erasure?
            try withEvent(at: position) { found = Erasure(number: known.number, $0) }
            guard let found else {
                throw .damagedBlock(
                    first: position, reason: "its \(kind) is not as the daemon writes them")
            }
            erasures.add(found)
        }
        knownErasures[kind] = known
    }

    /// The position of an event of the daemon's own, by its id.
    private func position(ofDaemons id: String) throws(EventLogError) -> Position? {
        let (source, name) = (Array(Reserved.source.utf8), Array(id.utf8))
        let hash = index.key.id(source: source.rawSpan, id: name.rawSpan)
        var candidates: [Position] = []
        try index.candidates(hash, into: &candidates)
        for candidate in candidates {
            var isIt = false
            try withEvent(at: candidate) { event in
                isIt = event.source.equals(source.rawSpan) && event.id.equals(name.rawSpan)
            }
            if isIt { return candidate }
        }
        return nil
    }

    /// Overwrites a part of the journal's ring in which no live round lies: rounds long since moved
    /// into segments are still there, with everything they held.
    ///
    /// - Parameter offset: Where to begin, in bytes of the ring; moved on.
    /// - Returns: Whether the whole ring is done.
    /// - Throws: `full` where a file system that never overwrites has no room; it can be tried again.
    ///   After any other failing write nothing can be stored any more, as with a commit's.
    public func wipeJournal(at offset: inout Int) throws(EventLogError) -> Bool {
        releaseJournal()
        index.refresh()
        do throws(EventLogError) {
            return try journal.wipe(at: &offset)
        } catch {
            if case .full = error { throw error }
            options.onFailure(error)
            throw error
        }
    }
}
