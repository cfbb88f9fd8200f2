/// Bounds how often lines of one kind are logged, however often a peer gives cause for them: so many in a
/// span of time, and behind it how many were left out.
struct LogPace {
    private let most: Int
    private let spanNanoseconds: UInt64
    private var began: UInt64?
    private var logged = 0
    /// Left out since the last word about it.
    private var skipped: UInt64 = 0
    /// Left out since the start.
    private(set) var skippedInAll: UInt64 = 0

    /// Bounds lines to `most` in each span.
    init(most: Int, spanNanoseconds: UInt64) {
        self.most = most
        self.spanNanoseconds = spanNanoseconds
    }

    /// Whether a line may be logged now; one that may not is counted.
    ///
    /// - Parameter now: Nanoseconds of the monotonic clock.
    mutating func takes(_ now: UInt64) -> Bool {
        if began == nil { (began, logged) = (now, 0) }
        guard logged < most else {
            skipped += 1
            skippedInAll += 1
            return false
        }
        logged += 1
        return true
    }

    /// Ends a span that is over.
    ///
    /// - Returns: How many lines were left out in it, which is to be said once; nil where none were.
    mutating func takeSkipped(_ now: UInt64) -> UInt64? {
        guard let began, now - min(began, now) >= spanNanoseconds else { return nil }
        self.began = nil
        defer { skipped = 0 }
        return skipped > 0 ? skipped : nil
    }
}

/// The lines to which peers give cause as often as they like, each kind with a pace of its own.
struct PacedLines {
    /// What is logged.
    enum Kind: Int, CaseIterable {
        case refused, ended, notPermitted

        /// How the log calls it.
        var name: String {
            switch self {
            case .refused: "connection refused"
            case .ended: "connection ended"
            case .notPermitted: "privileged call that is not permitted"
            }
        }
    }

    private var paces = Kind.allCases.map { _ in
        LogPace(
            most: ServerLimits.pacedLinesMax,
            spanNanoseconds: ServerLimits.pacedLinesSpanNanoseconds)
    }

    /// Whether a line may be logged now; one that may not is counted.
    mutating func takes(_ kind: Kind, _ now: UInt64) -> Bool {
        paces[kind.rawValue].takes(now)
    }

    /// What was left out in spans that are over, to be said once.
    mutating func takeSkipped(_ now: UInt64) -> [(kind: Kind, count: UInt64)] {
        Kind.allCases.compactMap { kind in
            paces[kind.rawValue].takeSkipped(now).map { (kind, $0) }
        }
    }

    /// How many lines were left out since the start.
    var skipped: UInt64 { paces.reduce(0) { $0 + $1.skippedInAll } }
}
