internal import EventLog
internal import EventModel
internal import Projecting
internal import RESP
internal import Views

/// ERASE: a person is forgotten. Their events are found beside the loop, in steps; the loop looks
/// identifiers up, a portion at a time, and at the few events that came meanwhile.
extension CommandExecutor {
    func erase(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        guard !isStopping else { throw .stopping }
        let isDryRun = arguments.has("DRYRUN")
        guard isDryRun || !arguments.has("FROM") else {
            throw .badArgument(
                command.name, argument: "FROM", expected: "left out, or beside DRYRUN")
        }
        if let first = try arguments.position("FROM"), first > log.head.position {
            throw .ahead(asked: first, head: log.head.position)
        }
        if !isDryRun { try environment.clock.check() }
        // What is staged has no position that a timeline could name.
        guard writer.stagedCount == 0 else { return .afterCommit }
        guard let found = session.atHand.erasure else {
            if try answerRepeated(.erasure, arguments, session) { return .answered }
            return try find(command, arguments, session)
        }
        guard found.question.isOver else { return try goOnWaiting(for: found.question, session) }
        var plan = try found.take()
        let isNear =
            log.head.position.rawValue - plan.through.rawValue <= CommandLimits.erasureTailMax
        if plan.lookUp.isOver, isNear { try catchUp(&plan) }
        if !plan.lookUp.isOver {
            let portion = try readingLog { () throws(EventLogError) in
                try plan.lookUp.next(writer)
            }
            return try goOn(consume plan, found, session) {
                (plan, reader, views) throws(ReadFailure<ViewFault>) in
                try plan.readQuotes(at: portion, try ErasurePlan.people(views), &reader)
                if plan.lookUp.isOver { plan.settleQuotes() }
            }
        }
        guard isNear else {
            return try goOn(consume plan, found, session) {
                (plan, reader, views) throws(ReadFailure<ViewFault>) in
                try plan.catchUp(views, &reader)
            }
        }
        guard try onePerson(command, arguments).customers == plan.customers else {
            // They have become another person meanwhile.
            session.atHand.erasure = nil
            return try find(command, arguments, session)
        }
        try check(plan, command, arguments)
        try checkRoom(for: plan)
        while let unions = plan.unions, try mayGrow(unions) {
            if let wait = try waitUntilSeen([.identity], session) {
                found.putBack(plan)
                return wait
            }
            try catchUp(&plan)
        }
        guard !isDryRun else {
            guard plan.texts != nil else {
                let first = try arguments.position("FROM") ?? Position(1)
                return try findTexts(consume plan, from: first, found, session)
            }
            session.replies.bulk(try dryRun(plan).bytes)
            return .answered
        }
        let offset = session.replies.buffer.count
        session.replies.bulk(try stage(plan, arguments).bytes)
        session.staged.append(offset..<session.replies.buffer.count)
        return .answered
    }

    /// Has the person's events found, beside the loop, once the views have seen the head.
    private func find(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        if let wait = try waitUntilSeen([.identity, .customers], session) { return wait }
        let match = try onePerson(command, arguments)
        let found = try Planned(past) { [log, views] () throws(CommandError) in
            let people = try viewing { () throws(ViewFault) in try views.identity.snapshot() }
            let view = try viewing { () throws(ViewFault) in try views.customers.snapshot() }
            return try Self.searching(log) { (reader) throws(ReadFailure<ViewFault>) in
                try ErasurePlan(of: match, people, view, &reader)
            }
        }
        return try goOnWaiting(for: found, session)
    }

    /// Whether somebody may have become another's person, by what goes, whom a plan does not know of.
    func mayGrow(_ unions: FactUnions) throws(CommandError) -> Bool {
        do throws(ReadFailure<ViewFault>) {
            return try unions.mayGrow(try ErasurePlan.people(views), &rawReader)
        } catch {
            throw Self.refusal(error)
        }
    }

    /// Waits until views have seen what the log held when this was asked first.
    ///
    /// - Returns: nil where they have.
    func waitUntilSeen(
        _ names: [ViewName], _ session: Session
    ) throws(CommandError) -> Execution? {
        let needed = session.atHand.pastHead ?? log.head.position
        session.atHand.pastHead = needed
        for view in names {
            let standing = try checkServed(view)
            guard standing.position < needed else { continue }
            guard !isTimeUp(session, within: CommandLimits.waitMillisecondsMax) else {
                throw .stale(
                    view: view.rawValue, asked: needed, reached: standing.position,
                    milliseconds: CommandLimits.waitMillisecondsMax)
            }
            return .waits(for: .view(view, needed.rawValue))
        }
        session.atHand.pastHead = nil
        return nil
    }

    /// Waits for a step, which has as long as any other.
    private func goOnWaiting(
        for found: Planned<ErasurePlan>, _ session: Session
    ) throws(CommandError) -> Execution {
        session.atHand.erasure = found
        session.atHand.deadline = nil
        return try goOnWaiting(for: found.question, session)
    }

    /// Takes the few events that have come since, where no more can come.
    private func catchUp(_ plan: inout ErasurePlan) throws(CommandError) {
        do throws(ReadFailure<ViewFault>) {
            try plan.catchUp(views, &rawReader)
        } catch {
            throw Self.refusal(error)
        }
    }

    /// Has a further step done beside the loop.
    private func goOn(
        _ plan: consuming ErasurePlan, _ found: Planned<ErasurePlan>, _ session: Session,
        _ step:
            @escaping @Sendable (
                inout ErasurePlan, inout LogReader, ViewSet
            ) throws(ReadFailure<ViewFault>) -> Void
    ) throws(CommandError) -> Execution {
        let found = try found.goOn(plan, past) { [log, views] (plan) throws(CommandError) in
            try Self.searching(log) { (reader) throws(ReadFailure<ViewFault>) in
                try step(&plan, &reader, views)
            }
        }
        return try goOnWaiting(for: found, session)
    }

    /// Has others' texts searched for the person's identifiers, beside the loop.
    private func findTexts(
        _ plan: consuming ErasurePlan, from first: Position, _ found: Planned<ErasurePlan>,
        _ session: Session
    ) throws(CommandError) -> Execution {
        let found = try found.goOn(plan, past) { [log] (plan) throws(CommandError) in
            do throws(EventLogError) {
                var reader = try log.makeHidingReader()
                try plan.findTexts(from: first, &reader)
            } catch {
                throw .log(error)
            }
        }
        return try goOnWaiting(for: found, session)
    }

    /// Runs a search in the log as it lies, beside the loop.
    static func searching<Found>(
        _ log: EventLog, _ body: (inout LogReader) throws(ReadFailure<ViewFault>) -> Found
    ) throws(CommandError) -> Found {
        do throws(ReadFailure<ViewFault>) {
            var reader: LogReader
            do throws(EventLogError) {
                reader = try log.makeReader()
            } catch {
                throw .log(error)
            }
            return try body(&reader)
        } catch {
            throw refusal(error)
        }
    }

    static func refusal(_ error: ReadFailure<ViewFault>) -> CommandError {
        switch error {
        case .log(let error): .log(error)
        case .body(let fault): .view(fault)
        }
    }

    /// What is said of an erasure outlives it.
    private func check(
        _ plan: borrowing ErasurePlan, _ command: CommandDefinition,
        _ arguments: borrowing ArgumentReader
    ) throws(CommandError) {
        for option in ["REASON", "ACTOR", "REQUEST"] {
            guard let words = try arguments.text(option), plan.isNamed(in: words) else { continue }
            throw .badArgument(
                command.name, argument: option,
                expected: "a text without the person's identifiers: it outlives them")
        }
    }

    /// What made them other persons tells so by surrogate once they are gone, within a bound.
    private func checkRoom(for plan: borrowing ErasurePlan) throws(CommandError) {
        let erasures = log.erasures
        for (position, moves) in plan.moving {
            var taken = 0
            do throws(ReadFailure<Never>) {
                _ = try rawReader.event(at: position) { (event) throws(Never) in
                    taken = event.moveCount + erasures.movesToCome(of: event)
                }
            } catch {
                switch error {
                case .log(let error): throw .log(error)
                }
            }
            guard taken + moves <= EventLimits.erasedMovesMax else { throw .tooManyMoved(position) }
        }
    }

    /// The person whom a command names: exactly one.
    func onePerson(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> PersonMatch {
        let name = arguments.bytes("customer") ?? []
        let text = unsafe name.span.bytes
        guard !text.starts(with: "interaction:") else {
            throw .badArgument(
                command.name, argument: "customer", expected: "kind:value or a customer's id c_…")
        }
        guard let match = try match(name, looksBack: false) else {
            let isShared = try reading { () throws(ViewFault) in
                try unsafe IdentityView.isShared(name.span.bytes, try views.identity.snapshot())
            }
            if isShared {
                throw .sharedIdentifier(command.name, seenWith: try sharers(of: name))
            }
            throw .unknownCustomer(command.name, argument: "customer")
        }
        guard match.candidates.isEmpty else {
            throw .ambiguous(command.name, candidates: match.candidates.map(\.person))
        }
        return match
    }

    /// Whom the newest events show that show an identifier which several share.
    private func sharers(of identifier: [UInt8]) throws(CommandError) -> [CustomerID] {
        var positions: [Position] = []
        try readingLog { () throws(EventLogError) in
            try writer.positions(
                of: StreamName(.identifier, identifier), limit: CommandLimits.sharingEventsRead,
                into: &positions)
        }
        var persons: [CustomerID] = []
        let people = try reading { () throws(ViewFault) in try views.identity.snapshot() }
        for position in positions {
            do throws(ReadFailure<ViewFault>) {
                _ = try reader.event(at: position) { (event) throws(ViewFault) in
                    for shown in try IdentityView.shown(by: event, people) {
                        let match = try IdentityView.person(ofCustomer: shown.customer, people)
                        guard let match, !persons.contains(match.person) else { continue }
                        persons.append(match.person)
                    }
                }
            } catch {
                throw Self.refusal(error)
            }
        }
        return persons
    }
}
