internal import EventLog
internal import EventModel
internal import Projecting
internal import Synchronization
internal import Views

/// A look at the whole customer base, on the thread of questions that take a whole view.
final class PopulationWork: Sendable {
    let question: PastQuestion
    /// The newest erasure when it was asked for.
    let erasures: Position
    private let found: Found

    /// What it has found.
    private final class Found: Sendable {
        let look = Mutex<PopulationSweep.Look?>(nil)
    }

    /// Looks at the views as they stand when it comes to that.
    init(_ views: ViewSet, now: Timestamp, erasures: Position) {
        self.erasures = erasures
        let found = Found()
        self.found = found
        question = PastQuestion(of: .daemon, .base) { (_, question) throws(CommandError) in
            let look = try viewing { () throws(ViewFault) in
                let customers = try views.customers.snapshot()
                let people = try views.identity.snapshot()
                let position = customers.position
                return try PopulationSweep.find(
                    now: now,
                    members: { (customer) throws(ViewFault) in
                        try question.members(customer, asOf: position, people)
                    }, from: customers)
            }
            found.look.withLock { $0 = look }
            return nil
        }
    }

    /// Returns what was found of a look that is over.
    ///
    /// - Throws: Why it failed.
    func look() throws(CommandError) -> PopulationSweep.Look? {
        _ = try question.answer()
        return found.look.withLock { $0 }
    }
}

/// What is said of the customer base once a day, where a definition asks for it.
extension CommandExecutor {
    /// Forgets what was found of the base before somebody was erased and is not in the log yet.
    func startOverBehindErasure() {
        guard populationErasures != log.erasures.latest else { return }
        population.startOver()
        households = HouseholdSweep()
        unstaged.removeAll { PopulationSweep.finds($0) || HouseholdSweep.finds($0) }
        populationErasures = log.erasures.latest
    }

    /// Has the base looked at where that is due, and returns what is to be appended of what was found.
    func findPopulation(
        behind head: UInt64, now: Timestamp
    ) throws(CommandError) -> [InferredEvent] {
        if let work = populationAtWork {
            guard work.question.isOver else { return [] }
            populationAtWork = nil
            if let look = try work.look(), work.erasures == log.erasures.latest {
                population.take(look)
            }
        }
        let found = population.next()
        guard found.isEmpty else { return found }
        // While the log is being scrubbed, who is who and what is kept of them do not fit.
        guard log.erasures.isEmpty, status(of: .customers).fault == nil,
            status(of: .identity).fault == nil
        else { return [] }
        let isDue = try reading { () throws(ViewFault) in
            let snapshot = try views.customers.snapshot()
            guard snapshot.position.rawValue + CommandLimits.sweepLagMax >= head else {
                return false
            }
            return try population.isDue(now: now, from: snapshot)
        }
        guard isDue else { return [] }
        let work = PopulationWork(views, now: now, erasures: log.erasures.latest)
        try past.ask(work.question)
        populationAtWork = work
        return []
    }
}
