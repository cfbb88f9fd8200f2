internal import Projecting
internal import Synchronization
internal import Threads
internal import Views

/// Answers questions about the past on threads of its own, in the order of their line.
final class PastThreads: Sendable {
    private struct State {
        var line = PastLine()
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
        let outcome: PastLine.Outcome? = state.withLock { state in
            guard !state.isStopped else { return nil }
            if state.threads.isEmpty {
                state.threads = (1...count).map { number in
                    let name = count > 1 ? "\(name)-\(number)" : name
                    return PlainThread(name: name, nice: nice) { [weak self] in
                        self?.run()
                    }
                }
            }
            return state.line.add(question, most: most)
        }
        switch outcome {
        case .taken: break
        case .takenInsteadOf(let other):
            other.fail(.busy(most))
            state.withLock { $0.observer }?()
        case .refused: throw .busy(most)
        case nil: throw .stopping
        }
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
        wakeup.wait { state.withLock { $0.line.isEmpty && !$0.isStopped } }
        return state.withLock { state in state.isStopped ? nil : state.line.next() }
    }
}
