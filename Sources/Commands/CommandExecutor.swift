internal import Consumers
public import EventLog
internal import EventModel
public import Projecting
public import RESP
internal import Views

/// Runs commands against the log and the views. One thread, the one that owns the order, owns it.
public final class CommandExecutor {
    /// What the server is to do after a command.
    public enum Execution: Equatable, Sendable {
        /// The answer stands in the session's replies.
        case answered
        /// The command must run again after the round's commit: what its connection staged before
        /// it has to be readable, or the round has no room for it.
        case afterCommit
        /// The command must run again when this has happened or the session's deadline is over.
        case waits(for: Wait)
        /// The answer stands, and the connection ends.
        case closes
        /// The answer stands, and the daemon stops.
        case stops
    }

    /// What a command may wait for.
    public enum Wait: Equatable, Sendable {
        /// The log's head lies beyond the position.
        case head(beyond: UInt64)
        /// The view reflects the position.
        case view(ViewName, UInt64)
        /// The question about the past is answered.
        case past(PastQuestion)
        /// That change of the consumers is on disk.
        case flush(UInt64)
    }

    let table = CommandTable.standard
    let log: EventLog
    let writer: LogWriter
    let views: ViewSet
    /// Answers questions about the past, beside the loop.
    public let past: PastDesk
    /// The readers of the threads there that read pages.
    let pageReaders: PageReaders
    /// For which connection the loop has read a page last that others could have, and when.
    var lastPage: (session: UInt64, at: UInt64)?
    let environment: CommandEnvironment
    var reader: LogReader
    /// Shows what the log holds though it is erased: for finding what is to go.
    var rawReader: LogReader
    /// How far erasures are carried out.
    var erasing = ErasureWork()
    /// For filters by channel.
    var channels: InteractionChannels
    /// The named consumers; nil where none are kept.
    let consumers: ConsumerSet?
    var intake: EventIntake
    /// What the last document was written with: its room serves the next one.
    var document: JSONWriter?
    /// The cards that were written last.
    let cards = CardCache()
    /// Whose card, as it is kept, the command at hand has written.
    var writtenCard: CustomerID?
    /// Whom identifiers showed that were asked for last.
    let matches = MatchCache()
    /// For what the daemon records itself.
    var ownIntake = EventIntake(isDaemon: true)
    /// The limits of requests and connections.
    public let limits: ServiceLimits
    /// How often each was met.
    public internal(set) var limitHits = LimitHits()
    /// How long commits took.
    var commitTimes = CommitTimes()
    /// How long they waited for room.
    var appendWait = AppendWait()
    /// What the append at hand expects of streams; kept for its room.
    var guards: [StreamGuard] = []
    /// Where the sweep for silence stands.
    var sweeping = SilenceSweep()
    /// What was inferred and had no room in the round.
    var unstaged: [InferredEvent] = []
    /// Where it has got to in looking for contacts about one need.
    var needs = NeedSweep()
    var households = HouseholdSweep()
    /// The daily look at the customer base, and the one that is under way.
    var population = PopulationSweep()
    var populationAtWork: PopulationWork?
    /// The newest erasure of which `population` knows.
    var populationErasures = Position.zero
    var counters = CommandCounters()
    let started: Timestamp
    /// When the first event of the staged round came.
    var roundBegan: Timestamp
    /// What keeps appends from being taken.
    private var closure = Closure()

    /// One value, looked at once an append.
    private struct Closure {
        /// The daemon is to stop: what was staged is still committed.
        var isStopping = false
        /// Appends have waited too long for the log to have room.
        var isOverloaded = false
    }

    /// Makes the executor of a daemon.
    public init(
        log: EventLog, writer: LogWriter, views: ViewSet, environment: CommandEnvironment
    ) throws(EventLogError) {
        self.log = log
        self.writer = writer
        self.views = views
        past = PastDesk(views)
        pageReaders = PageReaders(log)
        self.environment = environment
        limits = environment.limits
        intake = EventIntake(
            attributesMax: limits[.attributes], dataBytesMax: limits[.dataBytes],
            redaction: environment.redaction)
        reader = try log.makeHidingReader(BlockMemory(bytes: CommandLimits.blockBytesMax))
        rawReader = try log.makeReader()
        channels = try InteractionChannels(log)
        consumers = environment.consumers.map { ConsumerSet($0, epochs: environment.epochs) }
        started = environment.now()
        roundBegan = started
        // A process that was killed may not have come to it.
        environment.backups?.note(log.erasures.pending)
    }

    /// Whether the daemon is to stop.
    var isStopping: Bool { closure.isStopping }

    /// Refuses appends from now on; reads are still answered.
    public func beginStopping() { closure.isStopping = true }

    /// Says whether appends wait for the log for so long that no more are taken.
    public func overload(_ isOverloaded: Bool) { closure.isOverloaded = isOverloaded }

    /// Runs one request.
    public func execute(_ arguments: Arguments, for session: Session) -> Execution {
        guard let command = table.command(arguments[0]) else {
            let name = arguments[0].printableName()
            return answer(.unknownCommand(name: name, hint: table.hint(name)), session)
        }
        if !command.action.stages, session.awaitsCommit { return .afterCommit }
        guard session.role.may(command.role) else {
            let error = CommandError.notPermitted(command.name, needs: command.role)
            audit(command, session, .refused(error.code.description))
            return answer(error, session)
        }
        let start = session.replies.buffer.count
        let tellsOfPersons = command.action.tellsOfPersons
        if tellsOfPersons { writtenCard = nil }
        do throws(CommandError) {
            let execution = try run(command, arguments, session)
            if case .afterCommit = execution { return execution }
            if case .waits = execution {
                guard isStopping else { return execution }
                throw .stopping
            }
            if tellsOfPersons {
                disclose(from: start, to: session, cardOf: writtenCard)
            }
            session.commandEnded()
            counters.commands += 1
            audit(command, session, .done)
            return execution
        } catch {
            session.replies.buffer.truncate(to: start)
            if case .log(.roundFull) = error, hasStaged { return .afterCommit }
            session.commandEnded()
            audit(command, session, .refused(error.code.description))
            return answer(error, session)
        }
    }

    private func answer(_ error: CommandError, _ session: Session) -> Execution {
        counters.commands += 1
        counters.refusals += 1
        var text = error.description
        if case .notPermitted = error { text += ", this connection has \(session.role.rawValue)" }
        if case .limit(let limit, _) = error { note(limit) }
        session.replies.error(error.code, text)
        return .answered
    }

    private func run(
        _ command: CommandDefinition, _ arguments: Arguments, _ session: Session
    ) throws(CommandError) -> Execution {
        switch command.action {
        case .append, .appendBatch:
            let closure = closure
            guard !closure.isStopping else { throw .stopping }
            guard !closure.isOverloaded else {
                throw .limit(
                    .appendWaitMilliseconds, value: limits[.appendWaitMilliseconds])
            }
            guard !log.reserveIsReached else { throw .log(.full(operation: "append")) }
            try environment.clock.check()
            // The round waits for the disk: what comes meanwhile waits in its connection.
            guard !roundIsFull else { return .afterCommit }
            return try command.action == .append
                ? append(command, arguments, session) : appendBatch(command, arguments, session)
        default: break
        }
        if command.action == .customer, answerKnownCard(arguments, session) { return .answered }
        let reader = try ArgumentReader(arguments, of: command)
        if command.action.foldsPast, let execution = try runPast(command, reader, session) {
            return execution
        }
        let readsNow = command.readsNow
        if readsNow { environment.statedNow = try statedNow(reader) }
        defer { if readsNow { environment.statedNow = nil } }
        switch command.action {
        case .hello, .auth, .ping, .echo, .quit, .select, .client, .command, .info:
            return try runConnection(command, reader, session)
        case .head, .event, .events, .version:
            return try runLog(command, reader, session)
        case .follow, .unfollow, .credit: return try runFollow(command, reader, session)
        case .consumer: return try consumer(command, reader, session)
        case .timeline:
            return try timeline(command, reader, session)
        case .customer, .interaction, .queue, .agent, .wait:
            return try runView(command, reader, session)
        case .signals, .waiting, .agents:
            guard try isLong(command, reader) else {
                return try runView(command, reader, session)
            }
            return try figures(command, reader, session)
        case .queues, .metrics, .scorecard, .season:
            return try figures(command, reader, session)
        case .lifecycle: return try lifecycle(command, reader, session)
        case .identity:
            return try identity(command, reader, session)
        case .merge, .unmerge, .block:
            return try stageStatement(command, reader, session)
        case .erase: return try erase(command, reader, session)
        case .redact: return try redact(command, reader, session)
        case .exportCustomer: return try exportCustomer(command, reader, session)
        case .projections:
            answerProjections(session)
            return .answered
        case .rebuild:
            try rebuild(command, reader, session)
            return .answered
        case .seal:
            session.replies.integer(writer.endSegment().rawValue)
            return .answered
        case .limits:
            answerLimits(session)
            return .answered
        case .backup: return try backup(command, reader, session)
        case .clock:
            try runClock(command, reader, session)
            return .answered
        case .shutdown:
            session.replies.simpleString("OK")
            return .stops
        case .append, .appendBatch:
            preconditionFailure("appends are run before")
        }
    }
}

/// What the executor has done since the start.
struct CommandCounters {
    var commands: UInt64 = 0
    var refusals: UInt64 = 0
    var events: UInt64 = 0
    var protocolErrors: UInt64 = 0
    var redactions = RedactionCounts()
    var suppressed: UInt64 = 0
    /// Ids that were read ahead of appends.
    var idsReadAhead = 0
}

extension Role {
    /// Whether this role includes another. Operator and privacy each include writer, not each other.
    func may(_ needed: Role) -> Bool {
        switch (self, needed) {
        case (_, .reader): true
        case (.writer, .writer), (.privacy, .writer), (.operator, .writer): true
        case (.privacy, .privacy), (.operator, .operator): true
        default: false
        }
    }
}

/// Waiting.
extension CommandExecutor {
    /// Whether the round must be committed before more is staged.
    public var roundIsFull: Bool {
        writer.roundIsFull || writer.stagedCount >= limits[.appendsInFlightAll]
    }

    /// Whether a connection has as many appends waiting for the disk as it may.
    public func hasEnoughInFlight(_ session: Session) -> Bool {
        session.staged.count >= limits[.appendsInFlight]
    }

    /// Answers a command that would wait, where as many as may do so already.
    public func refuseWaiter(_ session: Session) {
        session.atHand.giveUp()
        session.commandEnded()
        _ = answer(.limit(.waiters, value: limits[.waiters]), session)
    }

    /// Answers that a limit ends the connection.
    public func refuse(_ limit: Limit, _ session: Session) {
        _ = answer(.limit(limit, value: limits[limit]), session)
    }

    /// Whether what a command waited for has happened, or never will.
    public func isOver(_ wait: Wait) -> Bool {
        switch wait {
        case .head(let position): log.head.position.rawValue > position
        case .past(let question): question.isOver
        case .flush(let change): (consumers?.store.durable ?? .max) >= change
        case .view(let name, let position):
            !standing(of: name).isServed || standing(of: name).position.rawValue >= position
        }
    }

    /// How long the session's command may still wait, in nanoseconds.
    public func nanosecondsLeft(_ session: Session) -> UInt64 {
        let now = environment.nanoseconds()
        return session.atHand.deadline.map { $0 > now ? $0 - now : 0 } ?? 0
    }

    func standing(of name: ViewName) -> ViewStanding {
        switch name {
        case .identity: views.identity.standing
        case .queues: views.queues.standing
        case .metrics: views.metrics.standing
        case .customers: views.customers.standing
        }
    }

    func status(of name: ViewName) -> ProjectionStatus {
        switch name {
        case .identity: views.identity.status
        case .queues: views.queues.status
        case .metrics: views.metrics.status
        case .customers: views.customers.status
        }
    }
}
