public import EventLog
internal import EventModel
public import Views

/// All views of a store and the threads that fold them: identity first, the others behind it.
public final class ViewSet: Sendable {
    /// Who is who.
    public let identity: Projector<IdentityProjection>
    /// Interactions, queues, agents.
    public let queues: Projector<QueuesProjection>
    /// Figures.
    public let metrics: Projector<MetricsProjection>
    /// Customers.
    public let customers: Projector<CustomersProjection>

    /// What looks for damage where nobody reads.
    public let patrol: Patrol

    let log: LogSource
    let rebuilder = Rebuilder()
    let trail = ResolvedTrail()
    /// See `ProjectingLimits.touchedEventsMax`.
    let touchedEventsMax: Int
    private let flusher = ViewFlusher()

    /// Opens all views in a folder and starts their threads.
    public convenience init(log: EventLog, folder: String) throws(ViewFault) {
        try self.init(stillOn: log.source, folder: folder)
        flusher.start { [identity, queues, metrics, customers] in
            [identity.store, queues.store, metrics.store, customers.store]
        }
        // The folds behind identity first, so that it leaves them its trail from the beginning.
        queues.start()
        metrics.start()
        customers.start()
        identity.start()
        rebuilder.start()
        patrol.start(patrolled)
        askForLeftOvers()
    }

    /// Opens all views in a folder and starts no thread: who opened them calls `catchUp`.
    ///
    /// - Parameter touched: Events that are folded by themselves at a time where views are copied.
    public convenience init(
        stillOn log: EventLog, folder: String,
        foldingAtATime touched: Int = ProjectingLimits.touchedEventsMax
    ) throws(ViewFault) {
        try self.init(stillOn: log.source, folder: folder, foldingAtATime: touched)
    }

    /// Opens all views in a folder and starts no thread: who opened them calls `catchUp`.
    ///
    /// - Parameters:
    ///   - tried: Rules by which all events are read; nil for those that the log says.
    ///   - touched: Events that are folded by themselves at a time where views are copied.
    public init(
        stillOn log: LogSource, folder: String, trying tried: IdentityGeneration? = nil,
        foldingAtATime touched: Int = ProjectingLimits.touchedEventsMax
    ) throws(ViewFault) {
        self.log = log
        touchedEventsMax = touched
        let generation =
            if let tried { tried } else { try Self.generation(of: log, folder: folder) }
        patrol = Patrol(log)
        let trail = trail
        let identity = try Projector<IdentityProjection>(
            log: log, folder: folder, customers: nil, under: generation, flushedBy: flusher,
            leaving: .init(
                trail: trail, customers: { $0.customers }, moves: { $0.moves }))
        let lookup = CustomerLookup(
            progress: identity.progress,
            snapshot: { () throws(ViewFault) in try identity.snapshot() },
            trail: trail, scrubbed: { identity.scrubbed },
            damageFound: { identity.damageFound }, fault: { identity.fault })
        self.identity = identity
        queues = try Projector(
            log: log, folder: folder, customers: lookup, under: generation, flushedBy: flusher)
        metrics = try Projector(
            log: log, folder: folder, customers: lookup, under: generation, flushedBy: flusher,
            spacedByMilliseconds: ProjectingLimits.figuresSpacingMilliseconds)
        customers = try Projector(
            log: log, folder: folder, customers: lookup, under: generation, flushedBy: flusher)
    }

    /// Folds up to the log's head as it is now and carries out what `rebuild` was asked for, on the
    /// calling thread: of views without threads.
    public func catchUp() throws(ViewFault) {
        try identity.catchUp()
        try queues.catchUp()
        try metrics.catchUp()
        try customers.catchUp()
        rebuilder.catchUp()
    }

    /// Stops the threads at their next checkpoint and waits for them; the log's head must have
    /// been stopped.
    public func stop() {
        patrol.stop()
        rebuilder.stop()
        identity.join()
        queues.join()
        metrics.join()
        customers.join()
        flusher.stop()
    }

    /// How each projection stands, identity first.
    public var status: [ProjectionStatus] {
        [identity.status, queues.status, metrics.status, customers.status]
    }

    /// How many slots of readers that were killed have been cleared in views since the start.
    public var staleReadersCleared: UInt64 { flusher.staleReadersCleared }

    /// The names of all projections, identity first.
    public static let names = [
        IdentityProjection.name, QueuesProjection.name, MetricsProjection.name,
        CustomersProjection.name,
    ]

    /// Has a view folded anew from the first event, beside the one in use, whose place it takes
    /// once it has caught up. The identity view is followed by all others, which are folded with
    /// what it says.
    ///
    /// - Returns: Whether there is a projection of that name.
    public func rebuild(_ name: String) -> Bool {
        guard let projector = projector(name) else { return false }
        let isIdentity = projector.projectionName == IdentityProjection.name
        rebuilder.ask(isIdentity ? projectors : [projector])
        return true
    }

    /// Has folding gone on that the process before this one was at.
    private func askForLeftOvers() {
        rebuilder.note(scrubbed: scrubbedBefore)
        // All others follow identity; those of a round of erasures are asked for with its goal.
        if let scrubbed = identity.leftOver, scrubbed == .zero { return rebuilder.ask(projectors) }
        rebuilder.ask(projectors.filter { $0.leftOver != nil })
    }

    /// All that can be folded anew, identity first.
    var projectors: [any Rebuilding] { [identity, queues, metrics, customers] }

    /// All that the patrol looks at.
    var patrolled: [any Patrolled] { [identity, queues, metrics, customers] }

    private func projector(_ name: String) -> (any Rebuilding)? {
        projectors.first { $0.projectionName == name }
    }
}
