internal import EventLog
internal import EventModel
internal import Views

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
    /// Events of which something goes in which two persons can have agreed.
    private(set) var facts: [Position] = []
    /// Whom those may have united; nil where that was not looked for.
    var unions: FactUnions?
    /// Bytes of the parts' text.
    private var bytes = 0

    /// Looks at events until one of the bounds is reached.
    ///
    /// - Parameters:
    ///   - words: What will be said of the redaction.
    ///   - steps: How many of looking for a pattern there may be, and one for each event.
    ///   - goesAnyway: Whether an event's field goes without this redaction, or where none is named
    ///     all of the event.
    static func find(
        _ query: RedactionQuery, in range: ClosedRange<Position>, words: [String],
        steps: Int = CommandLimits.redactionStepsMax, _ reader: inout LogReader,
        but goesAnyway: (Position, _ field: String?) -> Bool = { _, _ in false }
    ) throws(EventLogError) -> RedactionPlan {
        var plan = RedactionPlan()
        var steps = steps
        do throws(ReadFailure<Never>) {
            try reader.events(from: range.lowerBound, through: range.upperBound) {
                (event) throws(Never) in
                let position = event.position
                guard !goesAnyway(position, nil) else { return true }
                guard plan.bytes < CommandLimits.redactionBytesMax,
                    var finding = query.look(at: event, steps: &steps)
                else {
                    plan.next = event.position
                    return false
                }
                steps -= 1
                finding.fields = finding.fields.filter { !goesAnyway(position, $0.key) }
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
        if finding.fields["value"] != nil, IdentityView.tellsFact(event) {
            facts.append(event.position)
        }
        let fields = finding.fields.map { RedactedParts.Field($0.key, cuts: $0.value) }
        let part = RedactedParts.Part(event.position, fields).bounded()
        bytes += part.text.utf8.count
        parts.add(part)
    }

    /// What goes, and whom events tell of that they united, if it was by that.
    var said: RedactedParts {
        var said = parts
        unions?.tell(in: &said)
        return said
    }
}
