internal import NIOCore

/// For how long one connection's requests have been run in its turn: looked at behind the first, behind
/// each that follows one that took long, else behind every fourth.
struct TurnClock {
    private let begun: UInt64
    private let slice: UInt64
    private var looked: UInt64
    /// Requests until the next look.
    private var left = 1

    /// Begins a turn.
    ///
    /// - Parameter slice: Nanoseconds after which it is over.
    init(slice: UInt64, now: UInt64 = Self.monotonic()) {
        begun = now
        looked = now
        self.slice = slice
    }

    /// Nanoseconds up to the last look.
    var taken: UInt64 { looked - begun }

    /// Notes that a request has been run.
    ///
    /// - Returns: Whether the turn is over.
    mutating func requestRan(_ clock: () -> UInt64 = Self.monotonic) -> Bool {
        left -= 1
        guard left == 0 else { return false }
        let before = looked
        look(clock())
        left =
            looked - before > ServerLimits.longRequestNanoseconds
            ? 1 : ServerLimits.requestsPerLook
        return taken >= slice
    }

    /// Counts up to now.
    mutating func look(_ now: UInt64 = Self.monotonic()) { looked = now }

    static func monotonic() -> UInt64 { NIODeadline.now().uptimeNanoseconds }
}
