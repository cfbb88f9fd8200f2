internal import EventLog
internal import EventModel
internal import Synchronization
internal import Views

/// A view as it was at one past moment, folded whole from the first event into a file of its own
/// beside the view in use: for documents that ask for rows of all persons and contacts.
///
/// The file stays for the next question: the same moment is there already, and a later one is folded
/// on from there. It is worth nothing to the next start, and an erasure discards it.
final class WholePast<Fold: Projection & ~Copyable & SendableMetatype>: Sendable {
    private struct Kept: Sendable {
        let store: ViewStore
        let occurred: Timestamp?
        let discards: Int
    }

    private let log: LogSource
    private let path: String
    private let customers: CustomerLookup?
    private let kept = Mutex<Kept?>(nil)
    /// How often files were discarded: one that was begun before the last time is not used.
    private let discards = Atomic(0)
    private let isStopped = Atomic(false)

    init(_ log: LogSource, path: String, customers: CustomerLookup?) {
        self.log = log
        self.path = path
        self.customers = customers
    }

    /// Returns the view at a moment. One thread asks at a time.
    func snapshot(at moment: PastMoment) throws(ViewFault) -> ViewSnapshot {
        while true {
            let store = try kept.withLock { (kept) throws(ViewFault) -> ViewStore? in
                do throws(ViewFault) {
                    return try reach(moment, &kept)
                } catch {
                    // Half a view is of no use, and takes room.
                    kept = nil
                    try ViewStore.remove(path: path)
                    throw error
                }
            }
            if let store { return try ViewSnapshot(store) }
        }
    }

    /// Discards what was folded; what is being folded is begun again.
    func discard() throws(ViewFault) {
        discards.add(1, ordering: .sequentiallyConsistent)
        try ViewStore.remove(path: path)
        _ = kept.withLockIfAvailable { $0 = nil }
    }

    /// Has folding end early, and from now on.
    func stop() { isStopped.store(true, ordering: .sequentiallyConsistent) }

    private func isCurrent(_ kept: Kept) -> Bool {
        kept.discards == discards.load(ordering: .sequentiallyConsistent)
    }

    /// Folds up to a moment; nil where what was folded has been discarded meanwhile.
    private func reach(
        _ moment: PastMoment, _ kept: inout Kept?
    ) throws(ViewFault) -> ViewStore? {
        let (now, start) = try begin(moment, &kept)
        var position = start
        if position < moment.position {
            var worker = try ProjectorWorker<Fold>(
                log: log, store: now.store, customers: customers, occurredBy: now.occurred)
            while position < moment.position {
                guard !isStopped.load(ordering: .sequentiallyConsistent) else {
                    throw .storage("the past is not folded any more: the daemon stops")
                }
                guard isCurrent(now) else { break }
                let bound = position.rawValue + ProjectingLimits.eventsPerCheckpointMax
                let end = min(moment.position, Position(bound))
                try worker.advance(from: position, through: end, leaving: nil)
                position = end
            }
        }
        guard isCurrent(now) else {
            kept = nil
            return nil
        }
        return now.store
    }

    /// What can be folded on to a moment, and how far it is: what is kept, or an empty view.
    private func begin(
        _ moment: PastMoment, _ kept: inout Kept?
    ) throws(ViewFault) -> (kept: Kept, position: Position) {
        if let known = kept, isCurrent(known), known.occurred == moment.occurred {
            let position = try ViewSnapshot(known.store).position
            if position <= moment.position { return (known, position) }
        }
        // The old environment must be gone before its file is made anew.
        kept = nil
        let discards = discards.load(ordering: .sequentiallyConsistent)
        try ViewStore.remove(path: path)
        let made = Kept(
            store: try ViewStore.open(path: path, isBuilt: false), occurred: moment.occurred,
            discards: discards)
        kept = made
        return (made, .zero)
    }
}

extension ViewSet {
    /// Has nobody fold the past any more: who does is refused at the next checkpoint.
    public func stopPast() {
        identity.whole.stop()
        queues.whole.stop()
        metrics.whole.stop()
        customers.whole.stop()
    }
}
