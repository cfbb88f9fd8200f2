internal import EventLog
internal import EventModel
internal import LMDB
internal import Synchronization
internal import Threads
internal import Views

/// Folding a successor beside the view in use.
extension Projector: Rebuilding where Fold: ~Copyable {
    var projectionName: String { Fold.name }

    func rebuild(pace: Rebuilder) throws(ViewFault) {
        guard !status.isBuilding else { return }
        do throws(ViewFault) {
            try build(pace)
        } catch {
            _ = try files.removeBuilding()
            throw error
        }
    }

    private func build(_ pace: Rebuilder) throws(ViewFault) {
        _ = try files.removeBuilding()
        let built = try ViewStore.open(path: files.building, isBuilt: false)
        var worker = try ProjectorWorker<Fold>(log: log, store: built, customers: customers)
        var position = Position.zero
        var nanoseconds: UInt64 = 0
        note(.folds(events: 0, nanoseconds: 0))
        // Most of it without keeping the view in use from going on.
        while progress.position.rawValue - position.rawValue > ProjectingLimits.eventsUnspaced {
            guard !pace.isStopped else { return }
            let begun = Wakeup.nanoseconds()
            let bound = position.rawValue + ProjectingLimits.eventsPerRebuildStep
            let end = min(progress.position, Position(bound))
            try worker.advance(from: position, through: end, leaving: nil)
            position = end
            let worked = Wakeup.nanoseconds() - begun
            nanoseconds += worked
            note(.folds(events: position.rawValue, nanoseconds: nanoseconds))
            pace.rest(after: worked)
        }
        try built.settle()
        // It may have been folded from what the log does not hold any more.
        try files.removePrepared()
        try turn.withLock { (_) throws(ViewFault) in
            let end = progress.position
            if position < end { try worker.advance(from: position, through: end, leaving: nil) }
            try built.settle()
            store.giveWay()
            try takePlace(built)
            serve(built)
            try files.removeOtherVersions()
        }
        // What it was folded from may hold what an erasure has taken out of the log since.
        try whole.discard()
        restartIfHalted()
        notify()
    }

    /// Moves a view that is on disk to where the next start looks for it.
    func takePlace(_ built: ViewStore) throws(ViewFault) {
        Failpoint.viewBuilt.pass()
        try files.takePlace(files.building)
        built.moved(to: files.path)
        Failpoint.viewMoved.pass()
    }
}
