internal import EventLog
internal import EventModel
internal import Projecting
internal import RESP
internal import Views

/// LIFECYCLE: figures of the whole customer base, counted beside the loop.
extension CommandExecutor {
    func lifecycle(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        if let question = session.atHand.past, log.erasures.latest <= question.erasures {
            guard question.isOver else { return try goOnWaiting(for: question, session) }
            return answer(try question.answer(), session)
        }
        let asked = try lifecycleQuestion(command, arguments)
        for view in command.action.views {
            if let execution = try whatToAwait(view, arguments, session) { return execution }
        }
        // While the log is being scrubbed, who is who and what is kept of them do not fit.
        guard log.erasures.isEmpty else { throw .erasing }
        let now = environment.now()
        let views = views
        let question = PastQuestion(
            of: .user(session.user), .base, erasures: log.erasures.latest
        ) { (_, question) throws(CommandError) in
            var json = JSONWriter()
            let isFound = try viewing { () throws(ViewFault) in
                let customers = try views.customers.snapshot()
                let people = try views.identity.snapshot()
                let position = customers.position
                return try LifecycleDocument.write(
                    asked, now: now,
                    members: { (customer) throws(ViewFault) in
                        try question.members(customer, asOf: position, people)
                    }, from: customers, to: &json)
            }
            return isFound ? json.bytes : nil
        }
        try past.ask(question)
        session.atHand.past = question
        session.atHand.deadline = nil
        return try goOnWaiting(for: question, session)
    }

    private func lifecycleQuestion(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> LifecycleDocument.Question {
        guard let season = try arguments.text("SEASON") else {
            let (from, to) = try window(command, arguments)
            guard from < to else {
                throw .badArgument(command.name, argument: "TO", expected: "later than FROM")
            }
            return LifecycleDocument.Question(
                window: (from, to), hasCampaigns: arguments.has("CAMPAIGNS"))
        }
        for option in ["FROM", "TO"] where arguments.has(option) {
            throw .badArgument(
                command.name, argument: option, expected: "left out where SEASON stands")
        }
        return LifecycleDocument.Question(
            window: nil, season: season, hasCampaigns: arguments.has("CAMPAIGNS"))
    }
}

extension PastQuestion {
    /// Who is one person with a customer, oldest first; nil for who is erased. A walk over the whole
    /// customer base ends here when nobody waits for it any more.
    func members(
        _ customer: CustomerID, asOf position: Position, _ people: borrowing ViewSnapshot
    ) throws(ViewFault) -> [CustomerID]? {
        guard !isOver else { throw .storage("nobody waits for the answer any more") }
        return try IdentityView.person(ofCustomer: customer, asOf: position, people)?.customers
    }
}
