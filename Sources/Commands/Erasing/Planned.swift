internal import Synchronization

/// A plan that is found beside the loop, in one step or in several. It is in one place only, with the
/// thread of a step or with the loop: a large one is never copied.
struct Planned<Plan: Sendable>: Sendable {
    /// The step that was asked for last.
    let question: PastQuestion
    private let place: Place

    private final class Place: Sendable {
        let plan = Mutex<Plan?>(nil)
    }

    /// Asks a thread of the desk for a plan.
    init(
        _ desk: PastDesk, _ find: @escaping @Sendable () throws(CommandError) -> Plan
    ) throws(CommandError) {
        let place = Place()
        self.place = place
        question = PastQuestion(of: .daemon) { (_, _) throws(CommandError) in
            let plan = try find()
            place.plan.withLock { $0 = plan }
            return nil
        }
        try desk.ask(question)
    }

    private init(
        _ desk: PastDesk, _ place: Place,
        _ step: @escaping @Sendable (inout Plan) throws(CommandError) -> Void
    ) throws(CommandError) {
        self.place = place
        question = PastQuestion(of: .daemon) { (_, _) throws(CommandError) in
            var plan = Self.taken(from: place)
            try step(&plan)
            Self.put(plan, in: place)
            return nil
        }
        try desk.ask(question)
    }

    private static func taken(from place: Place) -> Plan {
        guard let plan = place.plan.withLock({ $0.take() }) else {
            preconditionFailure("a plan is taken by one at a time, once its step is over")
        }
        return plan
    }

    /// Takes the plan, once the step is over.
    func take() throws(CommandError) -> Plan {
        _ = try question.answer()
        return Self.taken(from: place)
    }

    /// Gives a plan back, which nothing more is asked of.
    func putBack(_ plan: consuming Plan) { Self.put(plan, in: place) }

    /// Gives a plan back and asks for a further step.
    func goOn(
        _ plan: consuming Plan, _ desk: PastDesk,
        _ step: @escaping @Sendable (inout Plan) throws(CommandError) -> Void
    ) throws(CommandError) -> Planned {
        Self.put(plan, in: place)
        return try Planned(desk, place, step)
    }

    private static func put(_ plan: consuming Plan, in place: Place) {
        let given = plan
        place.plan.withLock { $0 = given }
    }
}
