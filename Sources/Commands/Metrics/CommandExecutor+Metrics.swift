internal import ContactCentre
internal import EventModel
internal import Projecting
internal import Views

/// METRICS: from words to a query.
extension CommandExecutor {
    /// What METRICS asks of the view, as what writes the answer.
    func figuresQuestion(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> FiguresWriting {
        let (query, zone) = try metricsQuestion(command, arguments)
        let opens = arguments.has("EVENTS")
        let source = try arguments.text("RECONCILE")
        guard !opens || source == nil else {
            throw .badArgument(
                command.name, argument: "RECONCILE", expected: "left out where EVENTS stands")
        }
        for option in ["WHERE", "PER", "BY"] where source != nil && arguments.has(option) {
            throw .badArgument(
                command.name, argument: option,
                expected: "left out where RECONCILE stands; QUEUE, CHANNEL and ONLY choose claims")
        }
        let first = try page(command, arguments, opens: opens)
        return { (snapshot, json) throws(MetricsFault) in
            if let source {
                try ReconciledDocument.write(query, source: source, from: snapshot, to: &json)
            } else if opens {
                try OpenedDocument.write(query, first: first, from: snapshot, to: &json)
            } else {
                try MetricsDocument.write(query, zone: zone, from: snapshot, to: &json)
            }
        }
    }

    /// Where the page of EVENTS begins that is asked for.
    private func page(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, opens: Bool
    ) throws(CommandError) -> OpenedPlace? {
        guard let text = try arguments.text("PAGE") else { return nil }
        guard opens, let place = OpenedPlace(text) else {
            throw .badArgument(
                command.name, argument: "PAGE",
                expected: "the next of the page before, beside EVENTS")
        }
        return place
    }

    typealias FiguresWriting =
        @Sendable (borrowing ViewSnapshot, inout JSONWriter) throws(MetricsFault) -> Void

    /// What METRICS asks, and the zone whose days and hours it means.
    func metricsQuestion(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> (query: MetricsQuery, zone: any ZoneOffsets) {
        (try metricsQuery(command, arguments), try zone(command, arguments))
    }

    func zone(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> any ZoneOffsets {
        guard let zone = environment.zone(try arguments.text("ZONE") ?? "UTC") else {
            throw .badArgument(
                command.name, argument: "ZONE",
                expected: "a name of the IANA time-zone database, like Europe/Madrid")
        }
        return zone
    }

    private func metricsQuery(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> MetricsQuery {
        let (from, to) = try window(command, arguments)
        let queues = try arguments.texts("QUEUE")
        let targets = try arguments.integers("TARGET", in: 0...CommandLimits.targetMillisecondsMax)
        let short = try arguments.integer("SHORT", in: 0...CommandLimits.targetMillisecondsMax)
        let channel = try channel(command, arguments)
        let anchor: MetricAnchor? = try word("ANCHOR", command, arguments)
        let step: MetricsStep? = try word("BY", command, arguments)
        let grouping = try arguments.text("PER").map { MetricsDimension(word: $0) }
        let filters = Self.filters(try arguments.texts("WHERE"))
        let only = try arguments.texts("ONLY")
        let days = try arguments.integer("DAYS", in: 1...30)
        let choices = try choices(command, arguments)
        do throws(MetricsRefusal) {
            var query = try MetricsQuery(
                from: from, to: to, anchor: anchor,
                queues: queues.isEmpty ? nil : queues, channel: channel, step: step ?? .none,
                grouping: grouping, targets: targets.isEmpty ? nil : targets,
                shortAbandon: short, filters: filters, only: only, windowDays: days ?? 7)
            query.zones = environment.zone
            query.choices = choices
            return query
        } catch {
            throw .unanswerable(command.name, error)
        }
    }

    /// FROM and TO.
    func window(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> (from: Timestamp, to: Timestamp) {
        guard let from = try arguments.time("FROM") else {
            throw .missingOption(command.name, option: "FROM")
        }
        guard let to = try arguments.time("TO") else {
            throw .missingOption(command.name, option: "TO")
        }
        return (from, to)
    }

    /// Of pairs of dimension and name: names of one dimension are alternatives.
    static func filters(_ pairs: [String]) -> [MetricsFilter] {
        var filters: [MetricsFilter] = []
        for index in stride(from: 0, to: pairs.count - 1, by: 2) {
            let dimension = MetricsDimension(word: pairs[index])
            if let known = filters.firstIndex(where: { $0.dimension == dimension }) {
                filters[known] = MetricsFilter(
                    dimension, names: filters[known].names + [pairs[index + 1]])
            } else {
                filters.append(MetricsFilter(dimension, names: [pairs[index + 1]]))
            }
        }
        return filters
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

    func word<Word: QueryWord>(
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
