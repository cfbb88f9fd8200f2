internal import EventModel

/// Keeps surveys that belong to no interaction, those of customers and those of agents, and what
/// they have changed in figures since the fold settled.
struct SurveyFold {
    /// The facts of a survey before and after.
    struct Step {
        let before: [MetricFact]
        let after: [MetricFact]
    }

    private var surveys = Table<SurveyRow>()
    private var ofAgents = Table<AgentSurveyRow>()
    private var index = RowChanges()
    private var touched: [(slot: Int, facts: [MetricFact])] = []
    private var touchedOfAgents: [(slot: Int, facts: [MetricFact])] = []
    private var key: [UInt8] = []
    /// The interaction that the last event belongs to though it does not name it; nil where to none.
    private(set) var interaction: String?

    init() {}

    /// Takes an event that names no interaction; tells whether it was about a survey. One that belongs to an
    /// interaction all the same is left to that.
    @inline(__always)
    mutating func fold<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, _ context: borrowing Context
    ) throws(ViewFault) -> Bool {
        interaction = nil
        if event.type.equals("survey.invited") || event.type.equals("survey.answered") {
            guard SurveyRow.writeKey(event, to: &key) else { return true }
            let slot = try surveys.slot(key, context)
            let named = surveys[slot].interaction
            interaction = named.isEmpty ? nil : named
            guard named.isEmpty else { return true }
            touch(slot)
            surveys[changing: slot].take(event)
            return true
        }
        guard event.type.equals("agent.surveyed") || event.type.equals("agent.surveyAnswered")
        else { return false }
        guard AgentSurveyRow.writeKey(event, to: &key) else { return true }
        let slot = try ofAgents.slot(key, context)
        if !ofAgents[slot].isTouched {
            touchedOfAgents.append((slot, ofAgents[slot].facts))
            ofAgents[unstored: slot].isTouched = true
        }
        ofAgents[changing: slot].take(event)
        return true
    }

    private mutating func touch(_ slot: Int) {
        guard !surveys[slot].isTouched else { return }
        touched.append((slot, surveys[slot].facts))
        surveys[unstored: slot].isTouched = true
    }

    /// Takes note of the interaction that an event of a survey names: what names none belongs to it, too.
    ///
    /// - Returns: The positions of what came before and named none; mostly nothing.
    mutating func join<Context: FoldContext & ~Copyable>(
        _ event: borrowing EventView, to interaction: String, _ context: borrowing Context
    ) throws(ViewFault) -> [UInt64] {
        guard SurveyRow.writeKey(event, to: &key) else { return [] }
        let slot = try surveys.slot(key, context)
        guard surveys[slot].interaction.isEmpty else { return [] }
        touch(slot)
        return surveys[changing: slot].hand(to: interaction)
    }

    /// Returns what has changed since the last call.
    mutating func settle() -> [Step] {
        var steps: [Step] = []
        for change in touched {
            surveys[unstored: change.slot].isTouched = false
            let after = surveys[change.slot].facts
            moveIndex(change.facts.first, after.first, surveys.key(change.slot).dropFirst())
            steps.append(Step(before: change.facts, after: after))
        }
        touched.removeAll(keepingCapacity: true)
        for change in touchedOfAgents {
            ofAgents[unstored: change.slot].isTouched = false
            steps.append(Step(before: change.facts, after: ofAgents[change.slot].facts))
        }
        touchedOfAgents.removeAll(keepingCapacity: true)
        return steps
    }

    /// All facts of a survey are filed under one moment.
    private mutating func moveIndex(
        _ before: MetricFact?, _ after: MetricFact?, _ name: ArraySlice<UInt8>
    ) {
        let old = before.map { MetricInterval.quarter(of: $0.created) }
        let new = after.map { MetricInterval.quarter(of: $0.created) }
        guard old != new else { return }
        if let old {
            ContactIndexRow.writeKey(old, name, of: SurveyRow.indexPrefix, to: &key)
            index.remove(key)
        }
        if let new {
            ContactIndexRow.writeKey(new, name, of: SurveyRow.indexPrefix, to: &key)
            index.put(key, ContactIndexRow())
        }
    }

    /// Hands over the changed surveys of agents in key order: the prefix e.
    mutating func takeOfAgents(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) { try ofAgents.takeChanges(body) }

    /// Hands over the changed surveys in key order: the prefix s.
    mutating func takeChanges(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) { try surveys.takeChanges(body) }

    /// Hands over which surveys have figures in which quarter, in key order: the prefix v.
    mutating func takeIndex(
        _ body: (_ key: [UInt8], _ row: [UInt8]?) throws(ViewFault) -> Void
    ) throws(ViewFault) { try index.take(body) }
}
