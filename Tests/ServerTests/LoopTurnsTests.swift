import NIOCore
import NIOEmbedded
import Testing

@testable import Server

/// On a loop and a clock that only the tests move.
@Suite("Turns of the loop, counted")
struct LoopTurnsTests {
    /// A clock in nanoseconds.
    private final class Clock {
        var now: UInt64 = 1_000_000
    }

    /// Whoever always has more requests, as a connection goes on with them.
    private final class Taker: TurnTaker {
        let user: UInt32
        private let turns: LoopTurns<Taker>
        private let clock: Clock
        private let request: UInt64
        private(set) var goes = 0
        /// Where a turn would not end, its test does.
        private let goesMax: Int

        init(
            _ user: UInt32, _ turns: LoopTurns<Taker>, _ clock: Clock, request: UInt64,
            goesMax: Int = 100_000
        ) {
            self.user = user
            self.turns = turns
            self.clock = clock
            self.request = request
            self.goesMax = goesMax
        }

        func goOn() {
            goes += 1
            var turn = TurnClock(slice: turns.slice(of: user), now: clock.now)
            repeat { clock.now += request } while !turn.requestRan { clock.now }
            if turn.taken >= ServerLimits.countedNanoseconds { turns.use(turn.taken, by: user) }
            if goes < goesMax { turns.goOn(self) }
        }
    }

    private let loop = EmbeddedEventLoop()
    private let clock = Clock()

    private func makeTurns() -> LoopTurns<Taker> {
        let turns = LoopTurns<Taker>(loop: loop) { [clock] in clock.now }
        turns.whenDue(isOfOneUser: { true }) { _ in }
        return turns
    }

    private func turn() { loop.advanceTime(by: .nanoseconds(ServerLimits.turnPauseNanoseconds)) }

    @Test(
        "a turn ends when a user's share is used up, however cheap requests are",
        arguments: [1, 2, 8, 32, 256], [250, 1_000, 16_000, 150_000] as [UInt64])
    func ends(takers count: Int, request: UInt64) {
        let turns = makeTurns()
        let takers = (0..<count).map { _ in Taker(7, turns, clock, request: request) }
        for taker in takers { turns.goOn(taker) }
        for _ in 0..<3 {
            let (before, began) = (takers.reduce(0) { $0 + $1.goes }, clock.now)
            turn()
            let goes = takers.reduce(0) { $0 + $1.goes } - before
            // The last slice, and what a request takes more than it.
            let most = ServerLimits.turnNanoseconds + 4 * request
            #expect(goes > 0 && clock.now - began >= ServerLimits.turnNanoseconds)
            #expect(clock.now - began <= most, "\(goes) goes took \(clock.now - began) ns")
        }
    }

    @Test("each of several users has a share of its own in each turn")
    func users() {
        let turns = makeTurns()
        let takers = (0..<30).map { Taker(UInt32($0 % 3), turns, clock, request: 1_000) }
        for taker in takers { turns.goOn(taker) }
        let began = clock.now
        turn()
        #expect(clock.now - began >= 3 * ServerLimits.turnNanoseconds)
        #expect(clock.now - began <= 3 * (ServerLimits.turnNanoseconds + 4_000))
        // All of a user's take part before one has a third go.
        #expect(takers.allSatisfy { $0.goes >= 1 })
    }

    @Test("who has used the share up has no slice until sockets have been looked at")
    func usedUp() {
        let turns = makeTurns()
        turns.use(ServerLimits.turnNanoseconds, by: 7)
        #expect(turns.slice(of: 7) == 0)
        #expect(turns.slice(of: 8) == ServerLimits.turnNanoseconds)
        turn()
        #expect(turns.slice(of: 7) == ServerLimits.turnNanoseconds)
        // Others who wait share what is left, and the least is more than nothing.
        for _ in 0..<3 { turns.goOn(Taker(7, turns, clock, request: 1, goesMax: 0)) }
        turns.use(ServerLimits.turnNanoseconds - 40, by: 7)
        #expect(turns.slice(of: 7) == 10)
        turns.use(39, by: 7)
        #expect(turns.slice(of: 7) == 1)
    }

    @Test("where scheduling a turn takes long, the loop has time for its sockets before it")
    func slow() {
        // Each look at the clock takes 50 µs, and so does scheduling.
        let turns = LoopTurns<Taker>(loop: loop) { [clock] in
            clock.now += 50_000
            return clock.now
        }
        turns.whenDue(isOfOneUser: { true }) { _ in }
        let taker = Taker(7, turns, clock, request: 1_000_000)
        turns.goOn(taker)
        loop.advanceTime(by: .nanoseconds(ServerLimits.turnPauseNanoseconds))
        let goes = taker.goes
        #expect(goes > 0)
        loop.advanceTime(by: .nanoseconds(50_000))
        #expect(taker.goes == goes)
        loop.advanceTime(by: .nanoseconds(50_000))
        #expect(taker.goes > goes)
    }

    @Test("work that asks for other work, and that for it again, is done once in a turn")
    func work() {
        let turns = LoopTurns<Taker>(loop: loop) { [clock] in clock.now }
        var done: [TurnWork] = []
        turns.whenDue(isOfOneUser: { false }) { [unowned turns] work in
            done.append(work)
            guard done.count < 1_000 else { return }
            turns.ask(work == .round ? .pushes : .round)
        }
        turns.askLater(.round)
        turn()
        #expect(done == [.round, .pushes])
        turn()
        #expect(done == [.round, .pushes, .round, .pushes])
    }
}
