internal import ContactCentre
internal import EventLog
internal import EventModel
internal import Projecting
internal import RESP
internal import Views

/// CUSTOMER and SIGNALS: from words to what is asked of the customers view.
extension CommandExecutor {
    func customer(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader,
        _ json: inout JSONWriter
    ) throws(CommandError) -> Bool {
        let identifier = arguments.bytes("identifier") ?? []
        let question = try customerQuestion(command, arguments)
        let now = environment.now()
        if let tombstone = try tombstone(identifier) {
            json = tombstone
            return true
        }
        let isFound =
            switch question {
            case .card(let options):
                try writeCustomer(identifier, now: now, options: options, to: &json)
            case .pop: try pop(identifier, now, &json)
            }
        // What is no identifier at all is nobody's for another reason than one that is unknown.
        let isIdentifier =
            identifier.contains(UInt8(ascii: ":")) || identifier.starts(with: "c_".utf8)
        guard isFound || isIdentifier else {
            throw .badArgument(
                command.name, argument: "identifier",
                expected: "kind:value like phone:+34911234567, a customer's id c_… or "
                    + "interaction:<id>")
        }
        return isFound
    }

    /// Answers CUSTOMER with nothing but an identifier where both views stand as when it was last
    /// looked at whom it shows and what their card is: nothing is read then.
    ///
    /// - Returns: Whether it is answered.
    func answerKnownCard(_ arguments: Arguments, _ session: Session) -> Bool {
        guard arguments.count == 2 else { return false }
        let people = standing(of: .identity)
        let persons = standing(of: .customers)
        let own = session.readsOwnAppends ? session.newestAppend : .zero
        let asked = max(own, log.erasures.newest)
        guard people.isServed, persons.isServed, people.position >= asked,
            persons.position >= asked,
            let known = matches.entry(arguments[1], in: people.state)
        else { return false }
        var json = document.take() ?? JSONWriter()
        json.removeAll()
        defer { document = json }
        guard
            CustomerDocument.writeKnown(
                known.match.customers, or: known.match.candidates, ending: known.match.ends,
                now: environment.now(), in: persons.state, of: cards, to: &json)
        else { return false }
        writtenCard = known.match.customers[0]
        session.replies.bulk(json.span)
        return true
    }

    /// What CUSTOMER asks for.
    enum CustomerQuestion: Sendable {
        case card(CardOptions)
        case pop
    }

    func customerQuestion(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> CustomerQuestion {
        let options = CardOptions(
            sections: try sections(command, arguments), hasHistory: arguments.has("HISTORY"))
        guard arguments.has("POP") else { return .card(options) }
        guard options.sections == nil, !options.hasHistory else {
            throw .badArgument(
                command.name, argument: "POP", expected: "given without FIELDS and HISTORY")
        }
        return .pop
    }

    /// Writes the document of the customer behind an identifier.
    func writeCustomer(
        _ identifier: [UInt8], now: Timestamp, options: CardOptions = CardOptions(),
        to json: inout JSONWriter
    ) throws(CommandError) -> Bool {
        guard let match = try match(identifier), let person = match.customers.first else {
            return false
        }
        let state = standing(of: .customers).state
        var isFound =
            options.isDefault
            && CustomerDocument.writeKnown(
                match.customers, or: match.candidates, ending: match.ends, now: now, in: state,
                of: cards, to: &json)
        if !isFound {
            isFound = try reading { () throws(ViewFault) in
                let snapshot = try views.customers.snapshot()
                return try CustomerDocument.write(
                    match.customers, or: match.candidates, ending: match.ends, now: now,
                    options: options, from: snapshot, keptIn: (cards, snapshot.state), to: &json)
            }
        }
        if options.isDefault, isFound { writtenCard = person }
        return isFound
    }

    /// CUSTOMER … POP: the person an identifier or a contact leads to, and who else it may be.
    private func pop(
        _ identifier: [UInt8], _ now: Timestamp, _ json: inout JSONWriter
    ) throws(CommandError) -> Bool {
        guard let match = try match(identifier) else { return false }
        return try reading { () throws(ViewFault) in
            let snapshot = try views.customers.snapshot()
            return try PopDocument.write(
                Self.popQuestion(match, by: identifier), now: now, zone: environment.zone,
                from: snapshot, to: &json)
        }
    }

    /// What POP tells of a person who was found by an identifier or a contact.
    static func popQuestion(
        _ match: PersonMatch, by identifier: [UInt8]
    ) -> PopDocument.Question {
        var question = PopDocument.Question(
            members: match.customers, candidates: match.candidates.map(\.person), by: match.by,
            ends: match.ends)
        if unsafe identifier.span.bytes.starts(with: contactPrefix) {
            let id = identifier.dropFirst(contactPrefix.utf8CodeUnitCount)
            question.interaction = String(decoding: id, as: UTF8.self)
        }
        return question
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
        let question = try signalsQuestion(command, arguments)
        let now = environment.now()
        try reading { () throws(ViewFault) in
            let people = try views.identity.snapshot()
            try Self.write(
                question, now: now, asOf: nil, people, from: views.customers.snapshot(), to: &json)
        }
        return true
    }

    /// What SIGNALS asks.
    struct SignalsQuestion: Sendable {
        let kinds: [SignalKind]
        let olderMilliseconds: Int64
        let count: Int
        /// Where the only kind goes on; nil to begin with the oldest.
        var page: SignalPage?
    }

    func signalsQuestion(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> SignalsQuestion {
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
        return SignalsQuestion(
            kinds: asked.isEmpty ? SignalKind.allCases : asked, olderMilliseconds: older ?? 0,
            count: Int(count), page: try signalPage(command, arguments, asked))
    }

    private func signalPage(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ kinds: [SignalKind]
    ) throws(CommandError) -> SignalPage? {
        // A follow goes on by itself.
        guard command.action == .signals, let text = try arguments.text("PAGE") else { return nil }
        guard kinds.count == 1, let page = SignalPage(text, of: kinds[0]) else {
            throw .badArgument(
                command.name, argument: "PAGE",
                expected: "the next of an answer about the same single KIND")
        }
        return page
    }

    /// Writes who needs somebody.
    ///
    /// - Parameter position: As of which position persons are told; nil for that of `people`.
    static func write(
        _ question: SignalsQuestion, now: Timestamp, asOf position: Position?,
        _ people: borrowing ViewSnapshot,
        from customers: borrowing ViewSnapshot,
        to json: inout JSONWriter
    ) throws(ViewFault) {
        try SignalsDocument.write(
            question.kinds, olderMilliseconds: question.olderMilliseconds, count: question.count,
            page: question.page, now: now,
            members: { (customer) throws(ViewFault) in
                try IdentityView.person(ofCustomer: customer, asOf: position, people)?.customers
                    ?? [customer]
            }, from: customers, to: &json)
    }
}
