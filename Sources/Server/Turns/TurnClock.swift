internal import NIOCore

/// For how long one connection's requests have been run in its turn: looked at behind each that takes
/// long, else behind every fourth.
struct TurnClock {
    private var begun: UInt64?
    private var looked: UInt64 = 0
    /// Requests until the next look.
    private var left = 1

    /// - Parameter isMeasured: Whether the first request counts; who asks for little is not measured.
    init(isMeasured: Bool) {
        guard isMeasured else { return }
        looked = Self.now
        begun = looked
    }

    /// Nanoseconds up to the last look.
    var taken: UInt64 { looked - (begun ?? looked) }

    /// Notes that a request has been run.
    ///
    /// - Returns: Whether the turn is over.
    mutating func requestRan(_ turns: LoopTurns, user: UInt32) -> Bool {
        left -= 1
        guard left == 0 else { return false }
        let (now, before) = (Self.now, looked)
        looked = now
        guard let begun else {
            begun = now
            left = ServerLimits.requestsPerLook
            return false
        }
        left = now - before > ServerLimits.longRequestNanoseconds ? 1 : ServerLimits.requestsPerLook
        return now - begun >= turns.slice(of: user)
    }

    private static var now: UInt64 { NIODeadline.now().uptimeNanoseconds }
}
