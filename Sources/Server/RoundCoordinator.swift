internal import Commands
internal import EventLog
internal import Logging
internal import NIOCore
internal import Projecting
internal import Synchronization

/// Owns the order: at the end of each round of the loop it commits what the round staged, then
/// answers, then lets those go on that waited for it.
final class RoundCoordinator: @unchecked Sendable {
    // Unchecked: everything but `waiting` and `checkIsAsked` is only touched on `loop`; `opened`, `staged` and the
    // others assert it.
    let executor: CommandExecutor
    /// The limits of connections.
    let limits: ServiceLimits
    let loop: any EventLoop
    /// What the loop goes on with in turns.
    let turns: LoopTurns<ConnectionHandler>
    /// Those who follow.
    let follows: FollowRounds
    private let log: EventLog
    private let views: ViewSet
    let logger: Logger
    private let fail: (EventLogError) -> Never
    /// All connections, by the numbers of their sessions.
    var handlers: [UInt64: ConnectionHandler] = [:]
    /// Who is connected.
    var census: ConnectionCensus
    /// How often is logged what peers give cause for.
    var lines = PacedLines()
    /// Counts the looks at silent connections.
    var tick: UInt64 = 0
    /// Bytes of requests and answers held for all connections.
    var heldBytes = 0
    var evictionIsScheduled = false
    /// Called when the last connection is closed, once the daemon stops.
    var whenEmpty: (() -> Void)?
    private var stagers: [ConnectionHandler] = []
    private var blocked: [ConnectionHandler] = []
    private var waiters = WaitingLine<Waiter>()
    /// Whether the loop is asked to look at them.
    private let checkIsAsked = Atomic<Bool>(false)
    /// How many waiters there are, for projector threads to see.
    private let waiting = Atomic<Int>(0)
    /// Whether the round waits for room in the journal.
    private var waitsForStride = false
    /// The tick at which it began to.
    private var waitsSince: UInt64?
    /// Whether it has done so for so long that no more appends are taken.
    private var isOverloaded = false
    private var stopsAfterRound = false
    private var stop: (() -> Void)?
    private let deadline: StopDeadline

    private struct Waiter {
        let handler: ConnectionHandler
        let wait: CommandExecutor.Wait
        let timer: Scheduled<Void>
    }

    init(
        executor: CommandExecutor, loop: any EventLoop, log: EventLog, views: ViewSet,
        deadline: StopDeadline, logger: Logger, fail: @escaping (EventLogError) -> Never
    ) {
        self.executor = executor
        self.deadline = deadline
        limits = executor.limits
        census = ConnectionCensus(executor.limits)
        self.loop = loop
        turns = LoopTurns(loop: loop)
        follows = FollowRounds(executor: executor, loop: loop, turns: turns)
        self.log = log
        self.views = views
        self.logger = logger
        self.fail = fail
        turns.whenDue(isOfOneUser: { [weak self] in self?.census.isOfOneUser == true }) {
            [weak self] work in
            guard let self else { return }
            switch work {
            case .round: round()
            case .pushes: follows.pushEvents()
            case .sweep: follows.sweep()
            }
        }
        for name in ViewName.allCases {
            observe(name)
        }
        executor.past.observe { [weak self] in
            self?.askForCheck()
        }
        executor.observeFlushes { [weak self] in self?.askForCheck() }
        log.observeStrides { [weak self] in self?.strideEnded() }
    }

    /// Hears, on the log's thread, that the journal may have room again.
    private func strideEnded() {
        loop.execute {
            if self.waitsForStride { self.turns.ask(.round) }
        }
    }

    /// How many connections are open.
    var connectionCount: Int { handlers.count }

    /// Of those, how many wait for something to happen.
    var waiterCount: Int { waiters.count }

    /// Says what ends the server, once it listens.
    func whenStopped(_ stop: @escaping () -> Void) { self.stop = stop }

    func opened(_ handler: ConnectionHandler) {
        loop.preconditionInEventLoop()
        handlers[handler.session.id] = handler
    }

    func closed(_ handler: ConnectionHandler) {
        loop.preconditionInEventLoop()
        handlers[handler.session.id] = nil
        follows.closed(handler)
        census.leave(user: handler.user, role: handler.session.role)
        executor.closed(handler.session)
        settle(handler)
        if handlers.isEmpty { whenEmpty?() }
    }

    /// Notes that a connection's answers wait for the commit, and has it done after all reads of
    /// this round of the loop.
    func staged(_ handler: ConnectionHandler) {
        loop.preconditionInEventLoop()
        addStager(handler)
        scheduleRound()
    }

    private func addStager(_ handler: ConnectionHandler) {
        guard !handler.isInRound else { return }
        handler.isInRound = true
        stagers.append(handler)
    }

    /// Has the commit done that the daemon's own events wait for.
    func stagedByDaemon() {
        loop.preconditionInEventLoop()
        scheduleRound()
    }

    func blockedByCommit(_ handler: ConnectionHandler) {
        blocked.append(handler)
        scheduleRound()
    }

    /// Commits early when the round has reached its bound.
    ///
    /// - Returns: Whether the connection may go on; if not, it goes on after the round.
    func commitIfFull(_ handler: ConnectionHandler) -> Bool {
        guard executor.roundIsFull else { return true }
        addStager(handler)
        commit()
        if waitsForStride { blocked.append(handler) }
        return !waitsForStride
    }

    /// Ends the server once what is staged is committed and answered; appends that arrive
    /// meanwhile are refused, so that this does not take for ever.
    func stopAfterRound() {
        loop.preconditionInEventLoop()
        // Now: the round may wait for a disk that does not answer.
        deadline.begin(milliseconds: limits[.stopMilliseconds], logger)
        executor.beginStopping()
        stopsAfterRound = true
        scheduleRound()
    }

    private func scheduleRound() { turns.ask(.round) }

    private func round() {
        commit()
        guard !waitsForStride else { return }
        let resumed = blocked
        blocked.removeAll(keepingCapacity: true)
        for handler in resumed where handler.isOpen { handler.resume() }
        checkWaiters()
        guard stopsAfterRound, !executor.hasStaged else { return }
        endWaits()
        stop?()
    }

    /// Refuses further appends while those before wait for the log longer than they may.
    func lookForRoom(_ most: UInt64) {
        waitsSince = waitsForStride ? waitsSince ?? tick : nil
        let isOverloaded = waitsSince.map { tick - $0 >= most } ?? false
        guard isOverloaded != self.isOverloaded else { return }
        self.isOverloaded = isOverloaded
        executor.overload(isOverloaded)
        logger.warning(
            isOverloaded
                ? "appends are refused until the disk follows" : "appends are taken again",
            metadata: ["limit": "\(Limit.appendWaitMilliseconds.name)"])
    }

    private func commit() {
        let answered = stagers
        guard !answered.isEmpty || executor.hasStaged else { return }
        do throws(EventLogError) {
            waitsForStride = try !executor.commitRound(answered.map(\.session))
        } catch {
            fail(error)
        }
        guard !waitsForStride else { return }
        stagers.removeAll(keepingCapacity: true)
        for handler in answered { handler.isInRound = false }
        for handler in answered where handler.isOpen { handler.flush() }
        follows.committed()
        Failpoint.logAnswered.pass()
    }
}

/// Waiting readers.
extension RoundCoordinator {
    /// Whether one more may wait.
    var hasRoomToWait: Bool { waiters.count < limits[.waiters] }

    /// Has all that wait run again: the executor tells them that the daemon stops.
    private func endWaits() {
        let all = waiters.take { _ in true }
        for waiter in all { ended(waiter) }
        for waiter in all where waiter.handler.isOpen { waiter.handler.resume() }
    }

    /// Lets a connection go on when something has happened or its command's time is up.
    func wait(_ handler: ConnectionHandler, for wait: CommandExecutor.Wait) {
        loop.preconditionInEventLoop()
        let delay = executor.nanosecondsLeft(handler.session)
        let block = handler.blockCount
        let timer = loop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(delay))) {
            guard handler.blockCount == block else { return }
            self.settle(handler)
            handler.resume()
        }
        waiters.add(Waiter(handler: handler, wait: wait, timer: timer), of: handler)
        waiting.add(1, ordering: .sequentiallyConsistent)
        if case .view(let name, _) = wait { hurry(name, 1) }
        // What was waited for may have happened between the look and this.
        askForCheck()
    }

    /// Has waiters looked at on the loop, from whatever thread something happened on that they may wait
    /// for: once, however much happens until then.
    private func askForCheck() {
        guard waiting.load(ordering: .sequentiallyConsistent) > 0,
            !checkIsAsked.exchange(true, ordering: .sequentiallyConsistent)
        else { return }
        loop.execute {
            // Taken, not only stored: what others did before they found it set is to be seen.
            _ = self.checkIsAsked.exchange(false, ordering: .sequentiallyConsistent)
            self.checkWaiters()
        }
    }

    /// Lets those go on whose wait is over.
    private func checkWaiters() {
        guard waiters.count > 0 else { return }
        let over = waiters.take { executor.isOver($0.wait) }
        for waiter in over { ended(waiter) }
        for waiter in over { waiter.handler.resume() }
    }

    /// Ends the wait of a connection, if it waits.
    private func settle(_ handler: ConnectionHandler) {
        if let waiter = waiters.take(of: handler) { ended(waiter) }
    }

    private func ended(_ waiter: Waiter) {
        waiter.timer.cancel()
        waiting.subtract(1, ordering: .sequentiallyConsistent)
        if case .view(let name, _) = waiter.wait { hurry(name, -1) }
    }

    private func hurry(_ name: ViewName, _ change: Int) {
        // A view cannot be fresher than the identities it is folded with.
        views.identity.hurry(change)
        switch name {
        case .identity: break
        case .queues: views.queues.hurry(change)
        case .metrics: views.metrics.hurry(change)
        case .customers: views.customers.hurry(change)
        }
    }

    private func observe(_ name: ViewName) {
        let observer: @Sendable () -> Void = { [weak self] in
            self?.follows.viewMoved()
            self?.askForCheck()
        }
        switch name {
        case .identity: views.identity.observe(observer)
        case .queues: views.queues.observe(observer)
        case .metrics: views.metrics.observe(observer)
        case .customers: views.customers.observe(observer)
        }
    }
}
