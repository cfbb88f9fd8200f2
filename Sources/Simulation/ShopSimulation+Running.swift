public import EventModel

/// How a simulation stands.
public struct SimulationReport: Sendable, Hashable {
    /// The events given so far.
    public var events: UInt64
    /// Those who wait, by the name of the queue; queues without any are left out.
    public var waiting: [String: Int]
    /// Contacts in which customer and agent are together, or the agent wraps up.
    public var inService: Int
    /// Customers who will be called back.
    public var callbacksPending: Int
    /// Somebody worth looking at: seen on the most channels, with something open.
    public var customer: Identifier?
}

extension ShopSimulation {
    /// Tells how it stands now. Complexity: O(customers and open contacts).
    public func report() -> SimulationReport {
        var report = SimulationReport(
            events: events, waiting: [:], inService: 0, callbacksPending: 0)
        for slot in contacts.occupied {
            switch contacts[slot].state {
            case .machine: break
            case .queued, .offering: report.waiting[contacts[slot].queue.name, default: 0] += 1
            case .connected, .wrapUp: report.inService += 1
            case .callbackPending: report.callbacksPending += 1
            }
        }
        var best = 0
        for (index, customer) in customers.enumerated() where customer.interest > best {
            best = customer.interest
            report.customer = person(index).emailIdentifier(.stated)
        }
        return report
    }

    /// Hands all that is left over in batches and tells how it stands at the end.
    ///
    /// - Throws: What `send` throws; the events of that batch count as given.
    public mutating func run<Failure>(
        batchEvents: Int = 256, send: (_ batch: EventBatch) throws(Failure) -> Void
    ) throws(Failure) -> SimulationReport {
        try forEachBatch(of: batchEvents, send)
        return report()
    }
}

extension IteratorProtocol where Element == EventDraft {
    /// Hands all events that are left over in batches.
    mutating func forEachBatch<Failure>(
        of batchEvents: Int, _ send: (_ batch: EventBatch) throws(Failure) -> Void
    ) throws(Failure) {
        precondition((1...SimulationLimits.batchEventsMax).contains(batchEvents))
        var batch = EventBatch()
        while let draft = next() {
            batch.append(draft)
            guard batch.eventCount == batchEvents else { continue }
            try send(batch)
            batch.removeAll()
        }
        if batch.eventCount > 0 { try send(batch) }
    }
}

extension CustomerRecord {
    /// How much there is to see: the channels on which they spoke to the shop first, then site and
    /// shop, then what is open and what was bought; 0 when no contact is open.
    fileprivate var interest: Int {
        guard openContacts > 0, isIntroduced else { return 0 }
        let media = (channels & ~(Self.web | Self.store)).nonzeroBitCount
        let open = Int(openContacts) * 2 + Int(openOrders)
        return media * 1_000 + (channels.nonzeroBitCount - media) * 100 + min(open, 9) * 10
            + min(Int(orders), 9)
    }
}
