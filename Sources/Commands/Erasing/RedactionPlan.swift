internal import EventLog
internal import EventModel
internal import Synchronization

/// What a redaction would take, found in the log beside the loop.
struct RedactionPlan: Sendable {
    private(set) var parts = RedactedParts()
    /// Fields in which something fits and stays: open ones, and those that say whose an event is or
    /// what it is about.
    private(set) var kept = 0
    /// Where to go on, when not all events of the range were looked at.
    private(set) var next: Position?
    /// Fields that an event from which nothing has been taken yet does not have.
    private(set) var missing = 0
    /// Why a field that was asked for by name stays.
    private(set) var refusal: KeptField?
    /// Whether a reason, an actor or a request says what goes.
    private(set) var isSaid = false
    /// Bytes of the parts' text.
    private var bytes = 0

    /// Looks at events until one of the bounds is reached.
    ///
    /// - Parameter words: What will be said of the redaction.
    static func find(
        _ query: RedactionQuery, in range: ClosedRange<Position>, words: [String],
        _ reader: inout LogReader
    ) throws(EventLogError) -> RedactionPlan {
        var plan = RedactionPlan()
        var steps = CommandLimits.redactionStepsMax
        do throws(ReadFailure<Never>) {
            try reader.events(from: range.lowerBound, through: range.upperBound) {
                (event) throws(Never) in
                guard plan.bytes < CommandLimits.redactionBytesMax,
                    let finding = query.look(at: event, steps: &steps)
                else {
                    plan.next = event.position
                    return false
                }
                steps -= 1
                plan.take(finding, of: event, words)
                return true
            }
        } catch {
            switch error {
            case .log(let error): throw error
            }
        }
        for word in words {
            let bytes = Array(word.utf8)
            let places = unsafe query.pattern?.places(in: bytes.span.bytes, steps: &steps)
            if places?.isEmpty == false { plan.isSaid = true }
        }
        return plan
    }

    private mutating func take(
        _ finding: RedactionQuery.Finding, of event: borrowing EventView, _ words: [String]
    ) {
        kept += finding.kept
        // What was redacted before is asked for again: nothing is left to do.
        if !event.hasRemnant { missing += finding.missing }
        refusal = refusal ?? finding.refusal
        for text in finding.texts where text.utf8.count >= CommandLimits.identifierBytesRecognised {
            isSaid = isSaid || words.contains { $0.contains(text) }
        }
        guard !finding.fields.isEmpty else { return }
        let fields = finding.fields.map { RedactedParts.Field($0.key, cuts: $0.value) }
        let part = RedactedParts.Part(event.position, fields).bounded()
        bytes += part.text.utf8.count
        parts.add(part)
    }
}

/// A plan that is found beside the loop.
final class Planned<Plan: Sendable>: Sendable {
    let question: PastQuestion
    private let found: Found

    private final class Found: Sendable {
        let plan = Mutex<Plan?>(nil)
    }

    /// Asks a thread of the desk for it.
    init(
        _ desk: PastDesk, _ find: @escaping @Sendable () throws(CommandError) -> Plan
    ) throws(CommandError) {
        let found = Found()
        self.found = found
        question = PastQuestion { (_) throws(CommandError) in
            let plan = try find()
            found.plan.withLock { $0 = plan }
            return nil
        }
        try desk.ask(question)
    }

    /// The plan, once the question is over.
    func plan() throws(CommandError) -> Plan {
        _ = try question.answer()
        guard let plan = found.plan.withLock({ $0 }) else {
            preconditionFailure("a question that is answered has left its plan")
        }
        return plan
    }
}
