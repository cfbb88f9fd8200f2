internal import ContactCentre
internal import EventModel
internal import Projecting
internal import Views

/// CUSTOMER and SIGNALS: from words to what is asked of the customers view.
extension CommandExecutor {
    func customer(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader,
        _ json: inout JSONWriter
    ) throws(CommandError) -> Bool {
        let identifier = arguments.bytes("identifier") ?? []
        let options = CardOptions(
            sections: try sections(command, arguments), hasHistory: arguments.has("HISTORY"))
        let now = environment.now()
        if arguments.has("POP") {
            guard options.sections == nil, !options.hasHistory else {
                throw .badArgument(
                    command.name, argument: "POP", expected: "given without FIELDS and HISTORY")
            }
            return try pop(identifier, now, &json)
        }
        for customer in try resolve(identifier) {
            let isKnown = try reading { () throws(ViewFault) in
                let snapshot = try views.customers.snapshot()
                return try CustomerDocument.write(
                    [customer], now: now, options: options, from: snapshot, to: &json)
            }
            if isKnown { return true }
        }
        return false
    }

    /// CUSTOMER … POP: the person an identifier or a contact leads to, and who else it may be.
    private func pop(
        _ identifier: [UInt8], _ now: Timestamp, _ json: inout JSONWriter
    ) throws(CommandError) -> Bool {
        let people = try resolve(identifier)
        guard let likeliest = people.first else { return false }
        var question = PopDocument.Question(
            members: [likeliest], candidates: Array(people.dropFirst()))
        let text = String(decoding: identifier, as: UTF8.self)
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        if parts.count == 2, parts[0] == "interaction" {
            question.interaction = parts[1]
        } else if parts.count == 2 {
            question.identifier = (parts[0], parts[1])
        }
        return try reading { () throws(ViewFault) in
            let snapshot = try views.customers.snapshot()
            return try PopDocument.write(
                question, now: now, zone: environment.zone, from: snapshot, to: &json)
        }
    }

    /// Reads FIELDS: sections with commas between them.
    private func sections(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> [CardSection]? {
        guard let text = try arguments.text("FIELDS") else { return nil }
        var sections: [CardSection] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let section = CardSection.allCases.first(where: { "\($0.word)" == word }) else {
                throw .badArgument(
                    command.name, argument: "FIELDS",
                    expected: "one or more of "
                        + CardSection.allCases.map { "\($0.word)" }.joined(separator: ","))
            }
            if !sections.contains(section) { sections.append(section) }
        }
        return sections
    }

    func signals(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader,
        _ json: inout JSONWriter
    ) throws(CommandError) -> Bool {
        let kinds = try arguments.texts("KIND")
        var asked: [SignalKind] = []
        for word in kinds {
            guard let kind = SignalKind.allCases.first(where: { "\($0.word)" == word }) else {
                throw .badArgument(
                    command.name, argument: "KIND",
                    expected: "one of "
                        + SignalKind.allCases.map { "\($0.word)" }.joined(separator: ", "))
            }
            asked.append(kind)
        }
        let older = try arguments.integer("OLDER", in: 0...CommandLimits.signalAgeMillisecondsMax)
        let count =
            try arguments.integer("COUNT", in: 1...CommandLimits.signalsPerKindMax)
            ?? CommandLimits.signalsPerKindDefault
        let now = environment.now()
        try reading { () throws(ViewFault) in
            try SignalsDocument.write(
                asked.isEmpty ? SignalKind.allCases : asked, olderMilliseconds: older ?? 0,
                count: Int(count), now: now, members: { [$0] },
                from: views.customers.snapshot(), to: &json)
        }
        return true
    }
}
