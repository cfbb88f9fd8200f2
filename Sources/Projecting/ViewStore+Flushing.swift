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
    /// The position that the point reflects.
    var position = Position.zero
    /// When it was flushed, in nanoseconds of the monotonic clock.
    var moment: UInt64 = 0

    init(isBuilt: Bool) { self.isBuilt = isBuilt }
}

/// A commit is for readers, a flush for power cuts: many commits share one flush, so that the disk
/// is the journal's.
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

    /// Flushes what is committed, where the last flush lies a while back in time or in events.
    func flushIfDue(_ position: Position) throws(ViewFault) {
        try change { (flushing) throws(LMDBError) in
            guard var point = flushing.point.take() else { return }
            let now = Wakeup.nanoseconds()
            if now - flushing.moment >= ProjectingLimits.flushSpacingMilliseconds * 1_000_000
                || position.rawValue - flushing.position.rawValue
                    >= ProjectingLimits.eventsPerCheckpointMax
            {
                try point.renew()
                flushing.position = position
                flushing.moment = now
            }
            flushing.point = consume point
        }
    }

    /// Puts on disk all that is committed, and has the next start take it as it is.
    func settle() throws(ViewFault) {
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

    static func removeRollback(_ path: String) throws(ViewFault) {
        do throws(LMDBError) {
            try RollbackPoint.remove(rollbackPath(path))
        } catch {
            throw .storage("\(error)")
        }
    }

    private func change(
        _ body: (inout Flushing) throws(LMDBError) -> Void
    ) throws(ViewFault) {
        do throws(LMDBError) {
            try flushing.withLock { (flushing) throws(LMDBError) in try body(&flushing) }
        } catch {
            throw fault(error)
        }
    }
}
