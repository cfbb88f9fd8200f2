internal import Consumers
internal import EventLog
internal import EventModel

/// The named consumers as the loop knows them: how far each is done, how far it has read, and who
/// reads it. What must outlive the process goes to the `ConsumerStore` at once.
final class ConsumerSet {
    struct Consumer {
        var record: ConsumerRecord
        let filter: EventFilter
        /// The first position that its reader has not been shown.
        var next: Position
        /// The session that reads it; nil when none does.
        var holder: UInt64?
        /// Whether it was reset and not read since: an acknowledgement is one of what was read before.
        var isUnread = false
        /// The number of its newest change, to be compared with what is durable.
        var change: UInt64

        init(_ record: ConsumerRecord, change: UInt64) {
            self.record = record
            filter = EventFilter(types: record.types, channels: record.channels)
            next = record.acknowledged.next
            self.change = change
        }
    }

    let store: ConsumerStore
    private(set) var consumers: [String: Consumer] = [:]

    /// Takes up what a store has found on disk. A consumer whose position was counted in an earlier
    /// epoch, and lies beyond what that has in common with this one, goes back to the last position
    /// that both have: what follows there it has not seen.
    init(_ store: ConsumerStore, epochs: [StoreEpoch]) {
        self.store = store
        let present = epochs.last ?? .first
        for var record in store.found {
            var change: UInt64 = 0
            if record.epoch != present.number {
                let next = epochs.first { $0.number > record.epoch }
                if let next, record.acknowledged >= next.position {
                    record.acknowledged = Position(next.position.rawValue - 1)
                }
                record.epoch = present.number
                change = store.set(record)
            }
            consumers[record.name] = Consumer(record, change: change)
        }
    }

    var names: [String] { consumers.keys.sorted() }

    /// Takes a new one in, which belongs to who asks.
    func add(_ record: ConsumerRecord, for session: Session) throws(ConsumerRefusal) -> UInt64 {
        guard consumers[record.name] == nil else { throw .exists }
        guard consumers.count < ConsumerLimits.consumersMax else {
            throw .tooMany(ConsumerLimits.consumersMax)
        }
        if session.role != .operator {
            let most = ConsumerLimits.consumersPerOwnerMax
            let owned = consumers.values.count { $0.record.owner == session.user }
            guard owned < most else { throw .tooManyOwned(most) }
        }
        let change = store.set(record)
        consumers[record.name] = Consumer(record, change: change)
        return change
    }

    /// Checks that a session may change a consumer: its user's, or nobody's; operators may all.
    func check(_ name: String, _ session: Session) throws(ConsumerRefusal) {
        guard let consumer = consumers[name] else { throw .unknown }
        guard let owner = consumer.record.owner, session.role != .operator else { return }
        guard owner == session.user else { throw .belongs(to: owner) }
    }

    /// Hands a consumer to a user, whose connections read it from now on.
    func give(_ name: String, to owner: UInt32) throws(ConsumerRefusal) -> UInt64 {
        guard var consumer = consumers[name] else { throw .unknown }
        consumer.record.owner = owner
        consumer.holder = nil
        consumer.change = store.set(consumer.record)
        consumers[name] = consumer
        return consumer.change
    }

    func remove(_ name: String) throws(ConsumerRefusal) -> UInt64 {
        guard consumers.removeValue(forKey: name) != nil else { throw .unknown }
        return store.remove(name)
    }

    /// Has a consumer read on from a position, by whoever asks next.
    func reset(_ name: String, to start: Position) throws(ConsumerRefusal) -> UInt64 {
        guard var consumer = consumers[name] else { throw .unknown }
        consumer.record.acknowledged = Position(start.rawValue - 1)
        consumer.next = start
        consumer.holder = nil
        consumer.isUnread = true
        consumer.change = store.set(consumer.record)
        consumers[name] = consumer
        return consumer.change
    }

    /// Makes a session the one that reads a consumer: it begins behind what is acknowledged. One that
    /// is nobody's belongs to its user from then on, unless that is an operator, who may look at all.
    func hold(_ name: String, by session: Session) throws(ConsumerRefusal) {
        try check(name, session)
        guard var consumer = consumers[name] else { throw .unknown }
        if let holder = consumer.holder {
            guard holder == session.id else { throw .held(by: holder) }
            return
        }
        consumer.holder = session.id
        consumer.next = consumer.record.acknowledged.next
        if consumer.record.owner == nil, session.role != .operator {
            consumer.record.owner = session.user
            consumer.change = store.set(consumer.record)
        }
        consumers[name] = consumer
    }

    /// Notes that its reader has been shown everything before a position.
    func advance(_ name: String, to next: Position) {
        consumers[name]?.next = next
        consumers[name]?.isUnread = false
    }

    /// Notes that everything up to a position is done; one that is known already changes nothing.
    ///
    /// - Returns: The number of the newest change, and up to where all is done.
    func acknowledge(
        _ name: String, through position: Position
    ) throws(ConsumerRefusal) -> (change: UInt64, acknowledged: Position) {
        guard var consumer = consumers[name] else { throw .unknown }
        if position > consumer.record.acknowledged {
            guard !consumer.isUnread else { throw .reset(to: consumer.next) }
            consumer.record.acknowledged = position
            consumer.next = max(consumer.next, position.next)
            consumer.change = store.set(consumer.record)
            consumers[name] = consumer
        }
        return (consumer.change, consumer.record.acknowledged)
    }

    /// Lets go of what a session reads: it has closed.
    func release(_ session: UInt64) {
        for (name, consumer) in consumers where consumer.holder == session {
            consumers[name]?.holder = nil
        }
    }
}
