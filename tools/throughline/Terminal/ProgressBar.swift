import Glibc
import Importing
import Synchronization

/// How far a piece of work is: a bar on a terminal that is drawn over and over, else a line for
/// each tenth. It goes to standard error; any thread may tell.
final class ProgressBar: Sendable {
    private struct State {
        var latest: ContinuousClock.Instant?
        var tenths: UInt64 = 0
        var isDrawn = false
    }

    private let what: String
    private let unit: String
    private let isDrawn: Bool
    private let state = Mutex(State())
    private static let interval = Duration.milliseconds(100)
    private static let width = 24

    /// - Parameter isDrawn: Whether a person looks.
    init(_ what: String, unit: String, isDrawn: Bool = Terminal.isErrorShown) {
        self.what = what
        self.unit = unit
        self.isDrawn = isDrawn
    }

    /// Shows that so much of so much is done.
    func show(_ done: UInt64, of total: UInt64) {
        let text = state.withLock { state -> String? in
            let tenths = total == 0 ? 10 : done * 10 / max(total, done)
            if isDrawn {
                let now = ContinuousClock.now
                if let latest = state.latest, now - latest < Self.interval { return nil }
                state.latest = now
                state.isDrawn = true
                let filled =
                    total == 0 ? Self.width : Int(done) * Self.width / Int(max(total, done))
                let bar =
                    String(repeating: "█", count: filled)
                    + String(repeating: "░", count: Self.width - filled)
                return
                    "\r\u{1B}[K\(what) \(bar) \(Int(done).grouped) of \(Int(total).grouped) \(unit)"
            }
            guard tenths > state.tenths, tenths < 10 else { return nil }
            state.tenths = tenths
            return "\(what) \(tenths)0 %: \(Int(done).grouped) of \(Int(total).grouped) \(unit)\n"
        }
        if let text { Terminal.writeError(text) }
    }

    /// Removes the bar.
    func clear() {
        if state.withLock({ $0.isDrawn }) { Terminal.writeError("\r\u{1B}[K") }
    }
}
