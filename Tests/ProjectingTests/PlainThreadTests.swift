import Glibc
import Synchronization
import Testing

@testable import Threads

@Suite("a thread of the system")
struct PlainThreadTests {
    private final class Stacks: Sendable {
        let places = Mutex<[UInt]>([])
        let end = Mutex(false)
        let wakeup = Wakeup()

        var count: Int { places.withLock { $0.count } }
    }

    @Test("that nobody joins gives its stack back when it has ended")
    func letGo() {
        let stacks = Stacks()
        let count = 64
        for _ in 0..<count {
            _ = PlainThread(name: "let-go", nice: 0) {
                // What the system knows a thread by stands at the top of its stack.
                let address = UInt(pthread_self())
                stacks.wakeup.wakeAll { stacks.places.withLock { $0.append(address) } }
                stacks.wakeup.wait { !stacks.end.withLock { $0 } }
            }
        }
        // All at the same time, so that none gets the stack of another.
        stacks.wakeup.wait { stacks.count < count }
        stacks.wakeup.wakeAll { stacks.end.withLock { $0 = true } }
        // Some are kept mapped for the next threads: 40 MiB, which are five.
        let places = stacks.places.withLock { $0 }
        let deadline = Wakeup.nanoseconds() + 60_000_000_000
        var left = count
        while left > count / 2, Wakeup.nanoseconds() < deadline {
            sched_yield()
            left = places.count { Self.isMapped($0) }
        }
        #expect(left <= count / 2, "\(left) of \(count) stacks are still there")
    }

    private static func isMapped(_ address: UInt) -> Bool {
        let page: UInt = 4_096
        let start = unsafe UnsafeMutableRawPointer(bitPattern: address & ~(page - 1))
        return unsafe msync(start, Int(page), Int32(MS_ASYNC)) == 0
    }
}
