internal import Projecting
internal import Synchronization
internal import Threads
internal import Views

/// Answers questions about the past on threads of its own, in order.
final class PastThreads: Sendable {
    private struct State {
        var questions: [PastQuestion] = []
        var threads: [PlainThread] = []
        var isStopped = false
        var observer: (@Sendable () -> Void)?
    }

    private let views: ViewSet
    private let state = Mutex(State())
    private let wakeup = Wakeup()
    private let name: String
    private let count: Int
    private let nice: Int32
    private let most: Int

    /// - Parameter most: Questions that may wait at a time.
    init(
        _ views: ViewSet, name: String, count: Int, nice: Int32,
        most: Int = CommandLimits.pastQuestionsMax
    ) {
        self.views = views
        self.name = name
        self.count = count
        self.nice = nice
        self.most = most
    }

    deinit { stop() }

    /// Has `observer` called after each answer, on one of its threads.
    func observe(_ observer: @escaping @Sendable () -> Void) {
        state.withLock { $0.observer = observer }
    }

    /// Takes a question; its threads begin with the first.
    func ask(_ question: PastQuestion) throws(CommandError) {
        let isTaken = state.withLock { state in
            // Nobody waits any more for those that were given up.
            if state.questions.count >= most { state.questions.removeAll { $0.isOver } }
            guard state.questions.count < most, !state.isStopped else { return false }
            if state.threads.isEmpty {
                state.threads = (1...count).map { number in
                    let name = count > 1 ? "\(name)-\(number)" : name
                    return PlainThread(name: name, nice: nice) { [weak self] in
                        self?.run()
                    }
                }
            }
            state.questions.append(question)
            return true
        }
        guard isTaken else { throw .busy(most) }
        wakeup.wakeAll()
    }

    /// Ends the threads after the questions they are at.
    func stop() {
        wakeup.wakeAll { state.withLock { $0.isStopped = true } }
        let threads = state.withLock { state in
            defer { state.threads = [] }
            return state.threads
        }
        for thread in threads { thread.join() }
    }

    private func run() {
        var past: PastViews?
        while let question = next() {
            guard !question.isOver else { continue }
            do throws(ViewFault) {
                if past == nil { past = try views.past() }
                if let past { question.work(past) }
            } catch {
                question.fail(.view(error))
            }
            state.withLock { $0.observer }?()
        }
    }

    private func next() -> PastQuestion? {
        wakeup.wait { state.withLock { $0.questions.isEmpty && !$0.isStopped } }
        return state.withLock { state in
            state.isStopped ? nil : state.questions.isEmpty ? nil : state.questions.removeFirst()
        }
    }
}
