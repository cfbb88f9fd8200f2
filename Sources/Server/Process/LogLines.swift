internal import Glibc
internal import Synchronization
internal import Threads

/// The lines of the log on their way to standard error, which may be a pipe that nobody reads.
///
/// Whoever has a line hands it over and goes on; a thread writes. A line that finds no room, or cannot be
/// written, is left out and counted: nothing of the daemon's ever waits for who reads its log.
public final class LogLines: TextOutputStream, Sendable {
    /// Those of standard error.
    public static let standardError = LogLines(STDERR_FILENO)

    private struct State {
        /// Whole lines that nobody has begun to write.
        var waiting: [UInt8] = []
        var isWriting = false
        var leftOut: UInt64 = 0
        /// Of those, how many nobody has been told of.
        var untold: UInt64 = 0
        /// Whether the last lines could not be written: who would be told of that is not there.
        var isFailing = false
        var thread: PlainThread?
    }

    private let descriptor: Int32
    private let bytesMax: Int
    private let state = Mutex(State())
    private let wakeup = Wakeup()

    /// Lines for an open file; the thread begins with the first and ends with the process.
    ///
    /// - Parameter bytesMax: Bytes of lines that may wait, besides as many that are being written.
    init(_ descriptor: Int32, bytesMax: Int = ServerLimits.logBytesMax) {
        self.descriptor = descriptor
        self.bytesMax = bytesMax
    }

    /// Lines that were left out since the start.
    public var leftOut: UInt64 { state.withLock { $0.leftOut } }

    /// Takes a line, with its end, or leaves it out; never waits.
    public func write(_ line: String) {
        let isTaken = state.withLock { state in
            guard state.waiting.count + line.utf8.count <= bytesMax else {
                state.leftOut += 1
                state.untold += 1
                return false
            }
            state.waiting += line.utf8
            if state.thread == nil {
                state.thread = PlainThread(name: "log-lines", nice: 0) { [self] in run() }
            }
            return true
        }
        if isTaken { wakeup.wakeAll() }
    }

    /// How many lines were left out since this was asked last, to be told now that there is room again;
    /// nil where there were none, or is none.
    func takeLeftOut() -> UInt64? {
        state.withLock { state in
            guard state.untold > 0, state.waiting.isEmpty, !state.isFailing else { return nil }
            defer { state.untold = 0 }
            return state.untold
        }
    }

    /// Waits until all lines are written, at most for so long.
    public func settle(milliseconds: Int = ServerLimits.logSettleMilliseconds) {
        let end = Wakeup.nanoseconds() + UInt64(milliseconds) * 1_000_000
        wakeup.wait(untilNanoseconds: end) {
            state.withLock { $0.isWriting || !$0.waiting.isEmpty }
        }
    }

    private func run() {
        // Where nobody reads any more, writing is to fail, not to end the process.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        while true {
            wakeup.wait { state.withLock { $0.waiting.isEmpty } }
            let lines = state.withLock { state in
                state.isWriting = true
                defer { state.waiting = [] }
                return state.waiting
            }
            let written = put(lines)
            let lost = UInt64(lines[written...].count { $0 == UInt8(ascii: "\n") })
            wakeup.wakeAll {
                state.withLock { state in
                    state.isWriting = false
                    state.leftOut += lost
                    state.untold += lost
                    state.isFailing = lost > 0
                }
            }
        }
    }

    /// Writes bytes, for as long as that takes; returns how many could be written.
    private func put(_ bytes: [UInt8]) -> Int {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(
                    descriptor, $0.baseAddress.map { unsafe $0 + written }, $0.count - written)
            }
            if count >= 0 {
                written += count
            } else if errno == EAGAIN {
                // Whoever gave the file has it not wait; this thread may.
                var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                unsafe poll(&room, 1, -1)
            } else if errno != EINTR {
                break
            }
        }
        return written
    }
}
