internal import EventModel
internal import LMDB
internal import Synchronization
internal import Threads
internal import Views

/// What of a view's file is on disk.
struct Flushing: ~Copyable, Sendable {
    /// False while the file is being built: nothing of it could be trusted.
    var isBuilt: Bool
    /// What a power cut leaves; nil where all that is committed is on disk.
    var point: RollbackPoint?
    /// What the point is to become, until the flusher takes it.
    var draft: RollbackPoint.Draft?
    /// While the flusher puts it on disk.
    var isUnderWay = false
    /// What came of that; the fold hears of it.
    var failure: LMDBError?
    /// The position that the draft taken last reflects.
    var position = Position.zero
    /// When it was taken, in nanoseconds of the monotonic clock.
    var moment: UInt64 = 0

    init(isBuilt: Bool) { self.isBuilt = isBuilt }

    /// Whether it is time, `position` being committed.
    func isDue(_ position: Position, at now: UInt64) -> Bool {
        now - moment >= ProjectingLimits.flushSpacingMilliseconds * 1_000_000
            || isFar(position)
    }

    /// Whether so much has been folded since the last that it must not become more.
    func isFar(_ position: Position) -> Bool {
        position.rawValue - self.position.rawValue >= ProjectingLimits.eventsPerCheckpointMax
    }
}

/// A commit is for readers, a flush for power cuts: many commits share one flush, so that the disk
/// is the journal's, and the fold goes on while another thread flushes.
extension ViewStore {
    static func rollbackPath(_ path: String) -> String { path + ".rollback" }

    /// Sees to it that a power cut leaves a state, before a commit that waits for nothing.
    func prepareCommit() throws(ViewFault) {
        try change { (flushing) throws(LMDBError) in
            guard flushing.isBuilt, flushing.point == nil else { return }
            flushing.point = try RollbackPoint(of: environment, at: Self.rollbackPath(path))
            flushing.moment = Wakeup.nanoseconds()
            try environment.setDurability(.noSync)
        }
    }

    /// Has what is committed flushed, where the last flush lies a while back in time or in events.
    ///
    /// - Parameter flusher: Who does it; nil for the calling thread.
    /// - Throws: What an earlier flush met, too.
    func flushIfDue(_ position: Position, by flusher: ViewFlusher?) throws(ViewFault) {
        guard let flusher else { return try flushIfDue(position) }
        // What it holds back of the file's room is bounded by events.
        if flushing.withLock({ $0.isFar(position) }) { try awaitFlush() }
        let isDrafted = try change { (flushing) throws(LMDBError) in
            let now = Wakeup.nanoseconds()
            guard flushing.point != nil, !flushing.isUnderWay, flushing.isDue(position, at: now)
            else { return false }
            flushing.draft = try flushing.point?.draft()
            flushing.isUnderWay = flushing.draft != nil
            flushing.position = position
            flushing.moment = now
            return flushing.isUnderWay
        }
        if isDrafted { flusher.enter(self) }
    }

    private func flushIfDue(_ position: Position) throws(ViewFault) {
        try change { (flushing) throws(LMDBError) in
            let now = Wakeup.nanoseconds()
            guard flushing.isDue(position, at: now), var point = flushing.point.take() else {
                return
            }
            try point.renew()
            flushing.position = position
            flushing.moment = now
            flushing.point = consume point
        }
    }

    /// Puts on disk what has been drafted; on the flusher's thread.
    func flushDraft() {
        guard let draft = flushing.withLock({ $0.draft.take() }) else { return }
        do throws(LMDBError) {
            try draft.flush()
            finish(draft, nil)
        } catch {
            finish(nil, error)
        }
    }

    private func finish(_ draft: consuming RollbackPoint.Draft?, _ failure: LMDBError?) {
        flushed.wakeAll {
            flushing.withLock { flushing in
                if let draft = draft.take() { flushing.point?.keep(draft) }
                flushing.failure = failure
                flushing.isUnderWay = false
            }
        }
    }

    /// Clears the slots of readers that were killed, which keep pages from being used again; on the
    /// flusher's thread. What that fails of the fold hears.
    ///
    /// - Returns: How many there were.
    func clearStaleReaders() -> Int {
        do throws(LMDBError) {
            return try environment.checkReaders()
        } catch {
            flushing.withLock { $0.failure = error }
            return 0
        }
    }

    /// Waits until nothing of it is being flushed.
    private func awaitFlush() throws(ViewFault) {
        flushed.wait { flushing.withLock { $0.isUnderWay } }
        try change { (_) throws(LMDBError) in }
    }

    /// Puts on disk all that is committed, and has the next start take it as it is.
    func settle() throws(ViewFault) {
        try awaitFlush()
        try change { (flushing) throws(LMDBError) in
            try environment.setDurability(.noMetaSync)
            if let point = flushing.point.take() {
                try point.settle()
            } else {
                try environment.sync()
            }
            flushing.isBuilt = true
        }
    }

    /// Has what is committed written piece by piece, at rest after each, before it is settled.
    func writeOut(pace: Rebuilder) throws(ViewFault) {
        var offset: UInt64 = 0
        let end = fileBytes
        while offset < end, !pace.givesUp {
            let begun = Wakeup.nanoseconds()
            do throws(LMDBError) {
                try environment.writeOut(
                    from: offset, byteCount: ProjectingLimits.rebuildWriteBytes)
            } catch {
                throw fault(error)
            }
            offset += ProjectingLimits.rebuildWriteBytes
            // Twice as long as it took.
            let rests = 2 * ProjectingLimits.rebuildRestShare
            pace.rest(after: rests * (Wakeup.nanoseconds() - begun))
        }
    }

    /// Prepares for a successor: the file is on disk, or marked so that nobody trusts it.
    func giveWay() {
        do throws(ViewFault) {
            try settle()
        } catch {
            noteDamage(MalformedBytes("flush", at: 0))
        }
    }

    /// Takes a file that is not open back to the state that was flushed last. Where that fails, opening
    /// it meets the same, and says so.
    static func takeBack(path: String) {
        _ = try? Environment.rollBack(path: path, to: rollbackPath(path))
    }

    static func removeRollback(_ path: String) throws(ViewFault) {
        do throws(LMDBError) {
            try RollbackPoint.remove(rollbackPath(path))
        } catch {
            throw .storage("\(error)")
        }
    }

    /// - Throws: What a flush has met since the last call: the state that was to be kept is given up,
    ///   and the next commit begins with one that is flushed.
    private func change<Result>(
        _ body: (inout Flushing) throws(LMDBError) -> Result
    ) throws(ViewFault) -> Result {
        do throws(LMDBError) {
            return try flushing.withLock { (flushing) throws(LMDBError) in
                if let failure = flushing.failure.take() {
                    flushing.point = nil
                    throw failure
                }
                return try body(&flushing)
            }
        } catch {
            throw fault(error)
        }
    }
}
