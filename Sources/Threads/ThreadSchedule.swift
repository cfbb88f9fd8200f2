internal import CScheduling
internal import Glibc

/// How the system is to treat a thread that others compete with for a processor. A system that
/// refuses it changes nothing.
public enum ThreadSchedule: Sendable {
    /// It stands back by so many steps, 0 to 19, and runs at once when it wakes up, as threads do.
    case standingBack(nice: Int32)
    /// It stands back, and what others run is not interrupted when it wakes up: its work comes in
    /// batches that may as well begin a little later.
    case batch(nice: Int32)
    /// It works in short turns, and interrupts who works in longer ones when it wakes up: others
    /// wait for what it does next.
    case prompt

    /// How long the system lets a prompt thread run at a time, in nanoseconds; the least it takes.
    private static let promptSliceNanoseconds: UInt64 = 100_000

    /// Has the calling thread scheduled so from now on.
    public func take() {
        switch self {
        case .standingBack(let nice): _ = throughline_schedule_thread(false, nice, 0)
        case .batch(let nice): _ = throughline_schedule_thread(true, nice, 0)
        case .prompt:
            let nice = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
            _ = throughline_schedule_thread(false, nice, Self.promptSliceNanoseconds)
        }
    }
}
