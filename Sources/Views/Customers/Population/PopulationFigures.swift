internal import EventModel

/// What `thresholds.published` says of the whole customer base as of a moment (DOMAIN §6).
///
/// Active is who has bought within L days: the 80th percentile of the gaps between one person's orders,
/// no less than a floor, unless somebody has set it. Quintiles are over the active, of all and of each
/// shop at which somebody active bought last; what has fewer than five different values has fewer bins.
struct PopulationFigures: Equatable {
    /// Who has bought, and who of them is active.
    var buyers = 0
    var active = 0
    /// The 80th percentile of the gaps, in whole days, rounded up; nil where nobody has bought twice.
    var gapDays: Int64?
    /// The currency of the most buyers' last orders; money is in its minor units.
    var currency = ""
    /// From what net of all orders on an active buyer belongs to the top fifth.
    var monetaryTop: Int64?
    /// Who was active a year ago and lapsed since, of a thousand; nil where nobody was.
    var churnPermille: Int64?
    /// Of all who are active; money is in `currency`.
    var cuts = QuintileCuts()
    /// Of those who bought last at a shop, by its name: of the `ViewLimits.populationShopsMax` with the
    /// most of them, and of none where all bought at one.
    var shops: [ShopCuts] = []

    struct ShopCuts: Equatable {
        var shop: String
        var cuts: QuintileCuts
    }

    /// The attribute `values`.
    var values: String {
        var json = JSONWriter()
        json.beginObject()
        json.field("active_days", gapDays)
        json.field("monetary_top", monetaryTop)
        if monetaryTop != nil { json.field("monetary_currency", currency) }
        json.field("churn_permille", churnPermille)
        cuts.writeMembers(to: &json)
        if !shops.isEmpty {
            json.key("shops")
            json.beginObject()
            for shop in shops {
                unsafe json.key(shop.shop.utf8Span.span.bytes)
                json.beginObject()
                shop.cuts.writeMembers(to: &json)
                json.field("monetary_currency", shop.cuts.currency)
                json.endObject()
            }
            json.endObject()
        }
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }
}

/// Sums up the customer base: first the gaps, which say who is active, then what needs that.
struct PopulationCount {
    private let now: Timestamp
    private let settings: PopulationSettings
    private var gaps: [Int64] = []
    private var lastCurrencies: [String: Int] = [:]
    private(set) var figures = PopulationFigures()
    private var activeMilliseconds: Int64 = 0
    private var all = BuyerSample()
    private var shops: [String: BuyerSample] = [:]
    private var totals: [Int64] = []
    private var activeBefore = 0
    private var lapsedSince = 0

    private static let year = 365 * SignalKind.day

    init(now: Timestamp, _ settings: PopulationSettings) {
        self.now = now
        self.settings = settings
    }

    /// Takes a buyer's orders, oldest first, for the gaps.
    mutating func measure(_ purchases: [Purchase]) {
        figures.buyers += 1
        for (later, earlier) in zip(purchases.dropFirst(), purchases) {
            gaps.append(later.placed - earlier.placed)
        }
        if let last = purchases.last { lastCurrencies[last.net.currency, default: 0] += 1 }
    }

    /// Ends the first round.
    mutating func finishMeasuring() {
        gaps.sort()
        if !gaps.isEmpty {
            let gap = gaps[(gaps.count * 4 + 4) / 5 - 1]
            figures.gapDays = max(1, (gap + SignalKind.day - 1) / SignalKind.day)
        }
        gaps = []
        activeMilliseconds = settings.activeMilliseconds(gapDays: figures.gapDays)
        // Of as many the first by name, whatever order a table has.
        let most = lastCurrencies.max { ($0.value, $1.key) < ($1.value, $0.key) }
        figures.currency = most?.key ?? ""
    }

    /// For how long after an order a buyer is active; known when the first round has ended.
    var active: Int64 { activeMilliseconds }

    /// Takes a buyer's orders again.
    mutating func take(_ purchases: [Purchase]) {
        guard let last = purchases.last else { return }
        countChurn(purchases)
        guard now - last.placed <= activeMilliseconds else { return }
        figures.active += 1
        let recency = (now - last.placed) / SignalKind.day
        let window = settings.windowDays * SignalKind.day
        let recent = purchases.filter { now - $0.placed <= window }
        let sum = Self.sum(recent, last.net.currency)
        all.take(recency: recency, frequency: recent.count, sum: sum)
        if !last.shop.isEmpty {
            shops[last.shop, default: BuyerSample()].take(
                recency: recency, frequency: recent.count, sum: sum)
        }
        guard last.net.currency == figures.currency else { return }
        totals.append(Self.sum(purchases, figures.currency).minorUnits)
    }

    private static func sum(_ purchases: [Purchase], _ currency: String) -> Money {
        let units = purchases.reduce(Int64(0)) {
            $1.net.currency == currency ? $0 &+ $1.net.minorUnits : $0
        }
        return Money(minorUnits: units, currency: currency)
    }

    private mutating func countChurn(_ purchases: [Purchase]) {
        let start = now.advanced(byMilliseconds: -Self.year)
        let before = purchases.last { $0.placed <= start }
        guard let before, start - before.placed <= activeMilliseconds else { return }
        activeBefore += 1
        let hasLapsed = purchases.indices.contains { index in
            let lapse = purchases[index].placed.advanced(byMilliseconds: 2 * activeMilliseconds)
            let next = index + 1 < purchases.count ? purchases[index + 1].placed : .latest
            return lapse >= start && lapse < now && next > lapse
        }
        if hasLapsed { lapsedSince += 1 }
    }

    /// Ends the second round.
    mutating func finish() {
        totals.sort()
        figures.cuts = all.cuts(in: figures.currency)
        // Where all have bought at one shop, that is the base.
        if shops.values.first?.count != all.count {
            let most = shops.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
            figures.shops = most.prefix(ViewLimits.populationShopsMax)
                .map { PopulationFigures.ShopCuts(shop: $0.key, cuts: $0.value.cuts()) }
                .sorted { $0.shop < $1.shop }
        }
        if !totals.isEmpty { figures.monetaryTop = totals[totals.count * 4 / 5] }
        if activeBefore > 0 {
            figures.churnPermille =
                Int64(lapsedSince * 2_000 + activeBefore) / Int64(activeBefore * 2)
        }
    }
}
