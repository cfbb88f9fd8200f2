internal import EventLog
internal import EventModel
internal import Synchronization
internal import Threads
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
    private let generation: IdentityGeneration
    private let kept = Mutex<Kept?>(nil)
    /// How often a file was to be discarded, and was: one that was begun before is not used.
    private let discards = Atomic(0)
    private let discarded = Atomic(0)
    private let wakeup = Wakeup()
    private let isStopped = Atomic(false)

    init(
        _ log: LogSource, path: String, customers: CustomerLookup?,
        under generation: IdentityGeneration
    ) {
        self.log = log
        self.generation = generation
        self.path = path
        self.customers = customers
    }

    /// Shows the view at a moment; who else asks waits until it has been shown.
    func show(
        at moment: PastMoment, _ body: (borrowing ViewSnapshot) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        var isShown = false
        while !isShown {
            // Who wants the file gone comes first.
            wakeup.wait { !isStill }
            try kept.withLock { (kept) throws(ViewFault) in
                guard let store = try reached(moment, &kept) else { return }
                try body(try ViewSnapshot(store))
                isShown = true
            }
        }
    }

    /// Discards what was folded; what is being folded is begun again.
    func discard() throws(ViewFault) {
        discards.add(1, ordering: .sequentiallyConsistent)
        defer { wakeup.wakeAll { _ = discarded.add(1, ordering: .sequentiallyConsistent) } }
        try kept.withLock { (kept) throws(ViewFault) in
            kept = nil
            try ViewStore.remove(path: path)
        }
    }

    /// Whether nobody wants the file gone.
    private var isStill: Bool {
        discarded.load(ordering: .sequentiallyConsistent)
            == discards.load(ordering: .sequentiallyConsistent)
    }

    /// Folds up to a moment; nil where what was folded is to be discarded meanwhile.
    private func reached(
        _ moment: PastMoment, _ kept: inout Kept?
    ) throws(ViewFault) -> ViewStore? {
        do throws(ViewFault) {
            return try reach(moment, &kept)
        } catch {
            // Half a view is of no use, and takes room.
            kept = nil
            try ViewStore.remove(path: path)
            throw error
        }
    }

    /// Has folding end early, and from now on.
    func stop() { isStopped.store(true, ordering: .sequentiallyConsistent) }

    private func isCurrent(_ kept: Kept) -> Bool {
        kept.discards == discards.load(ordering: .sequentiallyConsistent)
    }

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
        try made.store.fold(under: generation, isIdentity: customers == nil)
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
