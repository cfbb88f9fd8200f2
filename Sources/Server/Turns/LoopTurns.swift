internal import NIOCore

/// Who has more to do than fits a turn.
protocol TurnTaker: AnyObject, SendableMetatype {
    /// The user whose share of the loop it uses.
    var user: UInt32 { get }

    /// Goes on with what was left.
    func goOn()
}

/// Work that is done for all connections together.
enum TurnWork: Hashable {
    /// The commit of what is staged.
    case round
    /// Pushing events to those who follow.
    case pushes
    /// Looking at the documents that are followed.
    case sweep
}

/// What the loop goes on with, in pieces between which it looks at its sockets.
///
/// NIO's loop runs all tasks that are due, and what those have had done in turn, before it looks at a
/// socket again. Whoever goes on by `execute`, and several who go on by timers of their own, keep
/// everybody waiting who is not among them. So what has more to do than fits a turn goes on here, by
/// one timer that is set when all of a turn is done.
///
/// A turn ends: each of a user's connections that goes on in it is counted, however little it takes, until
/// the user's share is used up, and work that is asked for again waits for the next.
final class LoopTurns<Taker: TurnTaker>: @unchecked Sendable {
    // Unchecked: only touched on `loop`.

    private let loop: any EventLoop
    private var perform: (TurnWork) -> Void = { _ in }
    /// What is asked for and not begun.
    private var asked: Set<TurnWork> = []
    private var atWork: TurnWork?
    /// What is done at the end of the turn at hand; nil outside of turns.
    private var thisTurn: [TurnWork]?
    private var nextTurn: [TurnWork] = []
    /// What has been done in the turn at hand.
    private var doneInTurn: Set<TurnWork> = []
    /// For how many turns the commit has waited for connections that have more to stage.
    private var turnsWaited = 0
    private var isOfOneUser: () -> Bool = { false }
    private var isScheduled = false
    /// Nanoseconds until the next turn: so many that the loop looks at its sockets before.
    private var pause = ServerLimits.turnPauseNanoseconds
    private var line = TurnLine<Taker>()
    /// Nanoseconds that connections of each user have had since sockets were looked at last; what is
    /// little may be older.
    private var used: [UInt32: UInt64] = [:]

    /// The monotonic clock, in nanoseconds.
    private let now: () -> UInt64

    init(loop: any EventLoop, now: @escaping () -> UInt64 = TurnClock.monotonic) {
        self.loop = loop
        self.now = now
    }

    /// Says what does the work, and what tells whether all connections are one user's.
    func whenDue(
        isOfOneUser: @escaping () -> Bool, _ perform: @escaping (TurnWork) -> Void
    ) {
        self.isOfOneUser = isOfOneUser
        self.perform = perform
    }

    /// Has work done once what the loop is at is done; the next time sockets have been looked at, where
    /// it is the work itself that asks, or where this turn has done it.
    func ask(_ work: TurnWork) {
        guard asked.insert(work).inserted else { return }
        if atWork == work || doneInTurn.contains(work) { return later(work) }
        guard thisTurn == nil else {
            thisTurn?.append(work)
            return
        }
        loop.execute { self.run(work) }
    }

    /// Has work done after sockets have been looked at.
    func askLater(_ work: TurnWork) {
        guard asked.insert(work).inserted else { return }
        later(work)
    }

    /// For how long one of a user's connections may go on, in nanoseconds: less where others of that
    /// user wait, 0 where the user's share of the loop is used up.
    func slice(of user: UInt32) -> UInt64 {
        let left = left(of: user)
        guard left > 0, !line.isEmpty else { return left }
        return max(1, left / UInt64(1 + min(line.count(of: user), ServerLimits.turnSlices - 1)))
    }

    /// What is left of a user's share, in nanoseconds.
    private func left(of user: UInt32) -> UInt64 {
        guard !used.isEmpty, let used = used[user] else { return ServerLimits.turnNanoseconds }
        return ServerLimits.turnNanoseconds - min(used, ServerLimits.turnNanoseconds)
    }

    /// Counts what one of a user's connections has had.
    func use(_ nanoseconds: UInt64, by user: UInt32) {
        let sum = used[user, default: 0] + nanoseconds
        used[user] = sum
        if sum >= ServerLimits.untimedNanoseconds { schedule() }
    }

    /// Has a connection go on when others have had their turn.
    func goOn(_ taker: Taker) {
        line.add(taker, of: taker.user)
        schedule()
    }

    private func later(_ work: TurnWork) {
        nextTurn.append(work)
        schedule()
    }

    private func schedule() {
        guard !isScheduled, thisTurn == nil else { return }
        isScheduled = true
        let begun = now()
        loop.assumeIsolated().scheduleTask(in: .nanoseconds(pause)) { self.turn() }
        // The loop looks whether a task is due in about the time that scheduling one takes; where that
        // comes near the pause, on a machine that is fought over, it would not get to its sockets.
        let taken = Int64(clamping: now() - begun)
        pause = min(
            max(ServerLimits.turnPauseNanoseconds, taken * ServerLimits.turnPauseFactor, pause / 2),
            ServerLimits.turnPauseNanosecondsMax)
    }

    private func turn() {
        isScheduled = false
        used.removeAll(keepingCapacity: true)
        thisTurn = nextTurn
        nextTurn = []
        for user in line.users {
            while left(of: user) > 0, let taker = line.next(of: user) {
                let (before, begun) = (used[user, default: 0], now())
                taker.goOn()
                // All of it, writing included, however little it was: whoever comes back with little
                // each time would else have no end of goes in one turn.
                let sum = before + max(1, now() - begun)
                used[user] = max(sum, used[user, default: 0])
            }
        }
        while let work = thisTurn?.first {
            thisTurn?.removeFirst()
            if work == .round, letsRoundWait() {
                nextTurn.append(work)
            } else {
                doneInTurn.insert(work)
                run(work)
            }
        }
        thisTurn = nil
        doneInTurn.removeAll(keepingCapacity: true)
        // Last, so that nothing of this turn lies between: it would be due before sockets are.
        let isUsed = used.values.contains { $0 >= ServerLimits.untimedNanoseconds }
        if !nextTurn.isEmpty || !line.isEmpty || isUsed { schedule() }
    }

    /// Whether the commit waits for a further turn: a commit for each would cost a flush for few events,
    /// and nobody but whose events they are is kept waiting by that.
    private func letsRoundWait() -> Bool {
        guard !line.isEmpty, turnsWaited < ServerLimits.turnsPerRound, isOfOneUser() else {
            turnsWaited = 0
            return false
        }
        turnsWaited += 1
        return true
    }

    private func run(_ work: TurnWork) {
        asked.remove(work)
        let before = atWork
        atWork = work
        perform(work)
        atWork = before
    }
}
