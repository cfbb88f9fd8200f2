internal import EventModel
internal import Glibc
internal import Synchronization

/// What of the journal is on disk where writes are no flushes; and the flushing, from another
/// thread than the one that writes.
final class JournalFlush: Sendable {
    private let descriptor: Int32
    private let path: String
    /// The sequence of the newest record that is written.
    private let newestWritten: Atomic<UInt64>
    private let newestFlushed: Atomic<UInt64>
    /// One at a time: a failure is told only once, and whoever asks next must learn of it.
    private let failure = Mutex<EventLogError?>(nil)

    /// - Parameter newest: The sequence of the newest record, which is on disk.
    init(of file: borrowing JournalFile, newest: UInt64) throws(EventLogError) {
        path = file.path
        descriptor = unsafe open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw JournalFile.failure("open", path) }
        newestWritten = Atomic(newest)
        newestFlushed = Atomic(newest)
    }

    deinit { close(descriptor) }

    /// The sequence of the newest record that is on disk with all before it.
    var flushed: UInt64 { newestFlushed.load(ordering: .acquiring) }

    /// Notes that a record is written.
    func wrote(_ sequence: UInt64) { newestWritten.store(sequence, ordering: .releasing) }

    /// Returns when everything written before is on disk, whichever thread asks. A failed flush is never tried again: the
    /// system may have forgotten what it could not write.
    func flush() throws(EventLogError) {
        try failure.withLock { (failure) throws(EventLogError) in
            if let failure { throw failure }
            let written = newestWritten.load(ordering: .acquiring)
            guard fdatasync(descriptor) == 0 else {
                let error = EventLogError.system(
                    operation: "flush journal", path: path, errno: errno)
                failure = error
                throw error
            }
            newestFlushed.max(written, ordering: .acquiringAndReleasing)
        }
    }
}
