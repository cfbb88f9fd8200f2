internal import Consumers
internal import EventLog
internal import EventModel
internal import RESP
internal import Views

/// CONSUMER: a named reader whose place outlives its connection, and the daemon.
///
/// READ goes on from where this connection is, so that several reads may be under way before the
/// first is acknowledged; a connection that takes a consumer up begins behind what is acknowledged.
/// Delivery is therefore at least once: what was read and not acknowledged comes again, and after a
/// crash what was acknowledged and not yet flushed.
///
/// A consumer belongs to the user who made it, whichever connection of theirs asks; operators may do
/// everything with all of them.
extension CommandExecutor {
    /// Has a closure called when changes of consumers are on disk, on a thread of theirs.
    public func observeFlushes(_ observer: @escaping @Sendable () -> Void) {
        consumers?.store.observe(observer)
    }

    /// Lets go of what a session holds.
    public func closed(_ session: Session) {
        if session.readsConsumers { consumers?.release(session.id) }
        session.atHand.giveUp()
    }

    func consumer(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        if session.atHand.flush != nil { return try afterFlush(session) }
        let subcommands = ["CREATE", "READ", "ACK", "RESET", "DELETE", "GIVE", "LIST"]
            .filter { arguments.bytes($0) != nil }
        guard subcommands.count == 1 else {
            throw .badArgument(
                command.name, argument: "the subcommand",
                expected: "one of \(command.subcommands ?? "")")
        }
        switch subcommands[0] {
        case "CREATE": return try create(command, arguments, session)
        case "READ": return try readConsumer(command, arguments, session)
        case "ACK": return try acknowledge(command, arguments, session)
        case "RESET": return try reset(command, arguments, session)
        case "DELETE": return try delete(command, arguments, session)
        case "GIVE":
            do throws(CommandError) {
                return try give(command, arguments, session)
            } catch {
                audit("CONSUMER|GIVE", session, .refused(error.code.description))
                throw error
            }
        default:
            try listConsumers(session)
            return .answered
        }
    }

    private func changing<Result>(
        _ body: (ConsumerSet) throws(ConsumerRefusal) -> Result
    ) throws(CommandError) -> Result {
        guard let consumers else { throw .consumer(.notKept) }
        do throws(ConsumerRefusal) {
            return try body(consumers)
        } catch {
            throw .consumer(error)
        }
    }

    /// Checks, before anything is changed whose answer waits for the disk, that it can wait: what is
    /// refused is not done.
    private func checkRoomForFlush() throws(CommandError) {
        guard !isStopping else { throw .stopping }
        guard environment.hasRoomToWait() else {
            throw .limit(.waiters, value: limits[.waiters])
        }
    }

    /// Checks that a session may move or end a consumer: its owner and operators; one that is nobody's,
    /// any writer.
    ///
    /// - Returns: Whether it is another's, which only operators may.
    private func checkOwner(
        _ name: String, _ session: Session, _ subcommand: String
    ) throws(CommandError) -> Bool {
        let owner = try changing { (set) throws(ConsumerRefusal) in
            try set.check(name, session)
            return set.consumers[name]?.record.owner
        }
        if let owner { return owner != session.user }
        guard !session.role.may(.writer) else { return false }
        throw .notPermitted("CONSUMER \(subcommand) of what is nobody's", needs: .writer)
    }

    private func create(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        let name = try arguments.text("CREATE") ?? ""
        guard ConsumerRecord.isName(name) else {
            throw .badArgument(
                command.name, argument: "CREATE",
                expected: "a name of 1 to \(ConsumerLimits.nameBytesMax) of A-Z a-z 0-9 . _ -")
        }
        guard let from = try arguments.position("FROM") else {
            throw .missingOption(command.name, option: "FROM")
        }
        let start = max(from, Position(1))
        try checkStart(start, epoch: try arguments.integer("EPOCH", in: 1...Int64.max))
        let filter = try EventFilter(arguments, of: command, takesIdentifiers: false)
        let record = ConsumerRecord(
            name: name, epoch: environment.epoch, acknowledged: Position(start.rawValue - 1),
            created: environment.now(), owner: session.user, types: filter.types,
            channels: filter.channels)
        try checkRoomForFlush()
        return try answerFlushed(
            try changing { (set) throws(ConsumerRefusal) in try set.add(record, for: session) },
            session)
    }

    private func reset(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        let (name, position) = try nameAndPosition("RESET", command, arguments)
        let isAnothers = try checkOwner(name, session, "RESET")
        let start = max(position, Position(1))
        try checkStart(start, epoch: try arguments.integer("EPOCH", in: 1...Int64.max))
        try checkRoomForFlush()
        let change = try changing { (set) throws(ConsumerRefusal) in
            try set.reset(name, to: start)
        }
        if isAnothers { audit("CONSUMER|RESET", session, .done) }
        return try answerFlushed(change, session)
    }

    private func delete(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        let name = try arguments.text("DELETE") ?? ""
        let isAnothers = try checkOwner(name, session, "DELETE")
        try checkRoomForFlush()
        let change = try changing { (set) throws(ConsumerRefusal) in try set.remove(name) }
        if isAnothers { audit("CONSUMER|DELETE", session, .done) }
        return try answerFlushed(change, session)
    }

    /// GIVE: hands a consumer to a user, for whom an operator made it or whose number has changed.
    private func give(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        guard session.role.may(.operator) else {
            throw .notPermitted("CONSUMER GIVE", needs: .operator)
        }
        let words = try arguments.texts("GIVE")
        guard let owner = UInt32(words[1]), owner < .max else {
            throw .badArgument(
                command.name, argument: "GIVE's user",
                expected: "a user's number, 0 to \(UInt32.max - 1)")
        }
        try checkRoomForFlush()
        let change = try changing { (set) throws(ConsumerRefusal) in
            try set.give(words[0], to: owner)
        }
        audit("CONSUMER|GIVE", session, .done)
        return try answerFlushed(change, session)
    }

    /// ACK: answered at once; with DURABLE when it is on disk.
    private func acknowledge(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        let (name, position) = try nameAndPosition("ACK", command, arguments)
        let head = log.head.position
        guard position <= head else { throw .ahead(asked: position, head: head) }
        // Who has read before a restore means other events by the same positions.
        try checkStart(position.next, epoch: try arguments.integer("EPOCH", in: 1...Int64.max))
        let isDurable = arguments.has("DURABLE")
        if isDurable { try checkRoomForFlush() }
        let (change, acknowledged) = try changing { (set) throws(ConsumerRefusal) in
            try set.hold(name, by: session)
            return try set.acknowledge(name, through: position)
        }
        session.readsConsumers = true
        guard isDurable else {
            session.replies.integer(acknowledged.rawValue)
            return .answered
        }
        return try answerFlushed(change, acknowledged: acknowledged, session)
    }

    private func nameAndPosition(
        _ token: String, _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> (String, Position) {
        let words = try arguments.texts(token)
        guard let position = Int64(words[1]), position >= 0 else {
            throw .badArgument(
                command.name, argument: "\(token)'s position",
                expected: "a whole number from 0 to \(Int64.max)")
        }
        return (words[0], Position(UInt64(position)))
    }
}

/// Reading.
extension CommandExecutor {
    private func readConsumer(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        let name = try arguments.text("READ") ?? ""
        let count =
            try arguments.integer("COUNT", in: 1...CommandLimits.eventsPerReplyMax)
            ?? CommandLimits.eventsPerReplyDefault
        let wait = try arguments.integer("WAIT", in: 0...CommandLimits.waitMillisecondsMax) ?? 0
        try changing { (set) throws(ConsumerRefusal) in try set.hold(name, by: session) }
        session.readsConsumers = true
        guard let consumer = consumers?.consumers[name] else { throw .consumer(.unknown) }
        var documents = ReplyWriter(protocolVersion: session.replies.protocolVersion)
        let (shown, next) = try look(
            consumer, count: Int(count), bytesMax: replyBytesMax(for: session), &documents)
        consumers?.advance(name, to: next)
        if shown == 0, next > log.head.position, wait > 0, !isTimeUp(session, within: wait) {
            return .waits(for: .head(beyond: next.rawValue - 1))
        }
        session.replies.array(2)
        session.replies.integer(next.rawValue)
        session.replies.array(shown)
        session.replies.buffer.append(documents.buffer.bytes)
        return .answered
    }

    /// Writes the next events that a consumer wants.
    ///
    /// - Returns: How many, and the position to go on from.
    private func look(
        _ consumer: ConsumerSet.Consumer, count: Int, bytesMax: Int,
        _ documents: inout ReplyWriter
    ) throws(CommandError) -> (shown: Int, next: Position) {
        var (shown, next) = (0, consumer.next)
        let lookupsMax = channels.lookups + CommandLimits.timelineEventsReadMax
        let last = Position(next.rawValue &+ CommandLimits.eventsScannedMax - 1)
        do throws(ReadFailure<CommandError>) {
            try reader.events(from: next, through: last) { (event) throws(CommandError) in
                if try wants(event, consumer.filter) {
                    Self.write(event, to: &documents)
                    shown += 1
                }
                next = event.position.next
                return shown < count && documents.buffer.count < bytesMax
                    && channels.lookups < lookupsMax
            }
        } catch {
            switch error {
            // What lies before the damage is answered first; going on from there tells of it.
            case .log(.damaged) where next > consumer.next: break
            case .log(let error): throw .log(error)
            case .body(let error): throw error
            }
        }
        return (shown, next)
    }

    /// LIST: all consumers, by name.
    ///
    ///     {"position":…,"epoch":1,"consumers":[{"name":"crm-sync","owner":991,"acknowledged":…,"lag":…,
    ///      "durable":true,"reader":17,"next":…,"types":[],"channels":[],"created":"…"}]}
    private func listConsumers(_ session: Session) throws(CommandError) {
        guard let consumers else { throw .consumer(.notKept) }
        let head = log.head.position
        let durable = consumers.store.durable
        var json = JSONWriter()
        json.beginObject()
        json.field("position", head)
        json.field("epoch", Int64(clamping: environment.epoch))
        json.key("consumers")
        json.beginArray()
        for name in consumers.names {
            guard let consumer = consumers.consumers[name] else { continue }
            json.beginObject()
            json.field("name", name)
            json.field("owner", consumer.record.owner.map { Int64($0) })
            json.field("acknowledged", consumer.record.acknowledged)
            json.field(
                "lag", Int64(clamping: head.rawValue - consumer.record.acknowledged.rawValue))
            json.field("durable", consumer.change <= durable)
            json.field("reader", consumer.holder.map { Int64(clamping: $0) })
            json.field("next", consumer.next)
            json.write(consumer.filter)
            json.field("created", consumer.record.created)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        session.replies.bulk(json.span)
    }
}

/// Answers that wait for a flush.
extension CommandExecutor {
    /// What a session is answered once a change is on disk.
    struct AwaitedFlush {
        let change: UInt64
        /// The answer's position; nil for OK.
        let acknowledged: Position?
    }

    private func answerFlushed(
        _ change: UInt64, acknowledged: Position? = nil, _ session: Session
    ) throws(CommandError) -> Execution {
        session.atHand.flush = AwaitedFlush(change: change, acknowledged: acknowledged)
        consumers?.store.hurry()
        return try afterFlush(session)
    }

    /// Answers what waits for a flush, if it has come; the command runs again until then.
    private func afterFlush(_ session: Session) throws(CommandError) -> Execution {
        guard let flush = session.atHand.flush, let store = consumers?.store else {
            preconditionFailure("no flush is waited for")
        }
        guard store.durable >= flush.change else {
            // What is taken is never answered as if it were not.
            if !isStopping, !isTimeUp(session, within: CommandLimits.flushWaitMilliseconds) {
                return .waits(for: .flush(flush.change))
            }
            session.atHand.flush = nil
            throw .consumer(.notDurable(store.trouble))
        }
        session.atHand.flush = nil
        if let acknowledged = flush.acknowledged {
            session.replies.integer(acknowledged.rawValue)
        } else {
            session.replies.simpleString("OK")
        }
        return .answered
    }
}
