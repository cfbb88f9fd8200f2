internal import EventLog
internal import EventModel
internal import LMDB
internal import Synchronization
internal import Threads
internal import Views

/// Folding a successor beside the view in use.
extension Projector: Rebuilding where Fold: ~Copyable {
    var projectionName: String { Fold.name }

    func rebuild(pace: Rebuilder, anew: Bool) throws(ViewFault) -> Bool {
        guard !status.isBuilding else { return true }
        do throws(ViewFault) {
            if anew { try files.removeCopied() }
        } catch {
            try files.removeBuilding()
            throw error
        }
        // Where there is no room for the rest, what is there of it is gone on with when there is.
        try checkRoom()
        do throws(ViewFault) {
            return try build(pace)
        } catch {
            try files.removeBuilding()
            throw error
        }
    }

    private func checkRoom() throws(ViewFault) {
        let (bytes, there) = (try store.rowBytes(), files.buildingBytes)
        if there < bytes { try store.checkRoom(for: bytes - there, beside: log) }
    }

    private func build(_ pace: Rebuilder) throws(ViewFault) -> Bool {
        // Identity may have been taken further back than this view: nobody runs ahead of it.
        while let customers, customers.progress.position < progress.position {
            guard !pace.givesUp else { return false }
            if let fault = customers.fault() {
                throw .storage("the identity view stands still: \(fault)")
            }
            pace.rest(after: ProjectingLimits.rebuildWaitNanoseconds)
        }
        // What another view tells of whom is no newer than that view.
        let scrubbed = min(pace.scrubbed, customers?.scrubbed() ?? Position(.max))
        let built = try Self.successor(
            files, log, generation, scrubbed: scrubbed, through: progress.position)
        try built.fold(under: generation, isIdentity: customers == nil)
        var worker = try ProjectorWorker<Fold>(log: log, store: built, customers: customers)
        let start = try ViewSnapshot(built).position
        var position = start
        var nanoseconds: UInt64 = 0
        note(.folds(from: start, to: start, nanoseconds: 0))
        // Most of it without keeping the view in use from going on, and then what came while it was
        // written out.
        var isWrittenOut = false
        while true {
            guard !pace.givesUp else { return false }
            let isFar =
                progress.position.rawValue > position.rawValue + ProjectingLimits.eventsUnspaced
            if !isFar {
                guard !isWrittenOut else { break }
                try built.writeOut(pace: pace)
                isWrittenOut = true
                continue
            }
            let begun = Wakeup.nanoseconds()
            let bound = position.rawValue + ProjectingLimits.eventsPerRebuildStep
            let end = min(progress.position, Position(bound))
            try pace.turn { () throws(ViewFault) in
                try worker.advance(from: position, through: end, leaving: nil)
            }
            position = end
            let worked = Wakeup.nanoseconds() - begun
            nanoseconds += worked
            note(.folds(from: start, to: position, nanoseconds: nanoseconds))
            pace.rest(after: worked)
        }
        // Whoever folds the view in use waits while this takes its place.
        pace.comeForward()
        try built.settle()
        // It may have been folded from what the log does not hold any more.
        try files.removePrepared()
        try files.removeOtherBuilding()
        let begun = try built.scrubbed() ?? .zero
        let old = try turn.withLock { (_) throws(ViewFault) in
            let end = progress.position
            if position < end { try worker.advance(from: position, through: end, leaving: nil) }
            try built.settle()
            store.giveWay()
            try takePlace(built)
            let old = serve(built)
            try files.removeOtherVersions()
            return old
        }
        // What it was folded from may hold what an erasure has taken out of the log since.
        try whole.discard()
        note(scrubbed: begun)
        restartIfHalted()
        notify()
        pace.letGo(old)
        return true
    }

    /// Opens what a process of this boot of the machine has left of a successor, where it can be gone
    /// on with, or begins one.
    ///
    /// - Parameters:
    ///   - scrubbed: It must have begun when erasures up to here had been carried out.
    ///   - last: It must not be further than this.
    static func successor(
        _ files: ViewFiles, _ log: LogSource, _ generation: IdentityGeneration, scrubbed: Position,
        through last: Position
    ) throws(ViewFault) -> ViewStore {
        if let left = try usable(files, log, generation, scrubbed, last) { return left }
        try files.removeBuilding()
        let begun = try ViewStore.open(path: files.building, isBuilt: false)
        try begun.note(scrubbed: scrubbed)
        return begun
    }

    private static func usable(
        _ files: ViewFiles, _ log: LogSource, _ generation: IdentityGeneration,
        _ scrubbed: Position, _ last: Position
    ) throws(ViewFault) -> ViewStore? {
        guard files.isBeingBuilt else { return nil }
        let store = try ViewStore.open(path: files.building, isBuilt: false)
        guard let begun = try store.scrubbed(), begun >= scrubbed,
            try isOfThisIdentity(store, generation), try belongs(store, to: log),
            try ViewSnapshot(store).position <= last
        else { return nil }
        return store
    }

    /// Up to where erasures had been carried out when the successor was begun that lies there; zero
    /// where nobody knows.
    static func leftOver(_ files: ViewFiles) throws(ViewFault) -> Position {
        guard files.isBeingBuilt else { return .zero }
        return try ViewStore.open(path: files.building, isBuilt: false).scrubbed() ?? .zero
    }

    /// Moves a view that is on disk to where the next start looks for it.
    func takePlace(_ built: ViewStore) throws(ViewFault) {
        Failpoint.viewBuilt.pass()
        try files.takePlace(files.building)
        built.moved(to: files.path)
        Failpoint.viewMoved.pass()
    }
}
