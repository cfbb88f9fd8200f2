internal import EventModel
internal import Synchronization
internal import Threads

/// Flushes the journal at intervals, on a thread of its own: whatever else is being written, the
/// disk follows within the interval and the time of a flush.
final class JournalFlusher: Sendable {
    /// The last position that the journal has on disk.
    let flushed = HeadSignal()
    private let flush: JournalFlush
    private let head: HeadSignal
    private let nanoseconds: UInt64
    private let isStopped = Mutex(false)
    private let flushes = Atomic<UInt64>(0)
    private let wakeup = Wakeup()

    /// - Parameter head: The last position that is committed, all of which is on disk now.
    init(_ flush: JournalFlush, head: HeadSignal, milliseconds: UInt32) {
        self.flush = flush
        self.head = head
        nanoseconds = UInt64(max(1, milliseconds)) * 1_000_000
        flushed.publish(head.position)
    }

    /// How often it was flushed since the start.
    var count: UInt64 { flushes.load(ordering: .relaxed) }

    /// Ends the thread.
    func stop() { wakeup.wakeAll { isStopped.withLock { $0 = true } } }

    /// The thread's whole life.
    func run(onFailure: (EventLogError) -> Void) {
        do throws(EventLogError) {
            while !isStopped.withLock({ $0 }) {
                let end = Wakeup.nanoseconds() + nanoseconds
                let position = head.position
                if flushed.position < position {
                    try flush.flush()
                    flushes.add(1, ordering: .relaxed)
                    flushed.publish(position)
                }
                wakeup.wait(untilNanoseconds: end) { !isStopped.withLock { $0 } }
            }
        } catch {
            onFailure(error)
        }
    }
}
