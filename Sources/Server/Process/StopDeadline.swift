internal import Commands
internal import Logging
internal import Synchronization
internal import Threads

/// Ends the process when it has not ended by itself some time after it was told to.
final class StopDeadline: Sendable {
    private let wakeup = Wakeup()
    private let isMet = Atomic<Bool>(false)
    private let thread = Mutex<PlainThread?>(nil)

    /// Begins to count, the first time that the daemon is told to end. From whatever thread hears of
    /// it: the loop may be what stands still.
    func begin(milliseconds: Int, _ logger: Logger) {
        let end = Wakeup.nanoseconds() + UInt64(milliseconds) * 1_000_000
        thread.withLock { thread in
            guard thread == nil, !isMet.load(ordering: .acquiring) else { return }
            thread = PlainThread(name: "stop-deadline", nice: 0) { [self] in
                wakeup.wait(untilNanoseconds: end) { !isMet.load(ordering: .acquiring) }
                guard !isMet.load(ordering: .acquiring) else { return }
                logger.critical(
                    "the daemon has not ended in time, ending at once",
                    metadata: ["\(Limit.stopMilliseconds.name)": "\(milliseconds)"])
                Server.exitNow(Server.stopTimeoutExitCode)
            }
        }
    }

    /// Says that the daemon has ended.
    func meet() {
        wakeup.wakeAll { isMet.store(true, ordering: .releasing) }
        thread.withLock { $0.take() }?.join()
    }
}
