internal import EventLog
internal import EventModel
internal import Synchronization
internal import Threads
internal import Views

/// The end of building a view, and what passes: no room, no file that can be opened.
extension Projector where Fold: ~Copyable {
    /// Ends the building of a version that is new to the store: it can be read from now on.
    func finishBuilding() throws(ViewFault) {
        guard state.withLock({ $0.isBuilding }) else { return }
        let store = store
        let isInPlace = try waitingOut { () throws(ViewFault) in
            try store.settle()
            try takePlace(store)
        }
        // It is whole: the next start goes on with it.
        guard isInPlace else { return }
        state.withLock { $0.isBuilding = false }
        notify()
        _ = try waitingOut { () throws(ViewFault) in
            // A folder that cannot be opened would pass for an empty one.
            _ = try ViewFiles.opened(files.folder)
            try files.removeOtherVersions()
            try files.removeOtherBuilding()
        }
    }

    /// Where the view stands after a batch that did not end well: as it was, or at its end, where what
    /// failed came behind the commit.
    ///
    /// - Returns: nil where the log has stopped.
    func committed(
        beyond position: Position, _ begun: UInt64
    ) throws(ViewFault) -> Position? {
        var reached = position
        let isKnown = try waitingOut { () throws(ViewFault) in
            reached = try ViewSnapshot(store).position
        }
        guard isKnown else { return nil }
        if reached > position { finish(batchFrom: position, to: reached, begun: begun) }
        return reached
    }

    /// Does something, again and again while something is short.
    ///
    /// - Returns: False where the log has stopped meanwhile.
    private func waitingOut(
        _ body: () throws(ViewFault) -> Void
    ) throws(ViewFault) -> Bool {
        var hasWaited = false
        while true {
            do throws(ViewFault) {
                try body()
                // What a batch waits for is still short until one is folded.
                if hasWaited { state.withLock { $0.shortage = nil } }
                return true
            } catch {
                try waitOut(error)
                hasWaited = true
                guard !log.head.isStopped else { return false }
            }
        }
    }

    /// Says what is short, and waits a moment.
    ///
    /// - Throws: What does not pass.
    func waitOut(_ fault: ViewFault) throws(ViewFault) {
        guard fault.isPassing else { throw fault }
        state.withLock { $0.shortage = "\(fault)" }
        let pause = ProjectingLimits.fullRetryMilliseconds * 1_000_000
        // Nobody ends this early: a reader that waits makes no room.
        Wakeup().wait(untilNanoseconds: Wakeup.nanoseconds() + pause) { true }
    }
}
