internal import EventModel

/// Where a person is in their life as a customer (DOMAIN §6).
struct Stage {
    let word: StaticString
    let since: Timestamp
    /// The event that moved them there; where time alone did, the daemon's word on it if there is
    /// one, else the last order's.
    let position: Position
    /// Whether time alone moved them.
    var isByTime = false
    /// The bad answer that keeps a loyal customer back, if so.
    var heldBackBy: Position?
}

extension Stage {
    /// Tells the stage at a moment.
    ///
    /// - Parameters:
    ///   - purchases: The orders that count, oldest first.
    ///   - detractor: The last bad answer that nobody has followed up.
    static func of(
        _ person: Person, _ purchases: [Purchase], detractor: Position?,
        thresholds: LifecycleThresholds, _ moment: CardMoment
    ) -> Stage {
        guard !purchases.isEmpty else {
            guard let identifier = person.firstPersonal else {
                let first = person.identifiers.map(\.seen.firstPosition).min()
                return Stage(
                    word: "anonymous", since: person.firstContact,
                    position: first ?? Position(person.members[0].rawValue))
            }
            return Stage(
                word: "prospect", since: identifier.firstSeen, position: identifier.firstPosition)
        }
        let active = thresholds.activeMilliseconds
        let patience = patienceMilliseconds(purchases, active)
        if let moved = byTime(purchases, active, moment) { return moved }
        let back = purchases.indices.last { index in
            index > 0 && purchases[index].placed - purchases[index - 1].placed > 2 * active
        }
        if let back, !moment.isOlder(purchases[back].placed, than: active) {
            return Stage(
                word: "wonBack", since: purchases[back].placed, position: purchases[back].position)
        }
        return byOrders(purchases, patience, detractor, thresholds)
    }

    /// How long a gap may be: half again the median of their own, and no longer than L.
    static func patienceMilliseconds(_ purchases: [Purchase], _ active: Int64) -> Int64 {
        let gap = PurchaseSignals.medianGapMilliseconds(purchases)
        return min(gap.map { $0 + $0 / 2 } ?? active, active)
    }

    /// The stage to which time alone has moved a buyer; nil while they are active.
    ///
    /// - Parameter active: L, in milliseconds.
    static func byTime(
        _ purchases: [Purchase], _ active: Int64, _ moment: CardMoment
    ) -> Stage? {
        guard let last = purchases.last else { return nil }
        if moment.isOlder(last.placed, than: 2 * active) {
            return byTime("lapsed", last, after: 2 * active)
        }
        let patience = patienceMilliseconds(purchases, active)
        guard moment.isOlder(last.placed, than: patience) else { return nil }
        return byTime("atRisk", last, after: patience)
    }

    private static func byTime(
        _ word: StaticString, _ last: Purchase, after milliseconds: Int64
    ) -> Stage {
        Stage(
            word: word, since: last.placed.advanced(byMilliseconds: milliseconds),
            position: last.position, isByTime: true)
    }

    private static func byOrders(
        _ purchases: [Purchase], _ patience: Int64, _ detractor: Position?,
        _ thresholds: LifecycleThresholds
    ) -> Stage {
        guard purchases.count > 1 else { return at(purchases[0], "firstPurchase") }
        let loyal = purchases.count >= thresholds.loyalOrders
        if (loyal || thresholds.isTop(purchases)), detractor == nil {
            let first = loyal ? thresholds.loyalOrders - 1 : purchases.count - 1
            return at(purchases[reached(purchases, first, patience)], "loyal")
        }
        var stage = at(purchases[reached(purchases, 1, patience)], "building")
        if loyal || thresholds.isTop(purchases) { stage.heldBackBy = detractor }
        return stage
    }

    /// The order with which a stage was reached that began with order `first`: a later one, where
    /// a gap in between was too long.
    private static func reached(_ purchases: [Purchase], _ first: Int, _ patience: Int64) -> Int {
        let first = max(0, min(first, purchases.count - 1))
        return purchases.indices.last { index in
            index > first && purchases[index].placed - purchases[index - 1].placed > patience
        } ?? first
    }

    private static func at(_ purchase: Purchase, _ word: StaticString) -> Stage {
        Stage(word: word, since: purchase.placed, position: purchase.position)
    }
}
