internal import CProcess
internal import Glibc

/// How the system is to treat a thread that others compete with for a processor. A system that
/// refuses it changes nothing.
public enum ThreadSchedule: Hashable, Sendable {
    /// It stands back by so many steps, 0 to 19, and runs at once when it wakes up, as threads do.
    case standingBack(nice: Int32)
    /// It stands back, and what others run is not interrupted when it wakes up: its work comes in
    /// batches that may as well begin a little later.
    case batch(nice: Int32)
    /// It works in short turns, and interrupts who works in longer ones when it wakes up: others
    /// wait for what it does next.
    case prompt
    /// It takes what nobody wants of a processor, and next to nothing where all are wanted: who wakes
    /// up finds the processor free that it runs on.
    case idle

    /// How long the system lets a prompt thread run at a time, in nanoseconds; the least it takes.
    private static let promptSliceNanoseconds: UInt64 = 100_000

    /// Has the calling thread scheduled so from now on.
    ///
    /// - Returns: Whether the system does so.
    @discardableResult
    public func take() -> Bool {
        switch self {
        case .standingBack(let nice): Self.schedule(SCHED_NORMAL, nice)
        case .batch(let nice): Self.schedule(SCHED_BATCH, nice)
        case .prompt:
            Self.schedule(
                SCHED_NORMAL, getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0),
                slice: Self.promptSliceNanoseconds)
        case .idle: Self.schedule(SCHED_IDLE, 0)
        }
    }

    private static func schedule(_ policy: Int32, _ nice: Int32, slice: UInt64 = 0) -> Bool {
        throughline_schedule_thread(UInt32(policy), nice, slice) == 0
    }
}
