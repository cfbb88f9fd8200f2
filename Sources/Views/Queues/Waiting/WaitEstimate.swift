internal import ContactCentre
internal import EventModel

/// An expected wait: the median and what four of five do not exceed, in milliseconds from now.
struct WaitEstimate: Equatable {
    var low: Int64
    var high: Int64

    /// Of the waits that were ended by an answer, those that were longer than the wait so far.
    ///
    /// - Returns: nil for fewer than `answeredLeast` answers, or where nobody has waited so long.
    static func empirical(_ answered: Distribution, elapsed: Int64) -> WaitEstimate? {
        guard answered.count >= answeredLeast else { return nil }
        let longer = Distribution(
            summing: answered.runs.filter { $0.milliseconds >= elapsed }.map {
                Distribution.Run(milliseconds: $0.milliseconds - elapsed, count: $0.count)
            })
        guard let low = longer.percentile(50), let high = longer.percentile(80) else {
            return nil
        }
        return WaitEstimate(low: low, high: high)
    }

    /// Answers in the window that are enough to go by what happened.
    static let answeredLeast: Int64 = 50

    /// With so many ahead and all agents busy; at once where somebody is free and nobody ahead.
    static func modelled(_ queue: Erlang, ahead: Int, free: Int64) -> WaitEstimate {
        guard Int64(ahead) >= free else { return WaitEstimate(low: 0, high: 0) }
        // Those ahead who find a free agent do not wait either.
        let ahead = ahead - Int(free)
        func milliseconds(_ share: Double) -> Int64 {
            Int64((queue.wait(behind: ahead, notExceededBy: share) * 1_000).rounded())
        }
        return WaitEstimate(low: milliseconds(0.5), high: milliseconds(0.8))
    }

    /// What to tell somebody who was told before.
    ///
    /// - Parameter left: What is left of the wait told last.
    /// - Returns: Never more than is left, while the new one is not a quarter longer; beyond that
    ///   the new one, which has to be owned up to once.
    static func announcement(_ new: Int64, left: Int64?) -> (milliseconds: Int64, isLonger: Bool) {
        guard let left else { return (new, false) }
        if Double(new) <= 1.25 * Double(left) { return (min(new, left), false) }
        return (new, true)
    }
}
