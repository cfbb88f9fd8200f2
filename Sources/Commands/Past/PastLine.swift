/// Questions that wait for a thread. Users take turns, each with the question that came first of theirs.
struct PastLine {
    private var waiting: [PastQuestion.Asker: [PastQuestion]] = [:]
    /// Whose turn is next, of those who wait.
    private var turns: [PastQuestion.Asker] = []
    private var count = 0

    var isEmpty: Bool { turns.isEmpty }

    /// What came of adding a question.
    enum Outcome: Equatable {
        case taken
        /// It took the place of one that was refused for it.
        case takenInsteadOf(PastQuestion)
        /// As many as may be wait, and nobody else has more of them.
        case refused
    }

    /// Adds a question behind all others of its user. Where as many as may be wait, the last one of
    /// whoever has most gives way, if the asker has two fewer.
    ///
    /// - Complexity: O(`most`) where as many wait.
    mutating func add(_ question: PastQuestion, most: Int) -> Outcome {
        if count >= most { dropGivenUp() }
        guard count >= most else {
            append(question)
            return .taken
        }
        let own = waiting[question.asker]?.count ?? 0
        guard let greatest = turns.max(by: { waiting[$0]?.count ?? 0 < waiting[$1]?.count ?? 0 }),
            let refused = waiting[greatest]?.last, waiting[greatest]?.count ?? 0 >= own + 2
        else { return .refused }
        waiting[greatest]?.removeLast()
        count -= 1
        append(question)
        return .takenInsteadOf(refused)
    }

    /// Takes the next question out: the first of whoever's turn it is, who then is behind all others.
    mutating func next() -> PastQuestion? {
        guard !turns.isEmpty else { return nil }
        let asker = turns.removeFirst()
        guard let question = waiting[asker]?.removeFirst() else {
            preconditionFailure("who has a turn has a question")
        }
        count -= 1
        if waiting[asker]?.isEmpty == false { turns.append(asker) } else { waiting[asker] = nil }
        return question
    }

    private mutating func append(_ question: PastQuestion) {
        if waiting[question.asker] == nil { turns.append(question.asker) }
        waiting[question.asker, default: []].append(question)
        count += 1
    }

    /// Nobody waits any more for those that were given up.
    private mutating func dropGivenUp() {
        for asker in turns { waiting[asker]?.removeAll { $0.isOver } }
        waiting = waiting.filter { !$0.value.isEmpty }
        turns.removeAll { waiting[$0] == nil }
        count = waiting.values.reduce(0) { $0 + $1.count }
    }
}
