import EventModel
import Glibc
import Synchronization
import Testing

@testable import EventLog

@Suite("The head's signal")
struct HeadSignalTests {
    @Test("a wait for what has come returns at once")
    func come() {
        let signal = HeadSignal()
        #expect(signal.position == .zero)
        signal.publish(Position(5))
        #expect(signal.position == Position(5))
        #expect(signal.wait(beyond: .zero))
        #expect(signal.wait(beyond: Position(4)))
    }

    @Test("stopping ends a wait that nothing else would end, and every later one")
    func stops() {
        let signal = HeadSignal()
        let answers = Mutex<[Bool]>([])
        let waits = Signals(answers: answers, signal: signal)
        let first = TestThread { waits.wait(beyond: Position(1)) }
        let second = TestThread { waits.wait(beyond: Position(9)) }
        signal.publish(Position(1))
        signal.stop()
        first.join()
        second.join()
        #expect(waits.all == [false, false])
        #expect(signal.isStopped)
        #expect(!signal.wait(beyond: .zero))
        signal.publish(Position(2))
        #expect(signal.position == Position(2))
        #expect(!signal.wait(beyond: .zero))
    }

    @Test("every waiter is woken by the position it waits for, however many there are")
    func many() async {
        // Where a wake-up is lost the child waits for ever and the alarm ends it.
        await #expect(processExitsWith: .exitCode(7)) {
            alarm(60)
            let signal = HeadSignal()
            let waits = Signals(answers: Mutex([]), signal: signal)
            let threads = (0..<16).map { index in
                TestThread { waits.wait(beyond: Position(UInt64(index))) }
            }
            for position in 1...16 as ClosedRange<UInt64> { signal.publish(Position(position)) }
            for thread in threads { thread.join() }
            _exit(waits.all == [Bool](repeating: true, count: 16) ? 7 : 8)
        }
    }

    @Test("two threads that wait for each other's every step never miss one")
    func pingPong() async {
        await #expect(processExitsWith: .exitCode(7)) {
            alarm(120)
            let ball = HeadSignal()
            let answer = HeadSignal()
            let steps = UInt64(20_000)
            let other = TestThread {
                for step in 0..<steps {
                    guard ball.wait(beyond: Position(step)) else { _exit(8) }
                    answer.publish(Position(step + 1))
                }
            }
            for step in 0..<steps {
                ball.publish(Position(step + 1))
                guard answer.wait(beyond: Position(step)) else { _exit(9) }
            }
            other.join()
            _exit(7)
        }
    }
}

/// What waiting threads were told.
private final class Signals: Sendable {
    private let answers: Mutex<[Bool]>
    private let signal: HeadSignal

    init(answers: consuming sending Mutex<[Bool]>, signal: HeadSignal) {
        self.answers = answers
        self.signal = signal
    }

    func wait(beyond position: Position) {
        let answer = signal.wait(beyond: position)
        answers.withLock { $0.append(answer) }
    }

    var all: [Bool] { answers.withLock { $0 } }
}
