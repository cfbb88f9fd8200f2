internal import ContactCentre
internal import EventModel
internal import Projecting
internal import Views

/// SCORECARD and SEASON: from words to a question.
extension CommandExecutor {
    /// What SCORECARD asks.
    struct ScorecardQuestion: Sendable {
        let period: PeriodName
        let against: PeriodName?
        let grouping: MetricsDimension?
        let zone: any ZoneOffsets
        let conditions: MetricsConditions
        /// Whether what agents answered is told.
        var isOfAgents = true

        func write(
            from snapshot: borrowing ViewSnapshot, to json: inout JSONWriter
        ) throws(MetricsFault) {
            try ScorecardDocument.write(
                period, conditions, per: grouping, against: against, zone: zone,
                isOfAgents: isOfAgents, from: snapshot, to: &json)
        }
    }

    func scorecardQuestion(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> ScorecardQuestion {
        let period: PeriodName
        if let season = try arguments.text("SEASON") {
            for option in ["FROM", "TO"] where arguments.has(option) {
                throw .badArgument(
                    command.name, argument: option, expected: "left out where SEASON stands")
            }
            period = .season(season)
        } else {
            let (from, to) = try window(command, arguments)
            period = .times(from, to)
        }
        return ScorecardQuestion(
            period: period,
            against: try arguments.text("AGAINST").map { PeriodName(against: $0) },
            grouping: try arguments.text("PER").map { MetricsDimension(word: $0) },
            zone: try zone(command, arguments),
            conditions: try conditions(command, arguments))
    }

    /// What SEASON asks.
    func seasonQuestion(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> (question: SeasonQuestion, conditions: MetricsConditions) {
        let alignment: SeasonQuestion.Alignment? = try word("ALIGN", command, arguments)
        let against = try arguments.text("AGAINST")
        for option in ["ALIGN", "LIKE"] where against == nil && arguments.has(option) {
            throw .badArgument(
                command.name, argument: option, expected: "left out where AGAINST is")
        }
        let question = SeasonQuestion(
            name: try arguments.text("name") ?? "", against: against,
            alignment: alignment ?? .day,
            likeForLike: try arguments.text("LIKE").map { MetricsDimension(word: $0) })
        var conditions = try conditions(command, arguments)
        conditions.only = try arguments.texts("ONLY")
        return (question, conditions)
    }

    private func conditions(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> MetricsConditions {
        var conditions = MetricsConditions()
        conditions.zones = environment.zone
        let queues = try arguments.texts("QUEUE")
        conditions.queues = queues.isEmpty ? nil : queues
        conditions.channel = try channel(command, arguments)
        conditions.filters = Self.filters(try arguments.texts("WHERE"))
        let bounds = 0...CommandLimits.targetMillisecondsMax
        if let target = try arguments.integer("TARGET", in: bounds) { conditions.target = target }
        if let short = try arguments.integer("SHORT", in: bounds) {
            conditions.shortAbandon = short
        }
        if let days = try arguments.integer("DAYS", in: 1...30) { conditions.windowDays = days }
        conditions.choices = try choices(command, arguments)
        return conditions
    }

    /// Reads WITH: pairs of a definition and the name of its version.
    func choices(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> [DefinitionChoice] {
        let pairs = try arguments.texts("WITH")
        var choices: [DefinitionChoice] = []
        for index in stride(from: 0, to: pairs.count - 1, by: 2) {
            guard let choice = DefinitionChoice(pairs[index], version: pairs[index + 1]),
                !choices.contains(where: { $0.kind == choice.kind && $0.key == choice.key })
            else {
                throw .badArgument(
                    command.name, argument: "WITH",
                    expected: "calendar/KEY, season/KEY or target/KEY, each once, and a version")
            }
            choices.append(choice)
        }
        return choices
    }
}
