internal import Synchronization
internal import Threads

/// Spaces a view's checkpoints: a short wait that ends at once while readers wait for the view.
final class Pacer: Sendable {
    private let urgent = Atomic<Int>(0)
    private let wakeup = Wakeup()

    /// Says that one more reader waits, or one less.
    func hurry(_ change: Int) {
        wakeup.wakeAll { urgent.add(change, ordering: .sequentiallyConsistent) }
    }

    /// Waits until the moment, in nanoseconds of the monotonic clock, or until somebody hurries.
    func pause(untilNanoseconds moment: UInt64) {
        wakeup.wait(untilNanoseconds: moment) {
            urgent.load(ordering: .sequentiallyConsistent) <= 0
        }
    }
}
