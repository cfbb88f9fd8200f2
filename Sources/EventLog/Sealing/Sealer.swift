internal import EventModel
internal import LMDB
internal import Synchronization
internal import Threads

/// Brings segments that have ended, and their indexes, into their final form, on a thread of its
/// own. Nothing waits for it.
final class Sealer: Sendable {
    /// How far it has come.
    struct Status: Sendable {
        /// Everything up to here is sealed, or in a segment that cannot be.
        var sealed = Position.zero
        /// The first position of the segment it is at.
        var segment: Position?
        /// Why the last one was left as it is.
        var trouble: EventLogError?
    }

    private struct Demand {
        var asked: UInt64 = 0
        var served: UInt64 = 0
        var stops = false
        var retries = false
    }

    private let segments: SegmentSet
    private let indexes: IndexSet
    private let repair: IndexRepair
    private let onFailure: @Sendable (EventLogError) -> Void
    private let demand = Mutex(Demand())
    private let state = Mutex(Status())
    private let wakeup = Wakeup()

    init(
        _ segments: SegmentSet, _ indexes: IndexSet, _ repair: IndexRepair,
        onFailure: @escaping @Sendable (EventLogError) -> Void
    ) {
        self.segments = segments
        self.indexes = indexes
        self.repair = repair
        self.onFailure = onFailure
    }

    /// How far it has come.
    var status: Status { state.withLock { $0 } }

    /// Has it look whether a segment has ended.
    func look() {
        wakeup.wakeAll { demand.withLock { $0.asked += 1 } }
    }

    /// Ends the thread, at the next commit of what it writes.
    func stop() {
        wakeup.wakeAll { demand.withLock { $0.stops = true } }
    }

    /// Waits until everything that had ended when it was called is sealed, or has failed.
    func settle() {
        look()
        let number = demand.withLock { $0.asked }
        wakeup.wait { demand.withLock { $0.served < number && !$0.stops } }
    }

    private var isStopped: Bool { demand.withLock { $0.stops } }

    /// The thread's whole life.
    func run() {
        var pass = SealingPass(segments, indexes, repair)
        do throws(EventLogError) {
            while let number = next() {
                let outcome = try pass.run(
                    status: { change in state.withLock { change(&$0) } },
                    goesOn: { !isStopped })
                wakeup.wakeAll {
                    demand.withLock {
                        $0.retries = outcome == .retry
                        $0.served = number
                    }
                }
            }
        } catch {
            onFailure(error)
        }
        stop()
    }

    /// Waits for something to do; nil when the thread is to end.
    private func next() -> UInt64? {
        let isIdle = { [self] in demand.withLock { !$0.stops && $0.asked == $0.served } }
        if demand.withLock({ $0.retries }) {
            let pause = LogLimits.sealRetryMilliseconds * 1_000_000
            wakeup.wait(untilNanoseconds: Wakeup.nanoseconds() + pause, while: isIdle)
        } else {
            wakeup.wait(while: isIdle)
        }
        return demand.withLock { $0.stops ? nil : $0.asked }
    }
}
