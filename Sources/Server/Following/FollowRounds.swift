internal import Commands
internal import NIOCore
internal import Synchronization

/// Gives those who follow their turns: on the loop, a bounded piece of work at a time, and only
/// while their channel takes what it is sent. Nothing is kept for who does not read.
final class FollowRounds: @unchecked Sendable {
    // Unchecked: everything but `documentFollowerCount` is only touched on `loop`.
    private let executor: CommandExecutor
    private let loop: any EventLoop
    private let turns: LoopTurns<ConnectionHandler>
    /// Connections that follow the log, and that follow documents, where neither noting one nor letting it
    /// go looks at others.
    private var logFollowers: [ObjectIdentifier: ConnectionHandler] = [:]
    private var documentFollowers: [ObjectIdentifier: ConnectionHandler] = [:]
    /// Who is given a turn of pushes next, each once.
    private var due: [ConnectionHandler] = []
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
    private let documentFollowerCount = Atomic<Int>(0)

    init(executor: CommandExecutor, loop: any EventLoop, turns: LoopTurns<ConnectionHandler>) {
        self.executor = executor
        self.loop = loop
        self.turns = turns
    }

    /// Takes up a connection that follows, sees whether there is something for it again, or lets it go
    /// when it follows nothing any more.
    func note(_ handler: ConnectionHandler) {
        loop.preconditionInEventLoop()
        update(handler)
        if handler.session.followsLog {
            becomeDue(handler)
            turns.ask(.pushes)
        }
        if handler.session.followsDocuments { scheduleSweep() }
    }

    /// Forgets a connection.
    func closed(_ handler: ConnectionHandler) {
        guard handler.isFollower else { return }
        setFollows(handler, log: false, documents: false)
    }

    /// Who follows.
    var sessions: [Session] {
        logFollowers.values.map(\.session)
            + documentFollowers.values.map(\.session).filter { !$0.followsLog }
    }

    private func update(_ handler: ConnectionHandler) {
        let session = handler.session
        setFollows(handler, log: session.followsLog, documents: session.followsDocuments)
    }

    private func setFollows(_ handler: ConnectionHandler, log: Bool, documents: Bool) {
        let id = ObjectIdentifier(handler)
        logFollowers[id] = log ? handler : nil
        documentFollowers[id] = documents ? handler : nil
        handler.isFollower = log || documents
        if !log { passedOver.remove(id) }
        documentFollowerCount.store(documentFollowers.count, ordering: .sequentiallyConsistent)
    }

    private func becomeDue(_ handler: ConnectionHandler) {
        guard !handler.isDueForPushes else { return }
        handler.isDueForPushes = true
        due.append(handler)
    }

    /// Tells all who follow where to go on: the daemon stops.
    func pushClosing() {
        for session in sessions { executor.pushClosing(to: session) }
    }

    /// Gives all who follow the log a turn: it has got further.
    func committed() {
        for handler in logFollowers.values { becomeDue(handler) }
        pushEvents()
    }

    /// Gives each connection that is due a turn, until the round's share of the loop is used; then
    /// sockets are looked at first.
    func pushEvents() {
        // Who becomes due meanwhile, be it again, comes behind these, in the next round.
        let round = due
        due = []
        var eventsLeft = ServerLimits.followEventsPerRound
        var served = 0
        while served < round.count, eventsLeft > 0 {
            let handler = round[served]
            served += 1
            handler.isDueForPushes = false
            guard handler.isFollower else { continue }
            let turn = pushEvents(to: handler)
            eventsLeft -= max(turn?.eventsRead ?? 0, 1)
            if turn?.hasMore == true { becomeDue(handler) }
        }
        due = round[served...] + due
        if !due.isEmpty { turns.askLater(.pushes) }
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
        // A follow that cannot go on has ended.
        if !handler.session.followsLog { update(handler) }
        return turn
    }
}

/// Documents: looked at when views move, never more than a share of the loop's time.
extension FollowRounds {
    /// Hears, on a projector's thread, that a view has moved.
    func viewMoved() {
        guard documentFollowerCount.load(ordering: .sequentiallyConsistent) > 0 else { return }
        loop.execute { self.scheduleSweep() }
    }

    private func scheduleSweep() {
        guard !sweepIsScheduled else { return }
        sweepIsScheduled = true
        let now = OpenStore.monotonicClock()
        let delay = nextSweep > now ? nextSweep - now : 0
        loop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(delay))) {
            self.sweepNanoseconds = 0
            self.unswept = Array(self.documentFollowers.values)
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
                if !handler.session.followsDocuments { update(handler) }
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
        scheduleTimedSweep()
    }

    /// Has signals looked at again while somebody follows them: what is due is so without an event.
    private func scheduleTimedSweep() {
        guard !timedSweepIsScheduled,
            documentFollowers.values.contains(where: { $0.session.followsSignals })
        else { return }
        timedSweepIsScheduled = true
        let delay = TimeAmount.nanoseconds(ServerLimits.signalsIntervalNanoseconds)
        loop.assumeIsolated().scheduleTask(in: delay) {
            self.timedSweepIsScheduled = false
            self.scheduleSweep()
        }
    }
}
