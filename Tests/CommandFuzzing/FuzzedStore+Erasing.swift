import Commands
import EventLog

/// Carrying out erasures and redactions, a step at a time as the daemon does between requests.
extension FuzzedStore {
    /// How many steps they take at most: each that waits for another thread is followed by waiting
    /// for it, and the journal is overwritten a mebibyte at a time.
    private static let stepsMax = 256

    /// Carries out all that are pending: segments are written anew, and all views are folded anew
    /// from what is left.
    func carryOutErasures() throws {
        for _ in 0..<Self.stepsMax {
            guard opened.executor.hasErasures else { return }
            try catchUp()
            _ = try opened.executor.carryOutErasures()
            try commit([])
            opened.log.settleSealing()
        }
        throw FuzzFailure("erasures that are never carried out")
    }
}
