internal import EventIndex
internal import EventModel
internal import LMDB

/// Erasures as the log has them. The number in the id of each leads from one to the next, as with
/// epochs.
extension LogWriter {
    /// The number of the next erasure.
    ///
    /// Precondition: nothing is staged.
    public func nextErasure() throws(EventLogError) -> UInt64 {
        while try position(ofDaemons: Erasure.id(knownErasure + 1)) != nil { knownErasure += 1 }
        return knownErasure + 1
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
                guard case .damagedIndex = error else { throw error }
            }
            mend()
            index.refresh()
        }
        try loadErasures()
    }

    private func loadErasures() throws(EventLogError) {
        var number: UInt64 = 1
        while let position = try position(ofDaemons: Erasure.id(number)) {
            defer { number += 1 }
            guard try self.position(ofDaemons: Erasure.completionID(number)) == nil else {
                continue
            }
            var found: Erasure?
            try withEvent(at: position) { found = Erasure(number: number, $0) }
            guard let found else {
                throw .damagedBlock(
                    first: position, reason: "its erasure is not as the daemon writes them")
            }
            erasures.add(found)
        }
        knownErasure = number - 1
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
    public func wipeJournal(at offset: inout Int) throws(EventLogError) -> Bool {
        releaseJournal()
        index.refresh()
        return try journal.wipe(at: &offset)
    }
}
