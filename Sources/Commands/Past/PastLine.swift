/// Questions that wait for a thread, in the order in which they came: those of one user do not keep
/// others' out, nor waiting behind all of them.
struct PastLine {
    private var questions: [PastQuestion] = []
    /// Whose question was begun last.
    private var served: PastQuestion.Asker?

    var isEmpty: Bool { questions.isEmpty }

    /// What came of adding a question.
    enum Outcome: Equatable {
        case taken
        /// It took the place of one that was refused for it.
        case takenInsteadOf(PastQuestion)
        /// As many as may be wait, and nobody else has more of them.
        case refused
    }

    /// Adds a question behind all others. Where as many as may be wait, the last one of whoever has most
    /// gives way, if the asker has two fewer.
    ///
    /// - Complexity: O(`most`) where as many wait.
    mutating func add(_ question: PastQuestion, most: Int) -> Outcome {
        // Nobody waits any more for those that were given up.
        if questions.count >= most { questions.removeAll { $0.isOver } }
        guard questions.count >= most else {
            questions.append(question)
            return .taken
        }
        var counts: [PastQuestion.Asker: Int] = [:]
        for waiting in questions { counts[waiting.asker, default: 0] += 1 }
        let greatest = counts.values.max() ?? 0
        guard greatest >= counts[question.asker, default: 0] + 2,
            let index = questions.lastIndex(where: { counts[$0.asker] == greatest })
        else { return .refused }
        let refused = questions.remove(at: index)
        questions.append(question)
        return .takenInsteadOf(refused)
    }

    /// Takes the next question out: the first of somebody else than was served last, if there is one.
    mutating func next() -> PastQuestion? {
        guard !questions.isEmpty else { return nil }
        let question = questions.remove(at: questions.firstIndex { $0.asker != served } ?? 0)
        served = question.asker
        return question
    }
}
