internal import Commands
internal import NIOCore
internal import Synchronization

/// Gives those who follow their turns: on the loop, a bounded piece of work at a time, and only
/// while their channel takes what it is sent. Nothing is kept for who does not read.
final class FollowRounds: @unchecked Sendable {
    // Unchecked: everything but `documentFollowers` is only touched on `loop`.
    private let executor: CommandExecutor
    private let loop: any EventLoop
    private var handlers: [ConnectionHandler] = []
    /// Whose turn is next.
    private var nextHandler = 0
    /// Connections whose last turn was passed over because they did not read.
    private var passedOver: Set<ObjectIdentifier> = []
    private var sweepIsScheduled = false
    /// Whether a sweep is to come although no view moves.
    private var timedSweepIsScheduled = false
    /// Whose documents the sweep at hand has not looked at yet.
    private var unswept: [ConnectionHandler] = []
    /// When documents may be looked at again, in nanoseconds of the monotonic clock.
    private var nextSweep: UInt64 = 0
    /// How long the sweep at hand has taken so far.
    private var sweepNanoseconds: UInt64 = 0
    /// How many connections follow documents, for projector threads to see.
    private let documentFollowers = Atomic<Int>(0)

    private let turns: LoopTurns

    init(executor: CommandExecutor, loop: any EventLoop, turns: LoopTurns) {
        self.executor = executor
        self.loop = loop
        self.turns = turns
    }

    /// Takes up a connection that follows, or sees whether there is something for it again.
    func note(_ handler: ConnectionHandler) {
        loop.preconditionInEventLoop()
        if !handlers.contains(where: { $0 === handler }) { handlers.append(handler) }
        countDocumentFollowers()
        turns.ask(.pushes)
        if handler.session.followsDocuments { scheduleSweep() }
    }

    /// Forgets a connection.
    func closed(_ handler: ConnectionHandler) {
        guard let index = handlers.firstIndex(where: { $0 === handler }) else { return }
        handlers.remove(at: index)
        if index < nextHandler { nextHandler -= 1 }
        passedOver.remove(ObjectIdentifier(handler))
        countDocumentFollowers()
    }

    private func countDocumentFollowers() {
        let count = handlers.count { $0.session.followsDocuments }
        documentFollowers.store(count, ordering: .sequentiallyConsistent)
    }

    /// Tells all who follow where to go on: the daemon stops.
    func pushClosing() {
        for handler in handlers { executor.pushClosing(to: handler.session) }
    }

    /// Gives each connection a turn, until the round's share of the loop is used; then sockets are
    /// looked at first.
    func pushEvents() {
        guard !handlers.isEmpty else { return }
        var eventsLeft = ServerLimits.followEventsPerRound
        var hasMore = false
        for _ in 0..<handlers.count {
            guard eventsLeft > 0 else {
                hasMore = true
                break
            }
            if nextHandler >= handlers.count { nextHandler = 0 }
            let handler = handlers[nextHandler]
            nextHandler += 1
            let turn = pushEvents(to: handler)
            eventsLeft -= max(turn?.eventsRead ?? 0, 1)
            hasMore = hasMore || turn?.hasMore ?? false
        }
        dropIdle()
        if hasMore { turns.askLater(.pushes) }
    }

    /// Returns nil for a connection that does not read just now: it is noted again when it does.
    private func pushEvents(to handler: ConnectionHandler) -> CommandExecutor.FollowTurn? {
        guard handler.takesPushes else {
            passedOver.insert(ObjectIdentifier(handler))
            return nil
        }
        if passedOver.remove(ObjectIdentifier(handler)) != nil {
            executor.tellBehind(handler.session)
        }
        let turn = executor.pushEvents(to: handler.session)
        handler.flush()
        return turn
    }

    /// Lets those go that follow nothing any more.
    private func dropIdle() {
        guard handlers.contains(where: { !$0.session.isFollowing }) else { return }
        for handler in handlers where !handler.session.isFollowing { closed(handler) }
    }
}

/// Documents: looked at when views move, never more than a share of the loop's time.
extension FollowRounds {
    /// Hears, on a projector's thread, that a view has moved.
    func viewMoved() {
        guard documentFollowers.load(ordering: .sequentiallyConsistent) > 0 else { return }
        loop.execute { self.scheduleSweep() }
    }

    private func scheduleSweep() {
        guard !sweepIsScheduled else { return }
        sweepIsScheduled = true
        let now = OpenStore.monotonicClock()
        let delay = nextSweep > now ? nextSweep - now : 0
        loop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(delay))) {
            self.sweepNanoseconds = 0
            self.unswept = self.handlers.filter { $0.session.followsDocuments }
            self.sweep()
        }
    }

    /// Looks at the documents of those who wait for it, in slices between which others are served.
    func sweep() {
        let start = OpenStore.monotonicClock()
        var taken: UInt64 = 0
        while taken < ServerLimits.sweepSliceNanoseconds, let handler = unswept.popLast() {
            if handler.takesPushes {
                executor.pushDocuments(to: handler.session)
                handler.flush()
            }
            taken = OpenStore.monotonicClock() - start
        }
        sweepNanoseconds += taken
        guard unswept.isEmpty else {
            turns.askLater(.sweep)
            return
        }
        sweepIsScheduled = false
        let rest = sweepNanoseconds * ServerLimits.sweepRestFactor
        nextSweep = start + taken + max(ServerLimits.sweepIntervalNanoseconds, rest)
        dropIdle()
        scheduleTimedSweep()
    }

    /// Has signals looked at again while somebody follows them: what is due is so without an event.
    private func scheduleTimedSweep() {
        guard !timedSweepIsScheduled, handlers.contains(where: { $0.session.followsSignals })
        else { return }
        timedSweepIsScheduled = true
        let delay = TimeAmount.nanoseconds(ServerLimits.signalsIntervalNanoseconds)
        loop.assumeIsolated().scheduleTask(in: delay) {
            self.timedSweepIsScheduled = false
            self.scheduleSweep()
        }
    }
}
