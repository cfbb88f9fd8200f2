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
        /// Erasures up to here are to be carried out.
        var scrubGoal = Position.zero
    }

    private let segments: SegmentSet
    private let indexes: IndexSet
    private let repair: IndexRepair
    private let erasures: Erasures
    private let onFailure: @Sendable (EventLogError) -> Void
    private let demand = Mutex(Demand())
    private let state = Mutex(Status())
    private let scrubs = Mutex(EventLog.Scrubbing())
    private let wakeup = Wakeup()

    init(
        _ segments: SegmentSet, _ indexes: IndexSet, _ repair: IndexRepair,
        _ erasures: Erasures, onFailure: @escaping @Sendable (EventLogError) -> Void
    ) {
        self.segments = segments
        self.indexes = indexes
        self.repair = repair
        self.erasures = erasures
        self.onFailure = onFailure
    }

    /// How far it has come.
    var status: Status { state.withLock { $0 } }

    /// Has it look whether a segment has ended.
    func look() {
        wakeup.wakeAll { demand.withLock { $0.asked += 1 } }
    }

    /// Has erasures up to a position carried out in what has ended.
    func scrub(through position: Position) {
        demand.withLock { $0.scrubGoal = max($0.scrubGoal, position) }
        look()
    }

    /// How far that is.
    var scrubbing: EventLog.Scrubbing { scrubs.withLock { $0 } }

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
        var pass = SealingPass(segments, indexes, repair, erasures)
        do throws(EventLogError) {
            while let number = next(pass) {
                let goal = demand.withLock { $0.scrubGoal }
                let outcome = try pass.run(
                    scrubbing: goal, scrubs: { change in scrubs.withLock { change(&$0) } },
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
    private func next(_ pass: SealingPass) -> UInt64? {
        let isIdle = { [self] in demand.withLock { !$0.stops && $0.asked == $0.served } }
        if demand.withLock({ $0.retries }) {
            let pause = LogLimits.sealRetryMilliseconds * 1_000_000
            wakeup.wait(untilNanoseconds: Wakeup.nanoseconds() + pause, while: isIdle)
        } else {
            // Whoever reads an old one may not read again for long.
            var pause = LogLimits.replacedRetryMilliseconds
            while isIdle(), !pass.letGoOfReplaced() {
                wakeup.wait(
                    untilNanoseconds: Wakeup.nanoseconds() + pause * 1_000_000, while: isIdle)
                pause = min(2 * pause, LogLimits.sealRetryMilliseconds)
            }
            wakeup.wait(while: isIdle)
        }
        return demand.withLock { $0.stops ? nil : $0.asked }
    }
}
