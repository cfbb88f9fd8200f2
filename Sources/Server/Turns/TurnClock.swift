internal import NIOCore

/// For how long one connection's requests have been run in its turn: looked at behind the first, behind
/// each that follows one that took long, else behind every fourth.
struct TurnClock {
    private let begun = Self.now
    private var looked: UInt64
    /// Requests until the next look.
    private var left = 1

    init() { looked = begun }

    /// Nanoseconds up to the last look.
    var taken: UInt64 { looked - begun }

    /// Notes that a request has been run.
    ///
    /// - Returns: Whether the turn is over.
    mutating func requestRan(_ turns: LoopTurns, user: UInt32) -> Bool {
        left -= 1
        guard left == 0 else { return false }
        let (now, before) = (Self.now, looked)
        looked = now
        left = now - before > ServerLimits.longRequestNanoseconds ? 1 : ServerLimits.requestsPerLook
        return now - begun >= turns.slice(of: user)
    }

    private static var now: UInt64 { NIODeadline.now().uptimeNanoseconds }
}
