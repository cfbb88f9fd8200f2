internal import Synchronization
internal import Threads
internal import Views

/// A projector as what folds it anew sees it.
protocol Rebuilding: AnyObject, Sendable {
    /// The projection's name.
    var projectionName: String { get }
    /// Whether the process before this one was folding it anew.
    var wasBeingRebuilt: Bool { get }
    /// Folds a successor from the first event, and has it take the view's place.
    func rebuild(pace: Rebuilder) throws(ViewFault)
    /// Notes what became of the wish to have it folded anew.
    func note(_ progress: RebuildProgress?)
}

/// How folding a view anew stands.
public enum RebuildProgress: Sendable, Equatable {
    /// Others come first.
    case waits
    /// It goes on: events folded so far, and the time that took.
    case folds(events: UInt64, nanoseconds: UInt64)
    /// It was given up; the view in use goes on.
    case failed(String)
}

/// Folds views anew, one at a time, on a thread of its own that stands back behind all others.
final class Rebuilder: Sendable {
    private struct State {
        var queue: [any Rebuilding] = []
        var thread: PlainThread?
        var isStopped = false
        /// How often each view's folding began, and the number of the last that was done or failed.
        var begun: [String: UInt64] = [:]
        var done: [String: UInt64] = [:]
        var failed: [String: UInt64] = [:]
    }

    private let state = Mutex(State())
    private let wakeup = Wakeup()

    /// Starts the thread.
    func start() {
        let thread = PlainThread(name: "fold-anew", nice: ProjectingLimits.rebuildNice) {
            while let next = self.next() { self.rebuild(next) }
        }
        state.withLock { $0.thread = thread }
    }

    /// Has views folded anew, in this order, each after those asked for before. One that waits
    /// already keeps its place.
    func ask(_ projectors: [any Rebuilding]) {
        wakeup.wakeAll {
            state.withLock { state in
                for projector in projectors where !state.queue.contains(where: { $0 === projector })
                {
                    state.queue.append(projector)
                    projector.note(.waits)
                }
            }
        }
    }

    /// Ends the thread; what is being folded is begun again by the next start.
    func stop() {
        wakeup.wakeAll { state.withLock { $0.isStopped = true } }
        let thread = state.withLock { state in
            defer { state.thread = nil }
            return state.thread
        }
        thread?.join()
    }

    /// Whether it has been told to end.
    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Rests after work of so many nanoseconds, so that whoever reads and appends finds an idle
    /// processor and a warm cache again and again.
    func rest(after nanoseconds: UInt64) {
        let pause = nanoseconds / ProjectingLimits.rebuildRestShare
        wakeup.wait(untilNanoseconds: Wakeup.nanoseconds() + pause) { !isStopped }
    }

    /// Does on the calling thread what has been asked for, where there is no thread for it.
    func catchUp() {
        while let next = takeNext() { rebuild(next) }
    }

    private func next() -> (any Rebuilding)? {
        wakeup.wait { state.withLock { $0.queue.isEmpty && !$0.isStopped } }
        return takeNext()
    }

    private func takeNext() -> (any Rebuilding)? {
        state.withLock { state in
            guard !state.isStopped, !state.queue.isEmpty else { return nil }
            let next = state.queue.removeFirst()
            state.begun[next.projectionName, default: 0] += 1
            return next
        }
    }

    /// Has views folded anew and tells by what to know that it is done.
    func askForTicket(_ projectors: [any Rebuilding]) -> RebuildTicket {
        let begun = state.withLock { $0.begun }
        ask(projectors)
        return RebuildTicket(
            beginnings: Dictionary(
                uniqueKeysWithValues: projectors.map {
                    ($0.projectionName, (begun[$0.projectionName] ?? 0) + 1)
                }))
    }

    /// How a wish stands.
    func state(of ticket: RebuildTicket) -> RebuildState {
        state.withLock { state in
            var answer = RebuildState.done
            for (name, number) in ticket.beginnings where state.done[name] ?? 0 < number {
                if state.failed[name] ?? 0 >= number { return .failed }
                answer = .waits
            }
            return answer
        }
    }

    private func end(
        _ projector: any Rebuilding, _ numbers: WritableKeyPath<State, [String: UInt64]>
    ) {
        let name = projector.projectionName
        state.withLock { $0[keyPath: numbers][name] = $0.begun[name] }
    }

    private func rebuild(_ projector: any Rebuilding) {
        do throws(ViewFault) {
            try projector.rebuild(pace: self)
            projector.note(nil)
            if !isStopped { end(projector, \.done) }
        } catch {
            projector.note(.failed("\(error)"))
            end(projector, \.failed)
        }
    }
}
