internal import Projecting
internal import Synchronization
internal import Threads
internal import Views

/// One question about the past, while it is answered beside the loop and afterwards.
public final class PastQuestion: Sendable, Equatable {
    typealias Answering = @Sendable (PastViews) throws(CommandError) -> [UInt8]?

    private enum State: Sendable {
        case open
        /// The document, or nil where there is nothing to be told of.
        case answered([UInt8]?)
        case failed(CommandError)
    }

    private let state = Mutex(State.open)
    private let answering: Answering

    init(_ answering: @escaping Answering) { self.answering = answering }

    /// Whether there is an answer, or will be none.
    var isOver: Bool {
        state.withLock { state in
            if case .open = state { return false }
            return true
        }
    }

    /// The answer: a document, or nil where there is nothing to be told of.
    func answer() throws(CommandError) -> [UInt8]? {
        switch state.withLock({ $0 }) {
        case .open: preconditionFailure("the answer is asked for when the question is over")
        case .answered(let document): return document
        case .failed(let error): throw error
        }
    }

    func work(_ past: PastViews) {
        do throws(CommandError) {
            let document = try answering(past)
            state.withLock { $0 = .answered(document) }
        } catch {
            fail(error)
        }
    }

    func fail(_ error: CommandError) { state.withLock { $0 = .failed(error) } }

    /// Questions are themselves only.
    public static func == (left: PastQuestion, right: PastQuestion) -> Bool { left === right }
}

/// Answers questions about the past on threads of its own, in order: what they read and fold keeps
/// nobody waiting who asks for the present.
public final class PastDesk: Sendable {
    private struct State {
        var questions: [PastQuestion] = []
        var threads: [PlainThread] = []
        var isStopped = false
        var observer: (@Sendable () -> Void)?
    }

    private let views: ViewSet
    private let state = Mutex(State())
    private let wakeup = Wakeup()

    init(_ views: ViewSet) { self.views = views }

    deinit { stop() }

    /// Has `observer` called after each answer, on one of its threads.
    public func observe(_ observer: @escaping @Sendable () -> Void) {
        state.withLock { $0.observer = observer }
    }

    /// Takes a question; its threads begin with the first.
    func ask(_ question: PastQuestion) throws(CommandError) {
        let isTaken = state.withLock { state in
            guard state.questions.count < CommandLimits.pastQuestionsMax, !state.isStopped else {
                return false
            }
            if state.threads.isEmpty {
                state.threads = (1...CommandLimits.pastThreads).map { number in
                    PlainThread(name: "past-\(number)", nice: CommandLimits.pastNice) {
                        [weak self] in
                        self?.run()
                    }
                }
            }
            state.questions.append(question)
            return true
        }
        guard isTaken else { throw .busy(CommandLimits.pastQuestionsMax) }
        wakeup.wakeAll()
    }

    /// Ends the threads after the questions they are at.
    public func stop() {
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
