/// How long rounds wait for the log to have room: for the disk to take what came before.
struct AppendWait {
    /// Since when the round at hand waits, in nanoseconds of the monotonic clock.
    private var began: UInt64?
    /// How many rounds have had to wait since the start.
    private var count: UInt64 = 0
    /// The longest wait that is over, in nanoseconds.
    private var longest: UInt64 = 0

    /// Notes whether the round at hand waits.
    mutating func note(waits: Bool, nanoseconds now: UInt64) {
        if waits {
            guard began == nil else { return }
            began = now
            count += 1
        } else if let began {
            longest = max(longest, now - began)
            self.began = nil
        }
    }

    /// The lines of INFO: the wait at hand, 0 for none, the longest one, and how many there were.
    func lines(nanoseconds now: UInt64) -> [(String, String)] {
        let present = began.map { now - $0 } ?? 0
        return [
            ("append_wait_ms", "\(present / 1_000_000)"),
            ("append_wait_max_ms", "\(max(longest, present) / 1_000_000)"),
            ("append_waits", "\(count)"),
        ]
    }
}
