internal import ContactCentre
internal import EventModel

/// Figures told apart by more than the cells tell: summed of each contact, of each survey about no
/// interaction, and of what agents answered.
extension ContactScan {
    /// Sums being added to.
    private struct Sums {
        let lines: MetricsLines
        let settledUntil: Timestamp
        var found: [MetricsLineKey: MetricsSum] = [:]
        /// Where the facts before belonged; those of a scan come in the order of time.
        var line = 0

        mutating func add(_ fact: MetricFact, _ groups: [String], in quarter: Timestamp) {
            line = lines.index(of: quarter, after: line)
            for group in groups {
                let key = MetricsLineKey(line: line, group: group)
                found[key, default: MetricsSum()].isYoung = quarter >= settledUntil
                found[key, default: MetricsSum()].add(fact)
            }
        }
    }

    /// Sums the facts of a window by line and group.
    static func sums<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, _ anchor: MetricAnchor, _ lines: MetricsLines,
        settledUntil: Timestamp, from reader: borrowing Reader
    ) throws(MetricsFault) -> [MetricsLineKey: MetricsSum] {
        var sums = Sums(lines: lines, settledUntil: settledUntil)
        try contacts(query, anchor, from: reader) { found in
            for fact in found.facts {
                let moment = fact.moment(anchor) ?? fact.created
                let groups = query.grouping?.names(fact, found.owner, at: moment, found.teams)
                sums.add(fact, groups ?? [""], in: found.quarter)
            }
            return true
        }
        guard !query.only.isEmpty else { return sums.found }
        let asked = try Asked(query, anchor, in: reader)
        func add(_ facts: [MetricFact], _ owner: FactOwner, in quarter: Timestamp) {
            for fact in facts {
                let groups = query.grouping?.names(fact, owner, at: fact.created, asked.teams)
                sums.add(fact, groups ?? [""], in: quarter)
            }
        }
        sums.line = 0
        try surveys(asked, from: reader) { found in
            add(found.facts, found.owner, in: found.quarter)
            return true
        }
        if query.readsRefusals {
            sums.line = 0
            try refusals(asked, from: reader) { found in
                add([found.row.fact], found.owner, in: found.quarter)
                return true
            }
        }
        do throws(ViewFault) {
            if query.readsAgentSurveys { try addAgentSurveys(query, to: &sums, reader) }
        } catch {
            throw .view(error)
        }
        return sums.found
    }

    /// Adds what agents answered: told apart by team and scale, their drivers by driver, and by
    /// nothing else.
    private static func addAgentSurveys<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, to sums: inout Sums, _ reader: borrowing Reader
    ) throws(ViewFault) {
        let prefix = AgentSurveyRow.prefix
        try reader.rows(from: [prefix], below: [prefix + 1]) { _, row throws(ViewFault) in
            let survey = try AgentSurveyRow.decoded(row)
            for group in survey.groups {
                let moment = survey.filed(group)
                guard moment >= query.from, moment < query.to else { continue }
                sums.line = 0
                for (fact, driver) in survey.facts(of: group)
                where driver.isEmpty || query.grouping != .driver || query.isOfAgentDrivers {
                    func name(_ dimension: MetricsDimension) -> String {
                        switch dimension {
                        case .team: group.team
                        case .surveyScale: "\(group.most)"
                        case .driver: driver
                        case .channel: "\(fact.channel.word)"
                        default: ""
                        }
                    }
                    guard query.counts(fact.queue, fact.channel),
                        query.filters.allSatisfy({ $0.wanted.contains(name($0.dimension)) })
                    else { continue }
                    sums.add(fact, [query.grouping.map(name) ?? ""], in: moment)
                }
            }
            return true
        }
    }
}
