internal import Glibc

/// The clocks of a measurement.
enum Clock {
    /// Nanoseconds since some moment; never goes back.
    static func now() -> UInt64 { read(CLOCK_MONOTONIC) }

    /// Nanoseconds that this thread has had a processor.
    static func threadCPU() -> UInt64 { read(CLOCK_THREAD_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
