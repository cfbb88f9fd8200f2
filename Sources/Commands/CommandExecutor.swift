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
        /// it has to be readable.
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
    }

    let table = CommandTable.standard
    let log: EventLog
    let writer: LogWriter
    let views: ViewSet
    let environment: CommandEnvironment
    var reader: LogReader
    var intake = EventIntake()
    /// What the append at hand expects of streams; kept for its room.
    var guards: [StreamGuard] = []
    var counters = CommandCounters()
    let started: Timestamp
    /// When the first event of the staged round came.
    var roundBegan: Timestamp
    /// Set once the daemon is to stop: what was staged is still committed, nothing more is taken.
    private(set) var isStopping = false

    /// Makes the executor of a daemon.
    public init(
        log: EventLog, writer: LogWriter, views: ViewSet, environment: CommandEnvironment
    ) throws(EventLogError) {
        self.log = log
        self.writer = writer
        self.views = views
        self.environment = environment
        reader = try log.makeReader()
        started = environment.now()
        roundBegan = started
    }

    /// Refuses appends from now on; reads are still answered.
    public func beginStopping() { isStopping = true }

    /// Runs one request.
    public func execute(_ arguments: Arguments, for session: Session) -> Execution {
        guard let command = table.command(arguments[0]) else {
            let name = arguments[0].printableName()
            return answer(.unknownCommand(name: name, near: table.near(name)), session)
        }
        if session.awaitsCommit, !command.action.stages { return .afterCommit }
        guard session.role.may(command.role) else {
            return answer(.notPermitted(command.name, needs: command.role), session)
        }
        let start = session.replies.buffer.count
        do throws(CommandError) {
            let execution = try run(command, arguments, session)
            if case .waits = execution { return execution }
            session.deadline = nil
            counters.commands += 1
            return execution
        } catch {
            session.replies.buffer.truncate(to: start)
            session.deadline = nil
            return answer(error, session)
        }
    }

    private func answer(_ error: CommandError, _ session: Session) -> Execution {
        counters.commands += 1
        counters.refusals += 1
        session.replies.error(error.code, error.description)
        return .answered
    }

    private func run(
        _ command: CommandDefinition, _ arguments: Arguments, _ session: Session
    ) throws(CommandError) -> Execution {
        switch command.action {
        case .append, .appendBatch:
            guard !isStopping else { throw .stopping }
            try environment.clock.check()
            return try command.action == .append
                ? append(command, arguments, session) : appendBatch(command, arguments, session)
        default: break
        }
        let reader = try ArgumentReader(arguments, of: command)
        switch command.action {
        case .hello, .ping, .echo, .quit, .select, .client, .command, .info:
            return try runConnection(command, reader, session)
        case .head, .event, .events, .version:
            return try runLog(command, reader, session)
        case .timeline:
            return try timeline(command, reader, session)
        case .customer, .interaction, .queue, .queues, .metrics:
            return try runView(command, reader, session)
        case .projections:
            answerProjections(session)
            return .answered
        case .seal:
            session.replies.integer(writer.endSegment().rawValue)
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
    public var roundIsFull: Bool { writer.roundIsFull }

    /// Whether what a command waited for has happened, or never will.
    public func isOver(_ wait: Wait) -> Bool {
        switch wait {
        case .head(let position): log.head.position.rawValue > position
        case .view(let name, let position):
            status(of: name).fault != nil || status(of: name).position.rawValue >= position
        }
    }

    /// How long the session's command may still wait, in nanoseconds.
    public func nanosecondsLeft(_ session: Session) -> UInt64 {
        let now = environment.nanoseconds()
        return session.deadline.map { $0 > now ? $0 - now : 0 } ?? 0
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
