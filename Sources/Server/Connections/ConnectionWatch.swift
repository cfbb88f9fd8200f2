internal import Commands

/// What is known of a connection's silence, in ticks of the coordinator's watch.
struct ConnectionWatch {
    private let opened: UInt64
    private var active: UInt64
    private var hasAsked = false
    /// Since when a request is begun and not whole.
    private var begun: UInt64?
    /// Since when answers are unread up to the bound.
    private var stalled: UInt64?
    /// Since when it is to be closed behind answers that are unread.
    private var closing: UInt64?

    init(_ tick: UInt64) {
        opened = tick
        active = tick
    }

    /// For how many ticks the connection has been open, and silent.
    func ages(_ tick: UInt64) -> (open: UInt64, silent: UInt64) { (tick - opened, tick - active) }

    mutating func bytesMoved(_ tick: UInt64) { active = tick }

    mutating func requestEnded() {
        hasAsked = true
        begun = nil
    }

    mutating func requestIsBegun(_ tick: UInt64) { begun = begun ?? tick }

    mutating func output(isStalled: Bool, _ tick: UInt64) {
        stalled = isStalled ? stalled ?? tick : nil
    }

    mutating func closes(_ tick: UInt64) { closing = closing ?? tick }

    /// The limit whose time is over, if any.
    ///
    /// - Parameters:
    ///   - awaits: Whether the connection waits for something of the daemon's, so that its silence is
    ///     not its own.
    ///   - isFollowing: Whether it may be silent for as long as it wants, between whole requests.
    func overdue(_ tick: UInt64, _ spans: Spans, awaits: Bool, isFollowing: Bool) -> Limit? {
        if let stalled, tick - stalled >= spans.stalled { return .stalledMilliseconds }
        if let closing, tick - closing >= spans.stalled { return .stalledMilliseconds }
        guard !awaits else { return nil }
        if let begun, tick - begun >= spans.request { return .requestMilliseconds }
        guard !isFollowing else { return nil }
        if !hasAsked, tick - opened >= spans.handshake { return .handshakeMilliseconds }
        return tick - active >= spans.idle ? .idleMilliseconds : nil
    }

    /// The limits of silence in ticks, and how long a tick is.
    struct Spans {
        let milliseconds: Int
        let handshake, request, idle, stalled, append: UInt64

        init(_ limits: ServiceLimits) {
            let least =
                [
                    Limit.handshakeMilliseconds, .requestMilliseconds, .idleMilliseconds,
                    .stalledMilliseconds, .appendWaitMilliseconds,
                ].map { limits[$0] }.min() ?? 0
            let range = ServerLimits.watchMilliseconds
            let tick = min(
                max(least / ServerLimits.watchesPerLimit, range.lowerBound), range.upperBound)
            milliseconds = tick
            func ticks(_ limit: Limit) -> UInt64 {
                // One more: a tick may be almost over when something begins.
                UInt64(limits[limit] / tick + 1)
            }
            append = ticks(.appendWaitMilliseconds)
            handshake = ticks(.handshakeMilliseconds)
            request = ticks(.requestMilliseconds)
            idle = ticks(.idleMilliseconds)
            stalled = ticks(.stalledMilliseconds)
        }
    }
}
