public import EventModel
internal import Synchronization
internal import Threads
internal import Views

/// A projector as what folds it anew sees it.
protocol Rebuilding: AnyObject, Sendable {
    /// The projection's name.
    var projectionName: String { get }
    /// Up to where erasures had been carried out when the successor was begun that the process before
    /// this one was folding; nil where it was at none.
    var leftOver: Position? { get }
    /// Up to where erasures had been carried out in the log when the view in use was begun.
    var scrubbed: Position { get }
    /// Folds a successor from the first event, or goes on with one, and has it take the view's place.
    ///
    /// - Parameter anew: Whether what was copied of the view in use will not do.
    /// - Returns: Whether it has; not when it was given up.
    func rebuild(pace: Rebuilder, anew: Bool) throws(ViewFault) -> Bool
    /// Notes what became of the wish to have it folded anew.
    func note(_ progress: RebuildProgress?)
}

/// How folding a view anew stands.
public enum RebuildProgress: Sendable, Equatable {
    /// Others come first.
    case waits
    /// It goes on: where this process began, how far it is, and the time that took.
    case folds(from: Position, to: Position, nanoseconds: UInt64)
    /// It was given up; the view in use goes on.
    case failed(String)
}

/// Folds views anew, one at a time, on a thread of its own that stands back behind all others.
final class Rebuilder: Sendable {
    private struct Wish {
        let projector: any Rebuilding
        /// It counts as fulfilled where the view was begun with erasures up to here carried out.
        var scrubbed: Position?
    }

    private enum Work {
        /// What comes first, also while nothing is to be folded anew.
        case first(@Sendable () -> Void)
        case wish(Wish)
    }

    private struct State {
        var wishes: [Wish] = []
        var first: (@Sendable () -> Void)?
        var thread: PlainThread?
        var isStopped = false
        /// Whether nobody is to read the log from its beginning, see `bar`.
        var isBarred = false
        /// Whether a wish is being fulfilled.
        var isAtWork = false
        /// Up to where erasures are known to be carried out in the log.
        var scrubbed = Position.zero
        var failures: UInt64 = 0
        /// How the thread is scheduled; nil where it only stands back, or there is none.
        var schedule: LastInLine?
    }

    private let state = Mutex(State())
    private let wakeup = Wakeup()

    /// Starts the thread.
    func start() {
        let nice = ProjectingLimits.rebuildNice
        let thread = PlainThread(name: "fold-anew", nice: nice) {
            self.state.withLock { $0.schedule = LastInLine(nice: nice) }
            while let next = self.next() { self.work(next) }
        }
        state.withLock { $0.thread = thread }
    }

    /// Has views folded anew, in this order, each after those asked for before. One that waits
    /// already keeps its place.
    func ask(_ projectors: [any Rebuilding]) {
        wakeup.wakeAll {
            state.withLock { state in
                for projector in projectors {
                    if let place = state.wishes.firstIndex(where: { $0.projector === projector }) {
                        state.wishes[place].scrubbed = nil
                    } else {
                        state.wishes.append(Wish(projector: projector))
                    }
                    projector.note(.waits)
                }
            }
        }
    }

    /// Has views folded anew, in this order, that were not begun with erasures up to a position
    /// carried out in the log, as they now are. One that waits already gives its place up: whom
    /// events concern is told by the first.
    func ask(
        _ projectors: [any Rebuilding], scrubbedThrough position: Position
    ) -> RebuildTicket {
        var failures: UInt64 = 0
        wakeup.wakeAll {
            state.withLock { state in
                state.scrubbed = max(state.scrubbed, position)
                state.isBarred = false
                failures = state.failures
                for projector in projectors {
                    let place = state.wishes.firstIndex { $0.projector === projector }
                    var wish = Wish(projector: projector, scrubbed: position)
                    // Who wants it folded in any case is not put off with what is there.
                    if let place, state.wishes.remove(at: place).scrubbed == nil {
                        wish.scrubbed = nil
                    }
                    state.wishes.append(wish)
                    projector.note(.waits)
                }
            }
        }
        return RebuildTicket(scrubbed: position, failures: failures)
    }

    /// Has something done by the thread before all else, whether folding anew is barred or not.
    func ask(first work: @escaping @Sendable () -> Void) {
        wakeup.wakeAll { state.withLock { $0.first = work } }
    }

    /// Whether anybody wants a view folded anew.
    var isAsked: Bool { state.withLock { !$0.wishes.isEmpty } }

    /// Up to where erasures are known to be carried out in the log.
    var scrubbed: Position { state.withLock { $0.scrubbed } }

    /// Notes up to where a process before this one had seen to that.
    func note(scrubbed position: Position) {
        state.withLock { $0.scrubbed = max($0.scrubbed, position) }
    }

    /// How often folding a view anew has failed.
    var failures: UInt64 { state.withLock { $0.failures } }

    /// Ends the thread; what is being folded is gone on with by the next start.
    func stop() {
        wakeup.wakeAll {
            state.withLock {
                $0.isStopped = true
                $0.first = nil
            }
        }
        let thread = state.withLock { state in
            defer { state.thread = nil }
            return state.thread
        }
        thread?.join()
    }

    /// Has nothing folded anew until a round of erasures asks for it, nor what is being folded: while
    /// the log is scrubbed, who is who and the events no longer fit each other.
    func bar() { wakeup.wakeAll { state.withLock { $0.isBarred = true } } }

    /// Whether nothing is being folded anew.
    var isAtRest: Bool { state.withLock { !$0.isAtWork } }

    /// Whether what is being folded is to be given up: it has been told to end, or is barred.
    var givesUp: Bool { state.withLock { $0.isStopped || $0.isBarred } }

    /// Has a turn of the thread's work done, and the next scheduled by what processor it got.
    func turn<Failure: Error>(_ work: () throws(Failure) -> Void) throws(Failure) {
        guard var schedule = state.withLock({ $0.schedule }) else { return try work() }
        schedule.begin()
        try work()
        schedule.end()
        state.withLock { [schedule] in $0.schedule = schedule }
    }

    /// Has the thread ask for its share from now on: somebody is going to wait for it.
    func comeForward() {
        guard var schedule = state.withLock({ $0.schedule }) else { return }
        schedule.comeForward()
        state.withLock { [schedule] in $0.schedule = schedule }
    }

    /// Rests after work of so many nanoseconds, so that whoever reads and appends finds an idle
    /// processor and a warm cache again and again.
    func rest(after nanoseconds: UInt64) {
        let pause = nanoseconds / ProjectingLimits.rebuildRestShare
        wakeup.wait(untilNanoseconds: Wakeup.nanoseconds() + pause) { !givesUp }
    }

    /// Lets go of a view that others may still be reading, after them where that takes no longer than a
    /// moment: whoever is the last closes its file, which takes tens of milliseconds.
    func letGo(_ old: consuming ViewStore) {
        var waits = ProjectingLimits.readersWaitedForMax
        while !isKnownUniquelyReferenced(&old), waits > 0, !givesUp {
            rest(after: ProjectingLimits.rebuildWaitNanoseconds)
            waits -= 1
        }
    }

    /// Rests as `rest` does what came first.
    ///
    /// - Returns: Whether it is to go on.
    func restAtWork(after nanoseconds: UInt64) -> Bool {
        let pause = nanoseconds / ProjectingLimits.rebuildRestShare
        wakeup.wait(untilNanoseconds: Wakeup.nanoseconds() + pause) { !isStopped }
        return !isStopped
    }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Does on the calling thread what has been asked for, where there is no thread for it.
    func catchUp() {
        while let next = takeNext() { work(next) }
    }

    private func next() -> Work? {
        while !isStopped {
            wakeup.wait {
                state.withLock {
                    ($0.wishes.isEmpty || $0.isBarred) && $0.first == nil && !$0.isStopped
                }
            }
            // It may have been barred since.
            if let work = takeNext() { return work }
        }
        return nil
    }

    private func takeNext() -> Work? {
        state.withLock { state in
            guard !state.isStopped else { return nil }
            if let first = state.first.take() {
                state.isAtWork = true
                return .first(first)
            }
            guard !state.isBarred, !state.wishes.isEmpty else { return nil }
            state.isAtWork = true
            return .wish(state.wishes.removeFirst())
        }
    }

    private func work(_ work: Work) {
        switch work {
        case .first(let work):
            work()
            state.withLock { $0.isAtWork = false }
        case .wish(let wish): fulfil(wish)
        }
    }

    private func fulfil(_ wish: Wish) {
        do throws(ViewFault) {
            if wish.scrubbed.map({ wish.projector.scrubbed < $0 }) ?? true,
                try !wish.projector.rebuild(pace: self, anew: wish.scrubbed == nil)
            {
                return putBack(wish)
            }
            wish.projector.note(nil)
            state.withLock { $0.isAtWork = false }
        } catch {
            wish.projector.note(.failed("\(error)"))
            state.withLock { state in
                state.failures += 1
                state.isAtWork = false
            }
        }
    }

    /// Has a wish that was given up wait in front of all others.
    private func putBack(_ wish: Wish) {
        wish.projector.note(.waits)
        wakeup.wakeAll {
            state.withLock { state in
                state.isAtWork = false
                if let place = state.wishes.firstIndex(where: { $0.projector === wish.projector }) {
                    // Asked for again meanwhile.
                    if wish.scrubbed == nil { state.wishes[place].scrubbed = nil }
                } else {
                    state.wishes.insert(wish, at: 0)
                }
            }
        }
    }
}
