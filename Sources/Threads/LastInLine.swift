internal import Glibc
internal import Synchronization

/// How a thread is scheduled whose work comes behind all others' and has to end some day: it takes
/// what nobody wants of a processor, and where that is next to nothing it asks for a small share.
///
/// Who runs idle is in nobody's way: the system puts who wakes up on that processor as on a free one,
/// where it would queue up behind others rather than drive away one that only stands back. A turn
/// tells how much there is to be had.
public struct LastInLine: Sendable {
    private let nice: Int32
    private(set) var isIdle = false
    private var began = (worked: UInt64(0), passed: UInt64(0))

    /// Of the time that passes an idle thread is to work an eighth at least, or it asks for a share.
    private static let leastShare: UInt64 = 8
    /// Who asks for a share and works half of the time would find as much idle.
    private static let plentyShare: UInt64 = 2

    /// Schedules the calling thread, from now on turn by turn.
    ///
    /// - Parameter nice: How far it stands back where it asks for a share.
    /// - Returns: nil, and changes nothing, where the system would not let it leave the idle again.
    public init?(nice: Int32) {
        guard Self.canLeaveIdle(nice) else { return nil }
        self.nice = nice
    }

    /// A thread that does not run for this only tells what follows.
    init(decidingFor nice: Int32) { self.nice = nice }

    /// Tried on a thread that has nothing else to do: leaving the idle takes RLIMIT_NICE or
    /// CAP_SYS_NICE, and who may not would never come back.
    private static func canLeaveIdle(_ nice: Int32) -> Bool {
        let trial = Trial()
        PlainThread(name: "schedule-trial", nice: nice) {
            trial.isAllowed.store(
                ThreadSchedule.idle.take() && ThreadSchedule.standingBack(nice: nice).take(),
                ordering: .releasing)
        }.join()
        return trial.isAllowed.load(ordering: .acquiring)
    }

    private final class Trial: Sendable {
        let isAllowed = Atomic(false)
    }

    /// Begins a turn of the calling thread's.
    public mutating func begin() {
        began = (Self.nanoseconds(CLOCK_THREAD_CPUTIME_ID), Self.nanoseconds(CLOCK_MONOTONIC))
    }

    /// Ends the turn, and has the next scheduled by what it got.
    public mutating func end() {
        end(
            worked: Self.nanoseconds(CLOCK_THREAD_CPUTIME_ID) - began.worked,
            passed: Self.nanoseconds(CLOCK_MONOTONIC) - began.passed)
    }

    /// Has the calling thread ask for its share, whatever its last turn got.
    public mutating func comeForward() {
        guard isIdle else { return }
        isIdle = false
        ThreadSchedule.standingBack(nice: nice).take()
    }

    mutating func end(worked: UInt64, passed: UInt64) {
        guard decide(worked: worked, passed: passed) else { return }
        (isIdle ? ThreadSchedule.idle : .standingBack(nice: nice)).take()
    }

    /// Decides how the next turn is scheduled; returns whether that is otherwise than this one.
    mutating func decide(worked: UInt64, passed: UInt64) -> Bool {
        let wasIdle = isIdle
        isIdle = worked * (isIdle ? Self.leastShare : Self.plentyShare) >= passed
        return isIdle != wasIdle
    }

    private static func nanoseconds(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
