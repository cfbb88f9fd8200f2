internal import ContactCentre
internal import EventLog
internal import EventModel
internal import Projecting
internal import RESP
internal import Views

/// WAITING, AGENT, AGENTS, WAIT.
extension CommandExecutor {
    func waiting(
        _ arguments: borrowing ArgumentReader, _ json: inout JSONWriter
    ) throws(CommandError) -> Bool {
        let queue = try arguments.text("queue") ?? ""
        let (count, now) = (try lines(arguments), environment.now())
        return try reading { () throws(ViewFault) in
            try Self.waiting(queue, count, now, environment.zone, views, &json)
        }
    }

    /// Writes WAITING, on whatever thread.
    static func waiting(
        _ queue: String, _ count: Int, _ now: Timestamp,
        _ zones: @escaping @Sendable (String) -> (any ZoneOffsets)?, _ views: ViewSet,
        _ json: inout JSONWriter
    ) throws(ViewFault) -> Bool {
        let queues = try views.queues.snapshot()
        let people = try views.identity.snapshot()
        let position = queues.position
        return try WaitingDocument.write(
            queue, count: count, now: now, zones: zones,
            persons: { customer throws(ViewFault) in
                try IdentityView.customers(ofPersonOf: customer, asOf: position, people)
            }, from: queues, to: &json)
    }

    func agent(
        _ arguments: borrowing ArgumentReader, _ json: inout JSONWriter
    ) throws(CommandError) -> Bool {
        let id = try arguments.text("id") ?? ""
        let now = environment.now()
        return try reading { () throws(ViewFault) in
            try AgentDocument.write(id, now: now, from: views.queues.snapshot(), to: &json)
        }
    }

    func agents(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader,
        _ json: inout JSONWriter
    ) throws(CommandError) -> Bool {
        let now = environment.now()
        let query = try agentsQuestion(command, arguments)
        return try reading { () throws(ViewFault) in
            try Self.write(query, now: now, from: views.queues.snapshot(), to: &json)
        }
    }

    /// What AGENTS asks for.
    enum AgentsQuestion: Sendable {
        case free(FreeAgentsQuery)
        case all(AgentsQuery)
    }

    func agentsQuestion(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> AgentsQuestion {
        if let queue = try arguments.text("FREE") {
            return .free(try freeQuery(queue, command, arguments))
        }
        for option in ["CHANNEL", "SKILL", "LANGUAGE"] where arguments.bytes(option) != nil {
            throw .badArgument(command.name, argument: option, expected: "given with FREE")
        }
        return .all(try agentsQuery(command, arguments))
    }

    /// Writes the document of AGENTS.
    ///
    /// - Returns: Whether there is one; if not, nothing is written.
    static func write<Reader: ViewReader & ~Copyable>(
        _ question: AgentsQuestion, now: Timestamp, from reader: borrowing Reader,
        to json: inout JSONWriter
    ) throws(ViewFault) -> Bool {
        switch question {
        case .free(let query):
            return try FreeAgentsDocument.write(query, now: now, from: reader, to: &json)
        case .all(let query):
            try AgentsDocument.write(query, now: now, from: reader, to: &json)
            return true
        }
    }

    func wait(
        _ arguments: borrowing ArgumentReader, _ json: inout JSONWriter
    ) throws(CommandError) -> Bool {
        let queue = try arguments.text("queue") ?? ""
        let interaction = try arguments.text("INTERACTION")
        let now = environment.now()
        return try reading { () throws(ViewFault) in
            try WaitDocument.write(
                queue, interaction: interaction, now: now, from: views.queues.snapshot(),
                metrics: views.metrics.snapshot(), to: &json)
        }
    }

    private func agentsQuery(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> AgentsQuery {
        var state: AgentsQuery.State?
        if let word = try arguments.text("STATE") {
            state = AgentsQuery.State(word: word)
            guard state != nil else {
                throw .badArgument(
                    command.name, argument: "STATE",
                    expected: "one of \(AgentsQuery.State.words)")
            }
        }
        return AgentsQuery(
            queue: try arguments.text("QUEUE"), state: state, count: try lines(arguments))
    }

    private func freeQuery(
        _ queue: String, _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> FreeAgentsQuery {
        for option in ["QUEUE", "STATE"] where arguments.bytes(option) != nil {
            throw .badArgument(command.name, argument: option, expected: "given without FREE")
        }
        var skills: [(skill: String, level: Int64)] = []
        for text in try arguments.texts("SKILL") { skills.append(try skill(text, command)) }
        return FreeAgentsQuery(
            queue: queue, channel: try channel(command, arguments), skills: skills,
            language: try arguments.text("LANGUAGE"), count: try lines(arguments))
    }

    /// Reads `skill` or `skill>=level`.
    private func skill(
        _ text: String, _ command: CommandDefinition
    ) throws(CommandError) -> (skill: String, level: Int64) {
        let parts = text.split(separator: ">=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, !name.isEmpty,
            let level = parts.count == 1 ? 1 : Int64(parts[1])
        else {
            throw .badArgument(
                command.name, argument: "SKILL", expected: "a skill, or skill>=level")
        }
        return (String(name), level)
    }

    /// What QUEUES asks for.
    func queuesQuery(_ arguments: borrowing ArgumentReader) throws(CommandError) -> QueuesQuery {
        let count =
            try arguments.integer("COUNT", in: 1...CommandLimits.linesMax)
            ?? CommandLimits.queuesDefault
        return QueuesQuery(from: try arguments.text("FROM"), count: Int(count))
    }

    func lines(_ arguments: borrowing ArgumentReader) throws(CommandError) -> Int {
        Int(
            try arguments.integer("COUNT", in: 1...CommandLimits.linesMax)
                ?? CommandLimits.linesDefault)
    }

    /// What the queues view knows of the agent whose stream was not at the version expected; nil
    /// where another stream was, or the view knows nothing.
    func agentState(after conflict: VersionConflict, _ arguments: Arguments) -> String? {
        guard conflict.kind == .agent, status(of: .queues).fault == nil else { return nil }
        let word = arguments.count - 3 * (guards.count - conflict.index) + 1
        guard case .stream(let stream) = StreamName.read(arguments[word]) else { return nil }
        let agent = String(decoding: stream.id, as: UTF8.self)
        do throws(ViewFault) {
            return try AgentDocument.summary(of: agent, from: views.queues.snapshot())
        } catch {
            // The refusal stands without it; whoever asks for the view is told what is wrong.
            return nil
        }
    }
}
