internal import EventModel

/// Keeps what is said about figures from outside: the definitions that documents read, when queues are
/// closed, what sources claim, whose team an agent is in, where they are and how much they take, and which stage a customer is
/// in. None of it changes a figure.
struct StatementFold {
    private var definitions = Table<DefinitionVersions>()
    private var claims = Table<ClaimRow>()
    private var assignments = Table<AssignmentRow>()
    private var stages = Table<StageRow>()
    private var presence = Table<PresenceRow>()
    private var closures = Table<DatedWords<ClosureWord>>()
    private var slots = Table<DatedWords<SlotsWord>>()
    private var key: [UInt8] = []

    init() {}

    /// Takes an event; tells whether it was such a statement.
    @inline(__always)
    mutating func fold<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) -> Bool {
        if event.type.equals("source.claimed") {
            guard ClaimRow.writeKey(event, to: &key) else { return true }
            let slot = try claims.slot(key, context)
            claims[changing: slot].take(event)
            return true
        }
        if event.type.equals("agent.assigned") {
            guard AssignmentRow.writeKey(event, to: &key) else { return true }
            let slot = try assignments.slot(key, context)
            assignments[changing: slot].take(event)
            return true
        }
        if event.type.starts(with: "agent.") {
            if let word = SlotsWord(event), DatedWords<SlotsWord>.writeKey(event, to: &key) {
                let slot = try slots.slot(key, context)
                slots[changing: slot].take(word, of: event)
                return true
            }
            guard let said = PresenceRow.presence(event), PresenceRow.writeKey(event, to: &key)
            else { return false }
            let slot = try presence.slot(key, context)
            presence[changing: slot].take(event, .presence(said))
            return true
        }
        if event.type.starts(with: "queue.") {
            guard let word = ClosureWord(event),
                DatedWords<ClosureWord>.writeKey(event, to: &key)
            else { return false }
            let slot = try closures.slot(key, context)
            closures[changing: slot].take(word, of: event)
            return true
        }
        guard event.type.equals("definition.set"), MetricsDefinitionKind.writeKey(event, to: &key)
        else { return false }
        let slot = try definitions.slot(key, context)
        definitions[changing: slot].apply(
            event, keeping: MetricLimits.statementVersionsKept)
        return true
    }

    /// Takes an offer that its agent did not answer, or rejected.
    mutating func foldOffer<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, isRejected: Bool, _ context: borrowing Context
    ) throws(ViewFault) {
        guard PresenceRow.writeKey(event, to: &key) else { return }
        let slot = try presence.slot(key, context)
        presence[changing: slot].take(event, isRejected ? .responded : .unanswered)
    }

    /// Takes a `stage.inferred`.
    ///
    /// - Parameter shown: Whom its identifiers belong to.
    mutating func foldStage<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ shown: [CustomerID], _ context: borrowing Context
    ) throws(ViewFault) {
        guard let customer = StageRow.customer(of: event, shown) else { return }
        StageRow.writeKey(customer, to: &key)
        let slot = try stages.slot(key, context)
        stages[changing: slot].take(event)
    }

    /// Hands over the changed definitions and claims in key order: the prefixes a, b.
    mutating func takeChanges(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try definitions.takeChanges(body)
        try claims.takeChanges(body)
    }

    /// Hands over the changed assignments in key order: the prefix g.
    mutating func takeAssignments(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try assignments.takeChanges(body)
    }

    /// Hands over the changed closures in key order: the prefix o.
    mutating func takeClosures(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try closures.takeChanges(body)
    }

    /// Hands over the changed slots in key order: the prefix k.
    mutating func takeSlots(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try slots.takeChanges(body)
    }

    /// Hands over the changed presences in key order: the prefix y.
    mutating func takePresence(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try presence.takeChanges(body)
    }

    /// Hands over the changed stages in key order: the prefix h.
    mutating func takeStages(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        try stages.takeChanges(body)
    }
}

/// The kinds of definitions that documents of figures read.
///
///     key  'a', text kind, text key
///     row  see `DefinitionVersions`
enum MetricsDefinitionKind: String, CaseIterable {
    /// What a metric should be: `PerformanceTarget`.
    case target
    /// A range of dates with a name: `Season`.
    case season
    /// When somebody is there to answer: `BusinessCalendar`.
    case calendar

    static let prefix = UInt8(ascii: "a")

    /// Writes the key of the definition that an event sets; tells whether there is one.
    static func writeKey(_ event: borrowing EventView, to key: inout [UInt8]) -> Bool {
        guard let word = event.bytes("kind"), let name = event.bytes("key"),
            let kind = allCases.first(where: { word.equals($0.rawValue) })
        else { return false }
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keyText: kind.rawValue)
        key.append(keyText: name)
        return true
    }

    /// Shows all definitions of the kind, by key; of those of which a version was chosen only that.
    func forEach<Reader: ViewReader & ~Copyable>(
        with choices: [DefinitionChoice] = [], in reader: borrowing Reader,
        _ body: (String, DefinitionVersions) -> Void
    ) throws(ViewFault) {
        var start = [Self.prefix]
        start.append(keyText: rawValue)
        var end = start
        end[end.count - 1] = 1
        try reader.rows(from: start, below: end) { key, row throws(ViewFault) in
            let name = try key.keyText(at: start.count).text
            var versions = try DefinitionVersions.decoded(row)
            versions.choose(choices, self, name)
            body(name, versions)
            return true
        }
    }
}

extension DefinitionVersions {
    /// The version by which figures of a moment are judged: the one in force then, and before the
    /// first one that.
    func judging(_ moment: Timestamp) -> Version? { inForce(at: moment) ?? versions.first }
}
