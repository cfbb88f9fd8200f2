internal import ContactCentre
internal import EventModel
internal import Projecting
internal import Views

/// METRICS: from words to a query.
extension CommandExecutor {
    func metrics(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader,
        _ json: inout JSONWriter
    ) throws(CommandError) -> Bool {
        let (query, zone) = try metricsQuestion(command, arguments)
        return try reading { () throws(ViewFault) in
            try Self.write(query, zone, try views.metrics.snapshot(), &json)
            return true
        }
    }

    /// What METRICS asks, and the zone whose days and hours it means.
    func metricsQuestion(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> (query: MetricsQuery, zone: any ZoneOffsets) {
        let query = try metricsQuery(command, arguments)
        let name = try arguments.text("ZONE") ?? "UTC"
        guard let zone = environment.zone(name) else {
            throw .badArgument(
                command.name, argument: "ZONE",
                expected: "a name of the IANA time-zone database, like Europe/Madrid")
        }
        return (query, zone)
    }

    static func write<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, _ zone: some ZoneOffsets, _ reader: borrowing Reader,
        _ json: inout JSONWriter
    ) throws(ViewFault) {
        try MetricsDocument.write(query, zone: zone, from: reader, to: &json)
    }

    private func metricsQuery(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> MetricsQuery {
        guard let from = try arguments.time("FROM"), let to = try arguments.time("TO") else {
            preconditionFailure("FROM and TO are required")
        }
        let queues = try arguments.texts("QUEUE")
        let targets = try arguments.integers("TARGET", in: 0...CommandLimits.targetMillisecondsMax)
        let short = try arguments.integer("SHORT", in: 0...CommandLimits.targetMillisecondsMax)
        let channel = try channel(command, arguments)
        let anchor: MetricAnchor? = try word("ANCHOR", command, arguments)
        let step: MetricsStep? = try word("BY", command, arguments)
        let grouping: MetricsGrouping? = try word("PER", command, arguments)
        do throws(MetricsRefusal) {
            return try MetricsQuery(
                from: from, to: to, anchor: anchor ?? .offered,
                queues: queues.isEmpty ? nil : queues, channel: channel, step: step ?? .none,
                grouping: grouping ?? .none, targets: targets.isEmpty ? [20_000] : targets,
                shortAbandon: short ?? 5_000)
        } catch {
            throw .unanswerable(command.name, error)
        }
    }

    /// Reads CHANNEL.
    func channel(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> Channel? {
        guard let word = arguments.bytes("CHANNEL") else { return nil }
        guard let channel = unsafe Channel(word.span.bytes), channel != .unknown else {
            throw .badArgument(
                command.name, argument: "CHANNEL",
                expected: "one of "
                    + Channel.allCases.dropFirst().map { "\($0.word)" }.joined(separator: ", "))
        }
        return channel
    }

    private func word<Word: QueryWord>(
        _ option: String, _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> Word? {
        guard let text = try arguments.text(option) else { return nil }
        guard let word = Word(word: text) else {
            throw .badArgument(
                command.name, argument: option,
                expected: "one of " + Word.allCases.map { "\($0.word)" }.joined(separator: ", "))
        }
        return word
    }
}
