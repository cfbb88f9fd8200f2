internal import Glibc

/// A place where threads wait for something that other threads make true.
@safe
public final class Wakeup: @unchecked Sendable {
    // Unchecked: mutex and condition are only touched through their pthread functions.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    /// Makes a place where nobody waits.
    public init() {
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

    /// Waits while a condition holds. It is asked under the lock that `wakeAll` takes, so that what
    /// changes before a wake-up is seen.
    public func wait(while holds: () -> Bool) {
        unsafe pthread_mutex_lock(mutex)
        while holds() { unsafe pthread_cond_wait(condition, mutex) }
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Waits while a condition holds, at most until a moment of the monotonic clock.
    public func wait(untilNanoseconds moment: UInt64, while holds: () -> Bool) {
        var deadline = timespec(
            tv_sec: Int(moment / 1_000_000_000), tv_nsec: Int(moment % 1_000_000_000))
        unsafe pthread_mutex_lock(mutex)
        while holds() {
            if unsafe pthread_cond_timedwait(condition, mutex, &deadline) != 0 { break }
        }
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Has all that wait look again, after a change made under the lock.
    public func wakeAll(after change: () -> Void = {}) {
        unsafe pthread_mutex_lock(mutex)
        change()
        unsafe pthread_cond_broadcast(condition)
        unsafe pthread_mutex_unlock(mutex)
    }

    /// The monotonic clock.
    public static func nanoseconds() -> UInt64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }
}
