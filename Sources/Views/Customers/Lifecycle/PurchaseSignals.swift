internal import EventModel

/// The signals that a person's orders give by themselves.
enum PurchaseSignals {
    /// Returns them: who has bought may be gone when they stay away for longer than their stage allows,
    /// which depends on thresholds as of the reader's now; who has one order has just begun.
    static func of(_ purchases: [Purchase]) -> [Signal] {
        guard let last = purchases.last else { return [] }
        var signals = [
            Signal(kind: .highValueAtRisk, moment: last.placed, position: last.position)
        ]
        if purchases.count == 1 {
            signals.append(
                Signal(kind: .firstInSeason, moment: last.placed, position: last.position))
        }
        return signals
    }

    /// The median of the times between orders, the lower one of two; nil with fewer than two.
    static func medianGapMilliseconds(_ purchases: [Purchase]) -> Int64? {
        guard purchases.count > 1 else { return nil }
        let gaps = zip(purchases.dropFirst(), purchases).map { $0.placed - $1.placed }
        return gaps.sorted()[(gaps.count - 1) / 2]
    }
}
