internal import EventModel

/// Stage, recency, frequency, value of a person: computed when they are read, from all members'
/// orders, as of the reader's now.
struct Lifecycle {
    let stage: Stage
    private let purchases: [Purchase]
    private let thresholds: LifecycleThresholds
    private let moment: CardMoment

    init<Reader: ViewReader & ~Copyable>(
        _ person: Person, _ facts: [Subject], _ moment: CardMoment,
        _ thresholds: LifecycleThresholds,
        _ reader: borrowing Reader
    ) throws(ViewFault) {
        self.moment = moment
        self.thresholds = thresholds
        purchases = try person.purchases(reader).filter { moment.hasCome($0.placed) }
        let surveys = try person.things(
            .survey, atMost: Self.surveysRead, closedToo: true, reader)
        let detractor = surveys.compactMap { SurveyAnswer($0.record) }
            .filter { $0.isBad && !$0.isFollowedUp && $0.kind == "nps" }
            .max { $0.answered < $1.answered }
        var stage = Stage.of(
            person, purchases, detractor: detractor?.position, thresholds: thresholds, moment)
        if stage.isByTime, let said = Self.inferred(stage, facts) {
            stage = Stage(word: stage.word, since: stage.since, position: said, isByTime: true)
        }
        self.stage = stage
    }

    private static let surveysRead = 5

    /// The daemon's event that says this stage, not earlier than it began.
    private static func inferred(_ stage: Stage, _ facts: [Subject]) -> Position? {
        for fact in facts where fact.kind == .stage {
            guard let trail = fact.record.trails.first, trail.newest.occurred >= stage.since,
                trail.text("stage") == "\(stage.word)"
            else { continue }
            return trail.newest.position
        }
        return nil
    }

    /// Writes `"stage":{…}`.
    func writeStage(_ json: inout JSONWriter) {
        json.key("stage")
        json.beginObject()
        json.field("stage", word: stage.word)
        json.field("since", stage.since)
        json.field("position", stage.position)
        if stage.isByTime { json.field("by_time", true) }
        if let position = stage.heldBackBy {
            json.field("loyalty_at_risk", true)
            json.field("loyalty_at_risk_position", position)
        }
        if !thresholds.positions.isEmpty {
            json.key("thresholds")
            json.beginArray()
            for position in thresholds.positions { json.value(position) }
            json.endArray()
        }
        json.endObject()
    }

    /// Writes `"value":{"orders":…,"net":[…],"last_order":…,"recency_days":…,"frequency":…,…}`,
    /// or nothing for who has not bought.
    func writeValue(_ json: inout JSONWriter) {
        guard let first = purchases.first, let last = purchases.last else { return }
        json.key("value")
        json.beginObject()
        json.field("orders", purchases.count)
        let historic = sums(of: purchases)
        json.key("net")
        json.beginArray()
        for sum in historic { write(sum, &json) }
        json.endArray()
        json.field("first_order", first.placed)
        json.field("first_position", first.position)
        json.field("last_order", last.placed)
        json.field("last_position", last.position)
        json.field("median_gap_ms", PurchaseSignals.medianGapMilliseconds(purchases))
        writeRFM(last, &json)
        writeLifetime(historic.first { $0.currency == last.net.currency }, first, &json)
        json.endObject()
    }

    private func write(_ money: Money, _ json: inout JSONWriter) {
        json.beginObject()
        json.field("minor_units", money.minorUnits)
        json.field("currency", money.currency)
        json.endObject()
    }

    /// By currency, in the order of first use.
    private func sums(of purchases: [Purchase]) -> [Money] {
        var sums: [Money] = []
        for purchase in purchases {
            if let index = sums.firstIndex(where: { $0.currency == purchase.net.currency }) {
                sums[index].minorUnits &+= purchase.net.minorUnits
            } else {
                sums.append(purchase.net)
            }
        }
        return sums
    }

    /// Recency, frequency, monetary value within the window, in the last order's currency, with
    /// scores where quintiles are published, of the last order's shop if those are: ties go to the
    /// higher score, fewer bounds give fewer bins. What was spent in another currency has none: null.
    private func writeRFM(_ last: Purchase, _ json: inout JSONWriter) {
        let window = thresholds.windowDays * SignalKind.day
        let recent = purchases.filter { !moment.isOlder($0.placed, than: window) }
        let monetary = sums(of: recent).first { $0.currency == last.net.currency }
        let recency = moment.days(since: last.placed)
        json.field("recency_days", recency)
        json.field("frequency", recent.count)
        json.key("monetary")
        write(monetary ?? Money(minorUnits: 0, currency: last.net.currency), &json)
        let (cuts, areShops) = thresholds.cuts(ofShop: last.shop)
        guard !cuts.recency.isEmpty, let monetary else { return }
        json.key("rfm")
        json.beginArray()
        json.value(1 + cuts.recency.count { recency <= $0 })
        json.value(1 + cuts.frequency.count { Int64(recent.count) >= $0 })
        if cuts.currency.isEmpty || cuts.currency == monetary.currency {
            json.value(1 + cuts.monetary.count { monetary.minorUnits >= $0 })
        } else {
            json.null()
        }
        json.endArray()
        if areShops { json.field("rfm_shop", last.shop) }
    }

    /// `historic` is the net of all orders; `simple` is average order × orders a year × expected
    /// years (1 / churn, at most 10), where the churn is published. Years are counted in whole days.
    private func writeLifetime(
        _ historic: Money?, _ first: Purchase, _ json: inout JSONWriter
    ) {
        guard let historic else { return }
        json.key("lifetime")
        json.beginObject()
        json.key("historic")
        write(historic, &json)
        if let churn = thresholds.churnPermille, churn > 0 {
            let years = max(1, Double(moment.days(since: first.placed)) / 365)
            let perYear = Double(historic.minorUnits) / years
            let simple = perYear * min(10, 1_000 / Double(churn))
            json.key("simple")
            write(
                Money(
                    minorUnits: Int64(exactly: simple.rounded()) ?? .max,
                    currency: historic.currency), &json)
        }
        json.endObject()
    }
}
