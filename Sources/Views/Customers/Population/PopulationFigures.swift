internal import EventModel

/// What `thresholds.published` says of the whole customer base as of a moment (DOMAIN §6).
///
/// Active is who has bought within L days: the 80th percentile of the gaps between one person's orders,
/// no less than a floor, unless somebody has set it. Quintiles are over the active; what has fewer than
/// five different values has fewer bins.
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
    /// Score 1 for each, and one more for each bound that is kept: recency at most, others at least.
    var recencyCuts: [Int64] = []
    var frequencyCuts: [Int64] = []
    var monetaryCuts: [Int64] = []

    /// The attribute `values`.
    var values: String {
        var json = JSONWriter()
        json.beginObject()
        json.field("active_days", gapDays)
        json.field("monetary_top", monetaryTop)
        if monetaryTop != nil { json.field("monetary_currency", currency) }
        json.field("churn_permille", churnPermille)
        let cuts: [(StaticString, [Int64])] = [
            ("recency_days", recencyCuts), ("frequency", frequencyCuts),
            ("monetary", monetaryCuts),
        ]
        for (name, cuts) in cuts {
            json.key(name)
            json.beginArray()
            for cut in cuts { json.value(cut) }
            json.endArray()
        }
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// The bounds between fifths of values that rise.
    ///
    /// - Parameter highIsGood: Whether a value belongs to a better fifth from a bound on, or up to it:
    ///   equal values belong to the better one.
    static func cuts(_ values: [Int64], highIsGood: Bool) -> [Int64] {
        guard let least = values.first, let greatest = values.last else { return [] }
        var cuts: [Int64] = []
        for fifth in 1...4 {
            let cut =
                highIsGood
                ? values[values.count * fifth / 5] : values[(values.count * fifth + 4) / 5 - 1]
            // A bound that everybody keeps parts nobody.
            if cut != (highIsGood ? least : greatest), cut != cuts.last { cuts.append(cut) }
        }
        return cuts
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
    private var recencies: [Int64] = []
    private var frequencies: [Int64] = []
    private var sums: [Int64] = []
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
        recencies.append((now - last.placed) / SignalKind.day)
        let window = settings.windowDays * SignalKind.day
        let recent = purchases.filter { now - $0.placed <= window }
        frequencies.append(Int64(recent.count))
        guard last.net.currency == figures.currency else { return }
        sums.append(sum(recent))
        totals.append(sum(purchases))
    }

    private func sum(_ purchases: [Purchase]) -> Int64 {
        purchases.reduce(0) {
            $1.net.currency == figures.currency ? $0 &+ $1.net.minorUnits : $0
        }
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
        recencies.sort()
        frequencies.sort()
        sums.sort()
        totals.sort()
        figures.recencyCuts = PopulationFigures.cuts(recencies, highIsGood: false)
        figures.frequencyCuts = PopulationFigures.cuts(frequencies, highIsGood: true)
        figures.monetaryCuts = PopulationFigures.cuts(sums, highIsGood: true)
        if !totals.isEmpty { figures.monetaryTop = totals[totals.count * 4 / 5] }
        if activeBefore > 0 {
            figures.churnPermille =
                Int64(lapsedSince * 2_000 + activeBefore) / Int64(activeBefore * 2)
        }
    }
}
