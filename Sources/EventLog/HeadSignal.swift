public import EventModel
internal import Glibc
internal import Synchronization

/// The head of the log as all threads see it, and a place to wait for it to move.
///
/// Publishing costs two atomic operations unless somebody waits.
@safe
public final class HeadSignal: @unchecked Sendable {
    // Unchecked: mutex and condition are only touched through their pthread functions.
    private let head = Atomic<UInt64>(0)
    private let waiters = Atomic<Int>(0)
    private let stopped = Atomic<Bool>(false)
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    /// Makes a signal at position zero.
    public init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(condition, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    /// The last position published.
    public var position: Position { Position(head.load(ordering: .sequentiallyConsistent)) }

    /// Moves the head and wakes whoever waits for it.
    public func publish(_ position: Position) {
        head.store(position.rawValue, ordering: .sequentiallyConsistent)
        if waiters.load(ordering: .sequentiallyConsistent) > 0 { wakeAll() }
    }

    /// Waits until the head lies beyond a position. Returns false when the signal has stopped.
    public func wait(beyond position: Position) -> Bool {
        if self.position > position { return !isStopped }
        unsafe pthread_mutex_lock(mutex)
        waiters.add(1, ordering: .sequentiallyConsistent)
        while self.position <= position, !isStopped {
            unsafe pthread_cond_wait(condition, mutex)
        }
        waiters.subtract(1, ordering: .sequentiallyConsistent)
        unsafe pthread_mutex_unlock(mutex)
        return !isStopped
    }

    /// Ends all waiting, for good.
    public func stop() {
        stopped.store(true, ordering: .sequentiallyConsistent)
        wakeAll()
    }

    /// Whether `stop` has been called.
    public var isStopped: Bool { stopped.load(ordering: .sequentiallyConsistent) }

    private func wakeAll() {
        unsafe pthread_mutex_lock(mutex)
        unsafe pthread_cond_broadcast(condition)
        unsafe pthread_mutex_unlock(mutex)
    }
}
