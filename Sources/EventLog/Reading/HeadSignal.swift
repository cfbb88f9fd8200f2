public import EventModel
internal import Synchronization
internal import Threads

/// A position that only moves forward, as all threads see it, and a place to wait for it to move.
///
/// Publishing costs two atomic operations unless somebody waits.
public final class HeadSignal: Sendable {
    private let head = Atomic<UInt64>(0)
    private let waiters = Atomic<Int>(0)
    private let stopped = Atomic<Bool>(false)
    private let wakeup = Wakeup()

    /// Makes a signal at position zero.
    public init() {}

    /// The last position published.
    public var position: Position { Position(head.load(ordering: .sequentiallyConsistent)) }

    /// Moves the head and wakes whoever waits for it.
    public func publish(_ position: Position) {
        head.store(position.rawValue, ordering: .sequentiallyConsistent)
        if waiters.load(ordering: .sequentiallyConsistent) > 0 { wakeup.wakeAll() }
    }

    /// Waits until the head lies beyond a position. Returns false when the signal has stopped.
    public func wait(beyond position: Position) -> Bool {
        if self.position > position { return !isStopped }
        waiters.add(1, ordering: .sequentiallyConsistent)
        wakeup.wait { self.position <= position && !isStopped }
        waiters.subtract(1, ordering: .sequentiallyConsistent)
        return !isStopped
    }

    /// Ends all waiting, for good.
    public func stop() {
        wakeup.wakeAll { stopped.store(true, ordering: .sequentiallyConsistent) }
    }

    /// Whether `stop` has been called.
    public var isStopped: Bool { stopped.load(ordering: .sequentiallyConsistent) }
}
