public import EventLog
internal import Synchronization
internal import Threads

/// Looks, slowly and again and again, at everything that a store holds on disk and nobody asks for:
/// segments that have ended, indexes, rows of views. A bit that has gone wrong is found before it is
/// needed, and so is a row whose key has: who looks for that meets nothing at all.
///
/// What is damaged is put out of use as by a reader who meets it.
public final class Patrol: Sendable {
    /// How it stands.
    public struct Status: Sendable {
        /// How often everything has been looked at since the start.
        public var rounds: UInt64 = 0
        /// What it is at; nil while it rests between two rounds.
        public var file: String?
        /// How often damage has been met since the start.
        public var findings: UInt64 = 0
        /// The last of it.
        public var newest: PatrolFinding?
    }

    private struct State {
        var status = Status()
        var thread: PlainThread?
        var isStopped = false
        var observer: (@Sendable (PatrolFinding) -> Void)?
    }

    private let log: LogSource
    private let state = Mutex(State())
    private let wakeup = Wakeup()

    init(_ log: LogSource) { self.log = log }

    /// How it stands.
    public var status: Status { state.withLock { $0.status } }

    /// Has a closure called for each finding, on the thread of the patrol.
    public func observe(_ observer: @escaping @Sendable (PatrolFinding) -> Void) {
        state.withLock { $0.observer = observer }
    }

    /// Starts the thread.
    func start(_ views: [any Patrolled]) {
        let nice = ProjectingLimits.rebuildNice
        let thread = PlainThread(name: "patrol", nice: nice) {
            var schedule = LastInLine(nice: nice)
            while self.rest(milliseconds: ProjectingLimits.patrolPauseMilliseconds) {
                self.round(views, schedule: &schedule)
            }
        }
        state.withLock { $0.thread = thread }
    }

    /// Ends the thread.
    func stop() {
        wakeup.wakeAll { state.withLock { $0.isStopped = true } }
        state.withLock { $0.thread.take() }?.join()
    }

    /// Looks at everything once, without resting, on the calling thread.
    func round(_ views: [any Patrolled]) {
        var schedule: LastInLine?
        round(views, rests: false, schedule: &schedule)
    }

    private func round(
        _ views: [any Patrolled], rests: Bool = true, schedule: inout LastInLine?
    ) {
        if var patrol = log.makePatrol() {
            while pace(rests, &schedule, { patrol.step(pages: ProjectingLimits.patrolPages) }) {}
        }
        for view in views {
            var patrol = ViewPatrol(view)
            while pace(rests, &schedule, { patrol.step(pages: ProjectingLimits.patrolPages) }) {}
        }
        state.withLock { state in
            state.status.file = nil
            if !state.isStopped { state.status.rounds += 1 }
        }
    }

    /// Takes a step, and rests for several times as long.
    ///
    /// - Returns: Whether there is another.
    private func pace(
        _ rests: Bool, _ schedule: inout LastInLine?, _ step: () -> LogPatrol.Step
    ) -> Bool {
        schedule?.begin()
        let began = Wakeup.nanoseconds()
        switch step() {
        case .looked(let file): state.withLock { $0.status.file = file }
        case .damage(let finding):
            let observer = state.withLock { state in
                state.status.findings += 1
                state.status.newest = finding
                return state.observer
            }
            observer?(finding)
        case .roundEnded: return false
        }
        schedule?.end()
        guard rests else { return true }
        let worked = (Wakeup.nanoseconds() - began) / 1_000_000
        return rest(
            milliseconds: max(
                ProjectingLimits.patrolRestMilliseconds,
                worked * ProjectingLimits.patrolRestShare))
    }

    /// Waits; returns whether it is to go on.
    private func rest(milliseconds: UInt64) -> Bool {
        wakeup.wait(untilNanoseconds: Wakeup.nanoseconds() + milliseconds * 1_000_000) {
            state.withLock { !$0.isStopped }
        }
        return state.withLock { !$0.isStopped }
    }
}
