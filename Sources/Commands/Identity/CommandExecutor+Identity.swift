internal import EventLog
internal import EventModel
internal import Projecting
internal import RESP
internal import Views

/// IDENTITY, MERGE, UNMERGE, BLOCK.
extension CommandExecutor {
    /// Finds the person behind `kind:value`, `scope/kind:value`, `c_…` or `interaction:<id>`; nil
    /// where nobody is known.
    ///
    /// - Parameter looksBack: Whether an id that earlier rules gave out leads to whom its event shows.
    ///   Nobody is erased by one, nor told to be somebody else.
    func match(
        _ identifier: [UInt8], looksBack: Bool = true
    ) throws(CommandError) -> PersonMatch? {
        let known = matches.match(identifier, in: standing(of: .identity).state)
        if let known { return known }
        let text = unsafe identifier.span.bytes
        let found = try reading { () throws(ViewFault) -> PersonMatch? in
            let people = try views.identity.snapshot()
            if text.starts(with: Self.contactPrefix) {
                let id = text.extracting(
                    Self.contactPrefix.utf8CodeUnitCount..<text.byteCount
                ).text()
                let concerned = try InteractionLookup.callers(
                    of: id, try views.customers.snapshot())
                return try IdentityView.person(ofContactOf: concerned, people)
            }
            let customer = CustomerID(text: text)
            let match =
                if let customer {
                    try IdentityView.person(ofCustomer: customer, people)
                } else {
                    try IdentityView.person(of: text, people)
                }
            if let match { matches.keep(match, of: identifier, in: people.state) }
            return match
        }
        if found != nil || !looksBack { return found }
        return try unsafe CustomerID(text: identifier.span.bytes).flatMap {
            (customer) throws(CommandError) in try match(insteadOf: customer)
        }
    }

    /// The person whom an id means that earlier rules gave out, once others read all events: whom its
    /// event shows, where that is one.
    private func match(insteadOf id: CustomerID) throws(CommandError) -> PersonMatch? {
        guard id.founded > .zero, id.founded <= log.head.position else { return nil }
        let people = try reading { () throws(ViewFault) in try views.identity.snapshot() }
        let rules = try viewing { () throws(ViewFault) in try IdentityView.generation(people) }
        // Later ones are by these rules.
        guard id.founded < rules else { return nil }
        var shown: [IdentityView.Shown] = []
        do throws(ReadFailure<ViewFault>) {
            _ = try reader.event(at: id.founded) { (event) throws(ViewFault) in
                // Of whom something was erased, who is left may be somebody else.
                guard !event.hasRemnant else { return }
                shown = try IdentityView.shown(by: event, people)
            }
        } catch {
            switch error {
            case .log(let error): throw .log(error)
            case .body(let fault): throw .view(fault)
            }
        }
        return try viewing { () throws(ViewFault) -> PersonMatch? in
            var match: PersonMatch?
            for one in shown {
                let found = try IdentityView.person(ofCustomer: one.customer, people)
                if let match, match.person != found?.person { return nil }
                match = match ?? found
            }
            return match
        }
    }

    func identity(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        if let execution = try whatToAwait(.identity, arguments, session) { return execution }
        let name = arguments.bytes("identifier") ?? []
        var json = JSONWriter()
        let match = try match(name)
        let isFound = try reading { () throws(ViewFault) in
            let people = try views.identity.snapshot()
            guard let match else {
                return try unsafe IdentityDocument.writeVacancy(
                    of: name.span.bytes, from: people, to: &json)
            }
            try IdentityDocument.write(
                match, alike: try alike(match, people), from: people, to: &json)
            return true
        }
        if isFound { session.replies.bulk(json.span) } else { session.replies.null() }
        return .answered
    }

    /// Who may be the same person; nil while what is known of customers cannot be read.
    private func alike(
        _ match: PersonMatch, _ people: borrowing ViewSnapshot
    ) throws(ViewFault) -> AlikeSearch? {
        guard standing(of: .customers).isServed else { return nil }
        return try AlikePersons.find(
            match, people: people, customers: try views.customers.snapshot())
    }

    /// Records what somebody says about identity. Its id holds the position of the identity view,
    /// so that a statement repeated before the view has seen it is stored once.
    func stageStatement(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        guard !isStopping else { throw .stopping }
        try environment.clock.check()
        if let execution = try whatToAwait(.identity, arguments, session) { return execution }
        let seen = standing(of: .identity).position
        var words = [
            ("source", Array(Reserved.source.utf8)),
            ("reason", arguments.bytes("REASON") ?? []),
            ("actor", arguments.bytes("ACTOR") ?? []),
        ]
        let type: StaticString
        switch command.action {
        case .block:
            type = "identity.blocked"
            let identifier = try blockable(command, arguments)
            words.append(("identifier", identifier))
            words.append(("id", Array("blocked:\(seen):".utf8) + identifier))
        case .merge, .unmerge:
            let isMerge = command.action == .merge
            type = isMerge ? "identity.merged" : "identity.unmerged"
            let pair = try pair(command, arguments)
            let customers = Array("\(pair.0) \(pair.1)".utf8)
            words.append(("customers", customers))
            words.append(
                ("id", Array("\(isMerge ? "merged" : "unmerged"):\(seen):".utf8) + customers))
        default: preconditionFailure("\(command.name) makes no statement")
        }
        switch try stage(type, words) {
        case .new(let position):
            let offset = session.replies.buffer.count
            session.replies.integer(position.rawValue)
            session.staged.append(offset..<session.replies.buffer.count)
        case .repeated(let position):
            let offset = session.replies.buffer.count
            session.replies.array(2)
            session.replies.integer(position.rawValue)
            session.replies.simpleString("REPEAT")
            noteRepeat(of: position, at: offset, session)
        case .conflicting(let position), .erased(let position): throw .idConflict(position)
        }
        return .answered
    }

    func stage(
        _ type: StaticString, _ words: [(String, [UInt8])]
    ) throws(CommandError) -> LogWriter.Outcome {
        let now = environment.now()
        do throws(EventRefusal) {
            let name = Array("\(type)".utf8)
            try ownIntake.begin(type: unsafe name.span.bytes, now: now)
            for (name, value) in words {
                try ownIntake.take(
                    unsafe name.utf8Span.span.bytes, unsafe value.span.bytes)
            }
        } catch {
            throw .refused(error)
        }
        do throws(ReadFailure<EventRefusal>) {
            return try writer.stage { (records) throws(EventRefusal) in
                try ownIntake.finish(into: &records)
            }
        } catch {
            switch error {
            case .log(let error): throw .log(error)
            case .body(let refusal): throw .refused(refusal)
            }
        }
    }

    /// The two customers of a MERGE or UNMERGE, who must be two, or one.
    private func pair(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> (CustomerID, CustomerID) {
        let left = try holder("customer", command, arguments)
        let right = try holder("other", command, arguments)
        let (persons, scopes) = try reading { () throws(ViewFault) in
            let people = try views.identity.snapshot()
            return (
                (
                    try IdentityView.person(ofCustomer: left, people)?.person,
                    try IdentityView.person(ofCustomer: right, people)?.person
                ),
                (
                    try IdentityView.scope(of: left, people),
                    try IdentityView.scope(of: right, people)
                )
            )
        }
        switch command.action {
        case .merge:
            guard scopes.0 == scopes.1 else {
                throw .badArgument(
                    command.name, argument: "other", expected: "of the same scope as the first")
            }
            guard persons.0 != persons.1 else {
                throw .unchanged(command.name, state: "they are one person already")
            }
        default:
            guard persons.0 == persons.1, left != right else {
                throw .unchanged(command.name, state: "they are not one person by a union")
            }
        }
        return (left, right)
    }

    /// The customer that an argument names, by id or by an identifier that is somebody's.
    private func holder(
        _ argument: String, _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> CustomerID {
        let name = arguments.bytes(argument) ?? []
        let text = unsafe name.span.bytes
        let found = try reading { () throws(ViewFault) in
            let people = try views.identity.snapshot()
            guard let customer = CustomerID(text: text) else {
                return try IdentityView.customer(of: text, people)
            }
            return try IdentityView.person(ofCustomer: customer, people) == nil ? nil : customer
        }
        guard let found else { throw .unknownCustomer(command.name, argument: argument) }
        return found
    }

    private func blockable(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> [UInt8] {
        let name = arguments.bytes("identifier") ?? []
        guard let colon = name.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            unsafe name.span.bytes.extracting(0..<colon).isSnakeCase,
            (1...EventLimits.identifierValueBytesMax).contains(name.count - colon - 1)
        else {
            throw .badArgument(command.name, argument: "identifier", expected: "kind:value")
        }
        return name
    }

    /// The lines of INFO.
    var identityLines: [(String, String)] {
        do throws(ViewFault) {
            let people = try views.identity.snapshot()
            let rules = try IdentityView.rulesState(people)
            return [
                ("identity_rules", rules.version),
                ("identity_rules_refused", rules.refused.map { "\($0)" } ?? "none"),
                ("identity_rules_pending", rules.pending.map { "\($0)" } ?? "none"),
                ("identity_alerts", "\(try IdentityView.alertCount(people))"),
            ]
        } catch {
            return [("identity_trouble", "\(error)")]
        }
    }
}
