public import EventLog
internal import EventModel
internal import LMDB
internal import Synchronization
internal import Threads
public import Views

/// Folds the log into one view: one thread, one file, checkpoint and rows in one transaction.
public final class Projector<Fold: Projection & ~Copyable & SendableMetatype>: Sendable {
    /// Moves when a checkpoint is committed: how far readers of the view see.
    public let progress = HeadSignal()
    let log: LogSource
    let customers: CustomerLookup?
    /// By which rules identity reads all events.
    let generation: IdentityGeneration
    let files: ViewFiles
    /// Held while a batch is folded into the view in use, and while another takes its place.
    let turn = Mutex<Void>(())
    /// What `scrubbed` was of the successor that the process before this one was folding, if any.
    let leftOver: Position?
    /// The view as it was at a past moment, for who asks for all of it.
    let whole: WholePast<Fold>
    private let serving: Mutex<ViewStore>
    private let trail: LeftTrail?
    private let flusher: ViewFlusher?
    private let pacer = Pacer()
    /// See `ProjectingLimits.checkpointSpacingMilliseconds`, which it is as a rule; in nanoseconds.
    private let spacing: UInt64
    let state: Mutex<ProjectorState>

    /// What the identity fold leaves to those behind it.
    struct LeftTrail: Sendable {
        let trail: ResolvedTrail
        /// Tells whom the event folded last concerns.
        let customers: @Sendable (borrowing Fold) -> [CustomerID]
        /// Tells whose person it has made another.
        let moves: @Sendable (borrowing Fold) -> [PersonMove]
    }

    /// Opens the view's file; one that does not belong to this log is made anew.
    ///
    /// - Parameters:
    ///   - customers: Resolves identifiers; nil for the identity fold itself, else the view never
    ///     runs ahead of it.
    ///   - generation: By which rules identity reads all events.
    ///   - flusher: Puts on disk what the thread commits; nil for the thread itself.
    ///   - spacing: Between two checkpoints' beginnings, at least.
    ///   - trail: Where the identity fold leaves its events.
    init(
        log: LogSource, folder: String, customers: CustomerLookup?,
        under generation: IdentityGeneration, flushedBy flusher: ViewFlusher? = nil,
        spacedByMilliseconds spacing: UInt64 = ProjectingLimits.checkpointSpacingMilliseconds,
        leaving trail: LeftTrail? = nil
    ) throws(ViewFault) {
        self.spacing = spacing * 1_000_000
        self.flusher = flusher
        self.log = log
        self.customers = customers
        self.generation = generation
        self.trail = trail
        files = ViewFiles(folder: folder, name: Fold.name, version: Fold.version)
        try files.removePast()
        whole = WholePast(log, path: files.past, customers: customers, under: generation)
        // What another start of the machine has left is not opened.
        let isStale = try files.removeStaleBuilding()
        try files.removeCopied()
        let wasBuilding = isStale || files.isBeingBuilt
        let opened = try Self.open(files, log, generation)
        try opened.store.fold(under: generation, isIdentity: customers == nil)
        leftOver = wasBuilding && !opened.isBuilding ? try Self.leftOver(files) : nil
        serving = Mutex(opened.store)
        progress.publish(try ViewSnapshot(opened.store).position)
        state = Mutex(
            ProjectorState(
                isBuilding: opened.isBuilding, scrubbed: try opened.store.scrubbed() ?? .zero))
    }

    /// Opens the view of this version. Where there is none but one of another version, or its rows
    /// were folded with another version of the identity projection or other rules for all events, one
    /// is built beside.
    private static func open(
        _ files: ViewFiles, _ log: LogSource, _ generation: IdentityGeneration
    ) throws(ViewFault) -> (store: ViewStore, isBuilding: Bool) {
        try takePrepared(files, log, generation)
        let isEmpty = log.head.position == .zero
        if !files.isThere, !isEmpty, !files.otherVersions().isEmpty {
            let begun = try successor(
                files, log, generation, scrubbed: .zero, through: log.head.position)
            return (begun, true)
        }
        var store = try ViewStore.open(path: files.path)
        if try !isOfThisIdentity(store, generation) {
            let begun = try successor(
                files, log, generation, scrubbed: .zero, through: log.head.position)
            return (begun, true)
        }
        if try !belongs(store, to: log) {
            // The old environment must be gone before its file is made anew.
            store = try replace(consume store, path: files.path)
        }
        try files.removeOtherVersions()
        return (store, false)
    }

    private static func replace(
        _ store: consuming ViewStore, path: String
    ) throws(ViewFault) -> ViewStore {
        _ = consume store
        try ViewStore.remove(path: path)
        return try ViewStore.open(path: path)
    }

    /// A consistent state of the view, for documents.
    public func snapshot() throws(ViewFault) -> ViewSnapshot { try ViewSnapshot(store) }

    /// Says that a reader waits for the view (1) or no longer does (-1).
    public func hurry(_ change: Int) { pacer.hurry(change) }

    /// Has `observer` called after each checkpoint, on the projector's thread.
    public func observe(_ observer: @escaping @Sendable () -> Void) {
        state.withLock { $0.observer = observer }
    }

    /// The view in use.
    var store: ViewStore { serving.withLock { $0 } }

    /// Has a view read and folded on instead of the one in use; in turn only.
    ///
    /// - Returns: That one. Who lets go of it last closes its file, which takes a while: not under the
    ///   lock, and not who answers.
    func serve(_ store: ViewStore) -> ViewStore {
        serving.withLock { serving in
            let old = serving
            serving = store
            return old
        }
    }

    /// Up to where erasures had been carried out in the log when the view in use was begun.
    var scrubbed: Position { state.withLock { $0.scrubbed } }

    /// Notes it, once nothing is left of the view before.
    func note(scrubbed position: Position) { state.withLock { $0.scrubbed = position } }

    /// Notes how folding the view anew stands.
    func note(_ rebuild: RebuildProgress?) {
        state.withLock { $0.rebuild = rebuild }
        notify()
    }

    /// What damage was met in the view, or nil.
    var damageFound: String? { store.damageFound }

    /// Starts the thread.
    func start() {
        customers?.trail.join(progress)
        let thread = PlainThread(
            name: "fold-\(Fold.name.prefix(9))", .batch(nice: ProjectingLimits.threadNice)
        ) { self.run() }
        state.withLock { $0.thread = thread }
    }

    /// Folds up to the log's head as it is now on the calling thread, of a projector without one of
    /// its own. It waits for the identity view, which somebody else must bring there.
    public func catchUp() throws(ViewFault) {
        precondition(state.withLock { $0.thread == nil }, "one thread folds a view")
        customers?.trail.join(progress)
        defer { customers?.trail.leave(progress) }
        let head = log.head.position
        var worker = try ProjectorWorker<Fold>(log: log, store: store, customers: customers)
        while progress.position < head,
            let target = waitForEvents(beyond: progress.position)
        {
            let end = min(target, head)
            let begun = Wakeup.nanoseconds()
            if try !advance(&worker, from: progress.position, through: end) {
                worker = try ProjectorWorker<Fold>(log: log, store: store, customers: customers)
                guard try committed(beyond: progress.position, begun) != nil else { return }
            }
        }
        try finishBuilding()
    }

    /// Waits for the thread to end, after the log's head and the identity view have stopped.
    func join() {
        progress.stop()
        pacer.hurry(1)
        let thread = state.withLock { state in
            defer { state.thread = nil }
            return state.thread
        }
        thread?.join()
    }

    /// Why it stands still by itself, or nil.
    var fault: String? { store.damageFound ?? state.withLock { $0.fault } }

    /// Why there is nothing more to fold although the log goes on.
    private var faultOfIdentity: String? {
        guard let customers, let fault = customers.fault(),
            progress.position >= customers.progress.position
        else { return nil }
        return "the identity view stands still: \(fault)"
    }

    /// What a reader asks before each read: the position first, since the file that is in use then
    /// holds it.
    public var standing: ViewStanding {
        let position = progress.position
        let store = store
        let isFaulty = store.damageFound != nil || faultOfIdentity != nil
        let isServed = !isFaulty && state.withLock { $0.fault == nil && !$0.isBuilding }
        return ViewStanding(
            state: ViewState(file: store.number, position: position), isServed: isServed)
    }

    /// How the projection stands.
    public var status: ProjectionStatus {
        let store = store
        let state = state.withLock { state in
            (
                fault: store.damageFound ?? state.fault, shortage: state.shortage,
                events: state.eventsFolded, nanoseconds: state.nanosecondsFolding,
                checkpoints: state.checkpoints, isBuilding: state.isBuilding,
                rebuild: state.rebuild
            )
        }
        return ProjectionStatus(
            name: Fold.name, version: Fold.version, position: progress.position,
            head: log.head.position, fault: state.fault ?? faultOfIdentity,
            shortage: state.shortage, eventsFolded: state.events,
            nanosecondsFolding: state.nanoseconds, checkpoints: state.checkpoints,
            fileBytes: store.fileBytes, mapBytes: store.mapBytes, isBuilding: state.isBuilding,
            rebuild: state.rebuild)
    }
}

/// The thread's work.
extension Projector where Fold: ~Copyable {
    private func run() {
        defer { customers?.trail.leave(progress) }
        do throws(ViewFault) {
            var worker = try makeWorker()
            var position = progress.position
            var wasFarBehind = false
            while store.damageFound == nil, let target = waitForEvents(beyond: position) {
                let begun = Wakeup.nanoseconds()
                let isAdvanced = try turn.withLock { (_) throws(ViewFault) in
                    if !worker.folds(into: store) {
                        // Another view has taken the place of the one it folded.
                        worker = try makeWorker()
                    }
                    return try advance(&worker, from: position, through: target)
                }
                guard isAdvanced else {
                    // What the fold holds of the batch is of no use.
                    worker = try makeWorker()
                    guard let reached = try committed(beyond: position, begun) else { break }
                    position = reached
                    continue
                }
                if target.rawValue - position.rawValue > ProjectingLimits.eventsPerCheckpointMax {
                    wasFarBehind = true
                }
                position = target
                let behind = log.head.position.rawValue - position.rawValue
                if behind >= ProjectingLimits.eventsUnspaced {
                    restFromBuilding(since: begun)
                } else {
                    try finishBuilding()
                    giveBackMemory(far: &wasFarBehind)
                    pacer.pause(untilNanoseconds: begun + spacing)
                }
            }
            // Whoever waits for a view that a reader has found damaged waits for nothing.
            if store.damageFound != nil {
                state.withLock { $0.isHalted = true }
                notify()
            } else if !state.withLock({ $0.isBuilding }) {
                try turn.withLock { (_) throws(ViewFault) in try store.settle() }
            }
        } catch {
            halt(for: error)
        }
    }

    /// A checkpoint far behind takes hundreds of MiB, one near the head next to nothing.
    private func giveBackMemory(far wasFarBehind: inout Bool) {
        if wasFarBehind { LargeBlocks.giveBackFree() }
        wasFarBehind = false
    }

    private func makeWorker() throws(ViewFault) -> ProjectorWorker<Fold> {
        try ProjectorWorker(log: log, store: store, customers: customers, flushedBy: flusher)
    }

    /// Rests a part of the time that a batch took of a view that nobody reads yet, as one that is
    /// folded beside: who appends and reads other views goes first.
    private func restFromBuilding(since begun: UInt64) {
        guard state.withLock({ $0.isBuilding }) else { return }
        let now = Wakeup.nanoseconds()
        pacer.pause(untilNanoseconds: now + (now - begun) / ProjectingLimits.rebuildRestShare)
    }

    /// Folds and commits a batch. Returns false where there is no room for it, or no file can be opened, after
    /// a moment, and where events in it cannot be read but some before them can: the batch must end there.
    private func advance(
        _ worker: inout ProjectorWorker<Fold>, from start: Position, through end: Position
    ) throws(ViewFault) -> Bool {
        let begun = Wakeup.nanoseconds()
        do throws(ViewFault) {
            try worker.advance(from: start, through: end, leaving: trail)
        } catch {
            if let damage = worker.damageBegins, damage > start.next, damage <= end {
                state.withLock { $0.readable = Position(damage.rawValue - 1) }
                return false
            }
            try waitOut(error)
            return false
        }
        state.withLock { $0.shortage = nil }
        finish(batchFrom: start, to: end, begun: begun)
        return true
    }

    /// Stands still for good. A row that does not have its form puts the view out of use, unless it
    /// is one of the identity view, which then is out of use itself.
    private func halt(for fault: ViewFault) {
        let isIdentity = customers?.damageFound() != nil
        if case .damaged(let what) = fault, !isIdentity { store.noteDamage(what) }
        state.withLock {
            $0.fault = isIdentity ? "the identity view is damaged" : "\(fault)"
            $0.isHalted = true
        }
        notify()
    }

    /// Goes on after a fault with the view that has taken the place of the one that had it.
    func restartIfHalted() {
        let thread = state.withLock { state -> PlainThread? in
            guard state.isHalted else { return nil }
            state.isHalted = false
            state.fault = nil
            defer { state.thread = nil }
            return state.thread
        }
        guard let thread else { return }
        thread.join()
        start()
    }

    /// Returns how far the fold may go, or nil when it is to stop.
    private func waitForEvents(beyond position: Position) -> Position? {
        guard log.head.wait(beyond: position) else { return nil }
        var target = log.head.position
        if let customers {
            guard customers.progress.wait(beyond: position) else { return nil }
            target = min(target, customers.progress.position)
        }
        if let readable = state.withLock({ $0.readable }), position < readable {
            target = min(target, readable)
        }
        let bound = position.rawValue + eventsPerCheckpoint(behind: target, position)
        target = min(target, Position(bound))
        trail?.trail.prepare(behind: log.head.position.rawValue - target.rawValue)
        return target
    }

    /// The most events of a checkpoint.
    private func eventsPerCheckpoint(behind target: Position, _ position: Position) -> UInt64 {
        let isFarBehind = target.rawValue - position.rawValue > ProjectingLimits.eventsFarBehind
        // Those behind identity take its events from memory.
        guard isFarBehind, trail == nil else { return ProjectingLimits.eventsPerCheckpointMax }
        return ProjectingLimits.eventsPerCheckpointFarBehind
    }

    func finish(batchFrom start: Position, to end: Position, begun: UInt64) {
        state.withLock {
            $0.eventsFolded += end.rawValue - start.rawValue
            $0.nanosecondsFolding += Wakeup.nanoseconds() - begun
            $0.checkpoints += 1
        }
        progress.publish(end)
        customers?.trail.followerMoved()
        notify()
    }

    func notify() { state.withLock { $0.observer }?() }
}
