import Commands
import EventLog
import Projecting

/// Carrying out erasures and redactions, a step at a time as the daemon does between requests.
extension FuzzedStore {
    /// How many steps they take at most: each that waits for another thread is followed by waiting
    /// for it, and the journal is overwritten a piece at a time.
    private static let stepsMax = 256

    /// Carries out all that are pending: segments are written anew, and all views are folded anew
    /// from what is left. Figures do not move.
    public func carryOutErasures(meanwhile: (String) throws -> Void = { _ in }) throws {
        guard opened.executor.hasErasures else { return }
        try catchUp()
        let before = try opened.views.metrics.snapshot()
        for _ in 0..<Self.stepsMax where opened.executor.hasErasures {
            try catchUp()
            try meanwhile(try erasureStep())
            _ = try opened.executor.carryOutErasures()
            try commit([])
            opened.log.settleSealing()
        }
        guard !opened.executor.hasErasures else {
            throw FuzzFailure("erasures that are never carried out")
        }
        try hold(
            before, opened.views.metrics.snapshot(), of: "metrics",
            kinds: [
                "figures", "levels", "figures of days", "levels of days",
            ])
    }

    private func erasureStep() throws -> String {
        let lines = try answer(["INFO", "privacy"]).split(whereSeparator: \.isNewline)
        let name = "erasure_step:"
        guard let line = lines.first(where: { $0.hasPrefix(name) }) else {
            throw FuzzFailure("INFO privacy has no \(name)")
        }
        return String(line.dropFirst(name.count))
    }
}
