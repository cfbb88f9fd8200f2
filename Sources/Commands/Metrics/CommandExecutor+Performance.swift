internal import ContactCentre
internal import EventModel
internal import Projecting
internal import Views

/// SCORECARD and SEASON: from words to a question.
extension CommandExecutor {
    func scorecard(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader,
        _ json: inout JSONWriter
    ) throws(CommandError) -> Bool {
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
        let against = try arguments.text("AGAINST").map { PeriodName(against: $0) }
        let grouping = try arguments.text("PER").map { MetricsDimension(word: $0) }
        let zone = try zone(command, arguments)
        let conditions = try conditions(command, arguments)
        try answering(command) { snapshot throws(MetricsFault) in
            try ScorecardDocument.write(
                period, conditions, per: grouping, against: against, zone: zone, from: snapshot,
                to: &json)
        }
        return true
    }

    func season(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader,
        _ json: inout JSONWriter
    ) throws(CommandError) -> Bool {
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
        let now = environment.now()
        try answering(command) { snapshot throws(MetricsFault) in
            try SeasonDocument.write(
                question, conditions, now: now, from: snapshot, to: &json)
        }
        return true
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
        return conditions
    }
}
