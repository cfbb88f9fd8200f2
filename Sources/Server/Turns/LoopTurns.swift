internal import NIOCore

/// What the loop goes on with, in pieces between which it looks at its sockets.
///
/// NIO's loop runs all tasks that are due, and what those have had done in turn, before it looks at a
/// socket again. Whoever goes on by `execute`, and several who go on by timers of their own, keep
/// everybody waiting who is not among them. So what has more to do than fits a turn goes on here, by
/// one timer that is set when all of a turn is done.
final class LoopTurns: @unchecked Sendable {
    // Unchecked: only touched on `loop`.

    /// Work that is done for all connections together.
    enum Work: Hashable {
        /// The commit of what is staged.
        case round
        /// Pushing events to those who follow.
        case pushes
        /// Looking at the documents that are followed.
        case sweep
    }

    private let loop: any EventLoop
    private var perform: (Work) -> Void = { _ in }
    /// What is asked for and not begun.
    private var asked: Set<Work> = []
    private var atWork: Work?
    /// What is done at the end of the turn at hand; nil outside of turns.
    private var thisTurn: [Work]?
    private var nextTurn: [Work] = []
    /// For how many turns the commit has waited for connections that have more to stage.
    private var turnsWaited = 0
    private var isOfOneUser: () -> Bool = { false }
    private var isScheduled = false
    private var line = TurnLine()
    /// Nanoseconds that connections of each user have had since sockets were looked at last; what is
    /// little may be older.
    private var used: [UInt32: UInt64] = [:]

    init(loop: any EventLoop) { self.loop = loop }

    /// Says what does the work, and what tells whether all connections are one user's.
    func whenDue(
        isOfOneUser: @escaping () -> Bool, _ perform: @escaping (Work) -> Void
    ) {
        self.isOfOneUser = isOfOneUser
        self.perform = perform
    }

    /// Has work done once what the loop is at is done; the next time sockets have been looked at, where
    /// it is the work itself that asks.
    func ask(_ work: Work) {
        guard asked.insert(work).inserted else { return }
        if atWork == work { return later(work) }
        guard thisTurn == nil else {
            thisTurn?.append(work)
            return
        }
        loop.execute { self.run(work) }
    }

    /// Has work done after sockets have been looked at.
    func askLater(_ work: Work) {
        guard asked.insert(work).inserted else { return }
        later(work)
    }

    /// Whether a user's connections have had their share of the loop: they wait.
    func isUsedUp(by user: UInt32) -> Bool {
        !used.isEmpty && used[user, default: 0] >= ServerLimits.turnNanoseconds
    }

    /// For how long one of a user's connections may go on, in nanoseconds: less where others of that
    /// user wait.
    func slice(of user: UInt32) -> UInt64 {
        let left =
            ServerLimits.turnNanoseconds - min(used[user, default: 0], ServerLimits.turnNanoseconds)
        return left / UInt64(1 + min(line.count(of: user), ServerLimits.turnSlices - 1))
    }

    /// Counts what one of a user's connections has had.
    func use(_ nanoseconds: UInt64, by user: UInt32) {
        let sum = used[user, default: 0] + nanoseconds
        used[user] = sum
        if sum >= ServerLimits.untimedNanoseconds { schedule() }
    }

    /// Has a connection go on when others have had their turn.
    func goOn(_ handler: ConnectionHandler) {
        line.add(handler, of: handler.user)
        schedule()
    }

    private func later(_ work: Work) {
        nextTurn.append(work)
        schedule()
    }

    private func schedule() {
        guard !isScheduled, thisTurn == nil else { return }
        isScheduled = true
        loop.assumeIsolated().scheduleTask(in: ServerLimits.turnPause) { self.turn() }
    }

    private func turn() {
        isScheduled = false
        used.removeAll(keepingCapacity: true)
        thisTurn = nextTurn
        nextTurn = []
        for user in line.users {
            while !isUsedUp(by: user), let handler = line.next(of: user) { handler.goOn() }
        }
        while let work = thisTurn?.first {
            thisTurn?.removeFirst()
            if work == .round, letsRoundWait() {
                nextTurn.append(work)
            } else {
                run(work)
            }
        }
        thisTurn = nil
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

    private func run(_ work: Work) {
        asked.remove(work)
        let before = atWork
        atWork = work
        perform(work)
        atWork = before
    }
}
