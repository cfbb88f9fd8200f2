import Glibc
import Synchronization
import Testing

@testable import Threads

@Suite("a thread whose work comes last")
struct LastInLineTests {
    private final class Seen: Sendable {
        let policies = Mutex<[Int32]>([])
    }

    @Test("it takes what nobody wants, and asks for a share where that is next to nothing")
    func decisions() {
        var line = LastInLine(decidingFor: 15)
        // A whole processor is free: others are to find it free, too.
        #expect(line.decide(worked: 100, passed: 110) && line.isIdle)
        // It gets a fifth: enough.
        #expect(!line.decide(worked: 100, passed: 500) && line.isIdle)
        // Everybody is busy.
        #expect(line.decide(worked: 100, passed: 801) && !line.isIdle)
        // Its share is less than it would find idle.
        #expect(!line.decide(worked: 100, passed: 201) && !line.isIdle)
        #expect(line.decide(worked: 100, passed: 200) && line.isIdle)
    }

    @Test("the system schedules the thread as it is decided, or refuses and nothing changes")
    func scheduled() {
        let seen = Seen()
        PlainThread(name: "last", nice: 15) {
            guard var line = LastInLine(nice: 15) else { return }
            for (worked, passed) in [(9, 10), (1, 100)] as [(UInt64, UInt64)] {
                line.end(worked: worked, passed: passed)
                seen.policies.withLock { $0.append(sched_getscheduler(0)) }
            }
            // Somebody waits for it.
            line.end(worked: 9, passed: 10)
            line.comeForward()
            seen.policies.withLock { $0.append(sched_getscheduler(0)) }
        }.join()
        let policies = seen.policies.withLock { $0 }
        #expect(policies.isEmpty || policies == [Self.idle, SCHED_OTHER, SCHED_OTHER])
    }

    /// SCHED_IDLE, of which glibc tells only with all its extensions.
    private static let idle: Int32 = 5
}
