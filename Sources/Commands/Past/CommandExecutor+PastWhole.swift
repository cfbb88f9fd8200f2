internal import EventModel
internal import Projecting
internal import Views

/// View commands that ask a view for all persons or contacts: for a past moment it is folded whole.
extension CommandExecutor {
    /// Whether what is asked takes a view that is folded whole up to the moment.
    func asksForAll(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> Bool {
        switch command.action {
        case .signals, .scorecard, .season, .identity: return true
        case .metrics:
            guard !arguments.has("DEFINITIONS") else {
                throw .badArgument(
                    command.name, argument: "DEFINITIONS",
                    expected: "left out where a moment is named")
            }
            if arguments.has("EVENTS") || arguments.has("RECONCILE") { return true }
            let query = try metricsQuestion(command, arguments).query
            // A version that is named may have been set after the moment.
            return query.readsMoreThanCells || !query.choices.isEmpty
        default: return false
        }
    }

    func answeringWhole(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ asked: AskedMoment
    ) throws(CommandError) -> PastQuestion.Answering {
        let now = command.readsNow ? try statedNow(arguments) : nil
        switch command.action {
        case .signals:
            let question = try signalsQuestion(command, arguments)
            return Self.document(asked, now) { (past, moment, now, json) throws(CommandError) in
                try viewing { () throws(ViewFault) in
                    let people = try past.identity()
                    try past.wholeCustomers(at: moment) { (view) throws(ViewFault) in
                        try Self.write(
                            question, now: now, asOf: moment.position, people, from: view,
                            to: &json)
                    }
                }
                return true
            }
        case .identity:
            let identifier = arguments.bytes("identifier") ?? []
            return Self.document(asked, nil) { (past, moment, _, json) throws(CommandError) in
                try viewing { () throws(ViewFault) in
                    try Self.identity(identifier, past, moment, &json)
                }
            }
        case .scorecard:
            var asking = try scorecardQuestion(command, arguments)
            asking.isOfAgents = !Self.leavesOut(asked)
            let question = asking
            return Self.figures(command.name, asked, now) {
                (view, _, json) throws(MetricsFault) in
                try question.write(from: view, to: &json)
            }
        case .season:
            let (question, conditions) = try seasonQuestion(command, arguments)
            try Self.check(command, asked, readsAgentSurveys: conditions.readsAgentSurveys)
            return Self.figures(command.name, asked, now) {
                (view, now, json) throws(MetricsFault) in
                try SeasonDocument.write(question, conditions, now: now, from: view, to: &json)
            }
        default:
            let (query, _) = try metricsQuestion(command, arguments)
            try Self.check(command, asked, readsAgentSurveys: query.readsAgentSurveys)
            let write = try figuresQuestion(command, arguments)
            return Self.figures(command.name, asked, now) {
                (view, _, json) throws(MetricsFault) in try write(view, &json)
            }
        }
    }

    /// Whether events are left out of what is told.
    private static func leavesOut(_ asked: AskedMoment) -> Bool {
        if case .occurred = asked { return true }
        return false
    }

    /// Groups of five answers are those in the order recorded: where some are left out, others stand
    /// together, and two such answers would tell a single one by subtraction.
    private static func check(
        _ command: CommandDefinition, _ asked: AskedMoment, readsAgentSurveys: Bool
    ) throws(CommandError) {
        guard readsAgentSurveys, leavesOut(asked) else { return }
        throw .badArgument(
            command.name, argument: "OCCURRED",
            expected:
                "left out where ONLY asks for what agents answered; AT takes a moment of the log")
    }

    /// Answers from all figures as of a moment.
    private static func figures(
        _ name: String, _ asked: AskedMoment, _ now: Timestamp?,
        _ write:
            @escaping @Sendable (borrowing ViewSnapshot, Timestamp, inout JSONWriter)
            throws(MetricsFault) -> Void
    ) -> PastQuestion.Answering {
        document(asked, now) { (past, moment, now, json) throws(CommandError) in
            var refusal: MetricsRefusal?
            try viewing { () throws(ViewFault) in
                try past.wholeMetrics(at: moment) { (view) throws(ViewFault) in
                    do throws(MetricsFault) {
                        try write(view, now, &json)
                    } catch {
                        switch error {
                        case .view(let fault): throw fault
                        case .refused(let why): refusal = why
                        }
                    }
                }
            }
            if let refusal { throw .unanswerable(name, refusal) }
            return true
        }
    }

    /// Turns faults and refusals of figures into this module's errors.
    static func figures(
        _ name: String, _ body: () throws(MetricsFault) -> Void
    ) throws(CommandError) {
        do throws(MetricsFault) {
            try body()
        } catch {
            switch error {
            case .view(let fault): throw .view(fault)
            case .refused(let why): throw .unanswerable(name, why)
            }
        }
    }

    private static func identity(
        _ identifier: [UInt8], _ past: PastViews, _ moment: PastMoment, _ json: inout JSONWriter
    ) throws(ViewFault) -> Bool {
        var isFound = true
        try past.wholeIdentity(at: moment) { (people) throws(ViewFault) in
            guard let match = try match(identifier, past, moment, in: people) else {
                isFound = try unsafe IdentityDocument.writeVacancy(
                    of: identifier.span.bytes, from: people, to: &json)
                return
            }
            var alike: AlikeSearch?
            try past.wholeCustomers(at: moment) { (customers) throws(ViewFault) in
                alike = try AlikePersons.find(match, people: people, customers: customers)
            }
            try IdentityDocument.write(match, alike: alike, from: people, to: &json)
        }
        return isFound
    }
}
