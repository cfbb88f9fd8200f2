internal import Glibc
internal import Synchronization

/// Spaces a view's checkpoints: a short wait that ends at once while readers wait for the view.
@safe
final class Pacer: @unchecked Sendable {
    // Unchecked: mutex and condition are only touched through their pthread functions.
    private let urgent = Atomic<Int>(0)
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    /// Says that one more reader waits, or one less.
    func hurry(_ change: Int) {
        unsafe pthread_mutex_lock(mutex)
        urgent.add(change, ordering: .sequentiallyConsistent)
        unsafe pthread_cond_broadcast(condition)
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Waits until the moment, in nanoseconds of the monotonic clock, or until somebody hurries.
    func pause(untilNanoseconds moment: UInt64) {
        var deadline = timespec(
            tv_sec: Int(moment / 1_000_000_000), tv_nsec: Int(moment % 1_000_000_000))
        unsafe pthread_mutex_lock(mutex)
        while urgent.load(ordering: .sequentiallyConsistent) <= 0 {
            if unsafe pthread_cond_timedwait(condition, mutex, &deadline) != 0 { break }
        }
        unsafe pthread_mutex_unlock(mutex)
    }

    /// The monotonic clock.
    static func nanoseconds() -> UInt64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }
}
