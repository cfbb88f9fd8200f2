internal import Projecting

/// Answers questions about the past beside the loop: what they read and fold keeps nobody waiting
/// who asks for the present. What takes a whole view has a thread of its own, and so have pages of
/// the log and figures, so that other questions do not wait behind them, nor these behind any.
public final class PastDesk: Sendable {
    private let quick: PastThreads
    private let whole: PastThreads
    private let pages: PastThreads
    private let figures: PastThreads
    private let views: ViewSet

    init(_ views: ViewSet) {
        self.views = views
        quick = PastThreads(
            views, name: "past", count: CommandLimits.pastThreads, nice: CommandLimits.pastNice)
        whole = PastThreads(
            views, name: "past-whole", count: 1, nice: CommandLimits.pastWholeNice)
        pages = PastThreads(
            views, name: "page", count: CommandLimits.pageThreads, nice: CommandLimits.pageNice,
            most: CommandLimits.besideQuestionsMax)
        figures = PastThreads(
            views, name: "figures", count: CommandLimits.figuresThreads,
            nice: CommandLimits.figuresNice, most: CommandLimits.besideQuestionsMax)
    }

    /// Has `observer` called after each answer, on one of its threads.
    public func observe(_ observer: @escaping @Sendable () -> Void) {
        quick.observe(observer)
        whole.observe(observer)
        pages.observe(observer)
        figures.observe(observer)
    }

    /// Takes a question.
    func ask(_ question: PastQuestion) throws(CommandError) {
        switch question.effort {
        case .page: try pages.ask(question)
        case .figures: try figures.ask(question)
        case .moment: try quick.ask(question)
        case .base, .whole: try whole.ask(question)
        }
    }

    /// Ends the threads after the questions they are at; what is being folded whole is given up.
    public func stop() {
        views.stopPast()
        pages.stop()
        figures.stop()
        quick.stop()
        whole.stop()
    }
}
