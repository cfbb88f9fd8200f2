internal import Synchronization
internal import Threads

/// Whether look-ups in merged indexes have waited for the disk of late. While they do they are made
/// ahead, beside the thread that owns the order, and that one repeats them from memory; otherwise it
/// makes them itself, which takes less than another thread to be asked.
final class ColdLookUps: Sendable {
    /// How many more are to be quick, those made ahead and those made again, until they are made by who
    /// needs them.
    private let left = Atomic<Int>(0)
    /// What takes longer may have waited.
    private let nanosecondsMax: UInt64

    /// - Parameter nanosecondsMax: What takes longer may have waited; with 0 all have, for tests.
    init(nanosecondsMax: UInt64) { self.nanosecondsMax = nanosecondsMax }

    /// Whether the next look-up is to be made ahead.
    var areCold: Bool { left.load(ordering: .relaxed) > 0 }

    /// Runs a look-up and notes whether it waited for the disk.
    ///
    /// - Parameter faults: Those of the calling thread.
    func timing<Result>(
        _ faults: inout MajorFaults, _ body: () throws(EventLogError) -> Result
    ) throws(EventLogError) -> Result {
        let begun = Wakeup.nanoseconds()
        let result = try body()
        let isSlow = Wakeup.nanoseconds() - begun >= nanosecondsMax
        // Who only had no processor meanwhile has not. What the thread has waited for elsewhere since it
        // was last asked counts too: it is cold a little too often, never too seldom.
        if isSlow, nanosecondsMax == 0 || faults.haveRisen() {
            left.store(LogLimits.coldLookUps, ordering: .relaxed)
        } else if areCold {
            left.subtract(1, ordering: .relaxed)
        }
        return result
    }
}
