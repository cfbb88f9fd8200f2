internal import EventModel
internal import Projecting
internal import Synchronization
internal import Views

/// One question about the past, for a page of it or for figures, while it is answered beside the loop
/// and afterwards.
public final class PastQuestion: Sendable, Equatable {
    /// Answers it; told the question, so that what takes long can end when nobody waits any more.
    typealias Answering = @Sendable (PastViews, PastQuestion) throws(CommandError) -> [UInt8]?

    /// Who asks: users take turns.
    enum Asker: Hashable, Sendable {
        /// The daemon itself.
        case daemon
        /// A user, as the system numbers them.
        case user(UInt32)
    }

    private enum State: Sendable {
        case open
        /// The document, or nil where there is nothing to be told of.
        case answered([UInt8]?)
        case failed(CommandError)
    }

    /// What answering it takes.
    enum Effort: Sendable {
        /// Events that are read.
        case page
        /// Rows of the metrics view that are added up.
        case figures
        /// Events that are folded.
        case moment
        /// All rows of views, which are gone through, of which nothing is kept.
        case base
        /// A view that is folded whole, and kept for who asks again.
        case whole
    }

    let asker: Asker
    let effort: Effort
    /// Whether it takes a view that is folded whole.
    var isWhole: Bool { effort == .whole }
    /// The newest erasure that was to be carried out when it was asked: an answer from before a newer
    /// one is told to nobody.
    let erasures: Position
    private let state = Mutex(State.open)
    private let answering: Answering

    init(
        of asker: Asker, _ effort: Effort = .moment, erasures: Position = .zero,
        _ answering: @escaping Answering
    ) {
        self.asker = asker
        self.answering = answering
        self.effort = effort
        self.erasures = erasures
    }

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
            let document = try answering(past, self)
            state.withLock { $0 = .answered(document) }
        } catch {
            fail(error)
        }
    }

    /// Nobody waits for the answer any more: a thread that has not begun with it passes it over.
    func giveUp() {
        state.withLock { if case .open = $0 { $0 = .failed(.stopping) } }
    }

    func fail(_ error: CommandError) { state.withLock { $0 = .failed(error) } }

    /// Questions are themselves only.
    public static func == (left: PastQuestion, right: PastQuestion) -> Bool { left === right }
}
