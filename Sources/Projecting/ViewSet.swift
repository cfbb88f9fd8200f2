public import EventLog
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

    /// Opens all views in a folder and starts their threads.
    public convenience init(log: EventLog, folder: String) throws(ViewFault) {
        try self.init(stillOn: log, folder: folder)
        // The folds behind identity first, so that it leaves them its trail from the beginning.
        queues.start()
        metrics.start()
        customers.start()
        identity.start()
    }

    /// Opens all views in a folder and starts no thread: who opened them calls `catchUp`.
    public init(stillOn log: EventLog, folder: String) throws(ViewFault) {
        let trail = ResolvedTrail()
        let identity = try Projector<IdentityProjection>(
            log: log, folder: folder, customers: nil,
            leaving: .init(
                trail: trail, customers: { $0.customers }, persons: { $0.persons }))
        let lookup = CustomerLookup(
            progress: identity.progress,
            snapshot: { () throws(ViewFault) in try identity.snapshot() },
            trail: trail, damageFound: { identity.damageFound }, fault: { identity.status.fault })
        self.identity = identity
        queues = try Projector(log: log, folder: folder, customers: lookup)
        metrics = try Projector(log: log, folder: folder, customers: lookup)
        customers = try Projector(log: log, folder: folder, customers: lookup)
    }

    /// Stops the threads at their next checkpoint and waits for them; the log's head must have
    /// been stopped.
    public func stop() {
        identity.join()
        queues.join()
        metrics.join()
        customers.join()
    }

    /// How each projection stands, identity first.
    public var status: [ProjectionStatus] {
        [identity.status, queues.status, metrics.status, customers.status]
    }
}
