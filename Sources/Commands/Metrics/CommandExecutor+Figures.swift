internal import EventLog
internal import EventModel
internal import Projecting
internal import RESP
internal import Views

/// METRICS, SCORECARD, SEASON, and long lists: what they read takes milliseconds, so it is done beside
/// the loop, from a snapshot of the view that is taken when its turn has come.
extension CommandExecutor {
    /// What writes an answer, on whatever thread.
    private typealias DocumentWriting = @Sendable () throws(CommandError) -> [UInt8]?

    func figures(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        if let question = session.atHand.page, log.erasures.latest <= question.erasures {
            guard question.isOver else { return try goOnWaiting(for: question, session) }
            return answer(try question.answer(), session)
        }
        for view in command.action.views {
            if let execution = try whatToAwait(view, arguments, session) { return execution }
        }
        // Whatever is wrong with the words is said before anybody waits.
        let (write, isShort) = try writing(command, arguments)
        guard !isShort else { return answer(try write(), session) }
        // Before anything is begun for whom nobody could tell. On the loop all others would wait for
        // it, just where many do already.
        guard environment.hasRoomToWait() else {
            throw .limit(.waiters, value: limits[.waiters])
        }
        let question = PastQuestion(
            of: .user(session.user), .figures, erasures: log.erasures.latest
        ) { (_, _) throws(CommandError) in try write() }
        try past.ask(question)
        session.atHand.page = question
        session.atHand.deadline = nil
        return try goOnWaiting(for: question, session)
    }

    /// Answers with a document, or that there is none.
    func answer(_ document: [UInt8]?, _ session: Session) -> Execution {
        if let document {
            session.replies.bulk(document)
        } else {
            session.replies.null()
        }
        return .answered
    }

    /// Whether a list has more lines than the loop writes, or may pass over any number of others.
    func isLong(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> Bool {
        if command.action == .agents, arguments.has("STATE") { return true }
        // Of each kind hundreds of persons are looked at.
        if command.action == .signals { return true }
        let count = try arguments.integer("COUNT", in: 1...CommandLimits.linesMax) ?? 0
        return count > CommandLimits.linesOnLoop
    }

    /// What writes the answer, and whether that takes so little that the loop does it.
    private func writing(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> (write: DocumentWriting, isShort: Bool) {
        let views = views
        switch command.action {
        case .queues:
            let (now, zones) = (environment.now(), environment.zone)
            let query = try queuesQuery(arguments)
            let write: DocumentWriting = { () throws(CommandError) in
                try Self.document { (json) throws(ViewFault) in
                    try QueuesView.writeQueues(
                        query, now: now, zones: zones, from: views.queues.snapshot(), to: &json)
                    return true
                }
            }
            return (write, query.count <= CommandLimits.linesOnLoop)
        case .agents:
            let (now, question) = (environment.now(), try agentsQuestion(command, arguments))
            let write: DocumentWriting = { () throws(CommandError) in
                try Self.document { (json) throws(ViewFault) in
                    try Self.write(question, now: now, from: views.queues.snapshot(), to: &json)
                }
            }
            return (write, false)
        case .waiting:
            let (now, zones) = (environment.now(), environment.zone)
            let (queue, count) = (try arguments.text("queue") ?? "", try lines(arguments))
            let write: DocumentWriting = { () throws(CommandError) in
                try Self.document { (json) throws(ViewFault) in
                    try Self.waiting(queue, count, now, zones, views, &json)
                }
            }
            return (write, false)
        case .signals:
            let (now, question) = (environment.now(), try signalsQuestion(command, arguments))
            let write: DocumentWriting = { () throws(CommandError) in
                try Self.document { (json) throws(ViewFault) in
                    try Self.write(
                        question, now: now, asOf: nil, views.identity.snapshot(),
                        from: views.customers.snapshot(), to: &json)
                    return true
                }
            }
            return (write, false)
        case .metrics where arguments.has("DEFINITIONS"):
            let write: DocumentWriting = { () throws(CommandError) in
                try Self.document { (json) throws(ViewFault) in
                    DefinitionsDocument.write(
                        at: try views.metrics.snapshot().position, to: &json)
                    return true
                }
            }
            return (write, true)
        default:
            let (name, write) = (command.name, try figuresAsked(command, arguments))
            return (
                { () throws(CommandError) in try Self.document(name, views, write) }, false
            )
        }
    }

    private func figuresAsked(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> FiguresWriting {
        switch command.action {
        case .metrics: return try figuresQuestion(command, arguments)
        case .scorecard:
            let question = try scorecardQuestion(command, arguments)
            return { (snapshot, json) throws(MetricsFault) in
                try question.write(from: snapshot, to: &json)
            }
        case .season:
            let (question, conditions) = try seasonQuestion(command, arguments)
            let now = environment.now()
            return { (snapshot, json) throws(MetricsFault) in
                try SeasonDocument.write(
                    question, conditions, now: now, from: snapshot, to: &json)
            }
        default: preconditionFailure("\(command.name) tells no figures")
        }
    }

    /// Writes a document of views; nil where there is none.
    private static func document(
        _ body: (inout JSONWriter) throws(ViewFault) -> Bool
    ) throws(CommandError) -> [UInt8]? {
        var json = JSONWriter()
        let isFound = try viewing { () throws(ViewFault) in try body(&json) }
        return isFound ? json.bytes : nil
    }

    /// Reads the metrics view, on whatever thread.
    private static func document(
        _ name: String, _ views: ViewSet, _ write: FiguresWriting
    ) throws(CommandError) -> [UInt8] {
        let snapshot = try viewing { () throws(ViewFault) in try views.metrics.snapshot() }
        var json = JSONWriter()
        try figures(name) { () throws(MetricsFault) in try write(snapshot, &json) }
        return json.bytes
    }
}
