internal import EventModel

/// The signals that a person's orders give by themselves.
enum PurchaseSignals {
    /// Returns them: who has two orders or more may be gone when the gap is half again as long as
    /// theirs usually are; who has one has just begun.
    static func of(_ purchases: [Purchase]) -> [Signal] {
        guard let last = purchases.last else { return [] }
        guard let gap = medianGapMilliseconds(purchases) else {
            return [Signal(kind: .firstInSeason, moment: last.placed, position: last.position)]
        }
        let moment = last.placed.advanced(byMilliseconds: gap + gap / 2)
        return [Signal(kind: .highValueAtRisk, moment: moment, position: last.position)]
    }

    /// The median of the times between orders, the lower one of two; nil with fewer than two.
    static func medianGapMilliseconds(_ purchases: [Purchase]) -> Int64? {
        guard purchases.count > 1 else { return nil }
        let gaps = zip(purchases.dropFirst(), purchases).map { $0.placed - $1.placed }
        return gaps.sorted()[(gaps.count - 1) / 2]
    }
}
