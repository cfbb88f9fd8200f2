internal import ContactCentre
public import EventModel

/// LIFECYCLE: whether customers come back, and what they had gone through with us before (DOMAIN §6, §11).
///
///     {"position":…,"now":"…","from":"…","to":"…","active_days":90,
///      "repeat_purchase":{"value":0.25,"part":1,"low":…,"high":…,"n":4},
///      "churn":{…},
///      "rebuy_after":[{"days":90,"experience":"promoter","value":…,…,"left_out":2,
///                      "lapsed":{…}},…],
///      "season":"winter","season_keep":[{"experience":"no_contact",…}],"season_new":12,
///      "provisional":true,
///      "referral":{"value":0.02,"part":4,…,"n":200,"inactive":0,"left_out":1},
///      "campaigns":[{"campaign":"spring","coupon_response":{…},"purchase_response":{…},"coupons":7}]}
///
/// What somebody does behind an experience is associated with it, not caused by it: groups differ in
/// more than that. Who cannot be judged yet is `left_out`.
public enum LifecycleDocument {
    /// What is asked.
    public struct Question: Sendable {
        /// The window; nil for that of a season.
        public var window: (from: Timestamp, to: Timestamp)?
        /// The season whose first-time buyers are looked at.
        public var season: String?
        /// Whether the campaigns are told that were entered in the window.
        public var hasCampaigns: Bool

        /// Asks.
        public init(
            window: (from: Timestamp, to: Timestamp)?, season: String? = nil,
            hasCampaigns: Bool = false
        ) {
            self.window = window
            self.season = season
            self.hasCampaigns = hasCampaigns
        }
    }

    /// Writes the document.
    ///
    /// - Parameter members: Who is one person with a customer, oldest first; nil for who is erased.
    /// - Returns: False where the season is not defined; then nothing is written.
    ///
    /// Complexity: two walks over all customers, one of them for referrals, and of each buyer's contacts and answers
    /// the last.
    public static func write<Reader: ViewReader & ~Copyable>(
        _ question: Question, now: Timestamp,
        members: (CustomerID) throws(ViewFault) -> [CustomerID]?,
        from reader: borrowing Reader, to json: inout JSONWriter
    ) throws(ViewFault) -> Bool {
        let definitions = try CardDefinitions.read(reader)
        let season = question.season.map { name in
            definitions.signals.seasons.first { $0.name == name }
        }
        if case .some(.none) = season { return false }
        guard let window = question.window ?? season?.map({ ($0.from, $0.to) }) else {
            return false
        }
        var count = LifecycleCount(
            from: window.0, to: window.1, now: now,
            active: definitions.thresholds.activeMilliseconds, isSeason: season != nil)
        try CustomerBase.forEachBuyer(now: now, members: members, from: reader) {
            (people, purchases) throws(ViewFault) in
            try count.take(people, purchases, reader)
        }
        json.beginObject()
        json.field("position", reader.position)
        json.field("now", now)
        json.field("from", window.0)
        json.field("to", window.1)
        json.field("active_days", definitions.thresholds.activeDays)
        count.write(season: question.season, to: &json)
        try ReferralCount(
            from: window.0, to: window.1, now: now, members: members, isActive: count.isActive,
            reader
        ).write(active: count.actives, to: &json)
        if question.hasCampaigns {
            let (responses, isCut) = try CampaignResponse.count(
                from: window.0, to: window.1, now: now, members: members, reader)
            CampaignResponse.write(responses, isCut: isCut, to: &json)
        }
        json.endObject()
        return true
    }
}

/// A part of those who could have done something.
struct LifecycleShare: Equatable {
    var part: Int64 = 0
    var n: Int64 = 0

    mutating func add(_ isPart: Bool) {
        n += 1
        if isPart { part += 1 }
    }

    func writeMembers(to json: inout JSONWriter) {
        if n > 0 { json.field("value", Double(part) / Double(n)) }
        json.field("part", part)
        let interval = MetricValue.wilson(part, of: n)
        json.field("low", interval?.low)
        json.field("high", interval?.high)
        json.field("n", n)
    }
}

/// What LIFECYCLE counts.
struct LifecycleCount {
    /// One row of `rebuy_after`.
    struct Rebuy: Equatable {
        var rebuy = LifecycleShare()
        var lapsed = LifecycleShare()
        var leftOut: Int64 = 0
    }

    static let horizons: [Int64] = [90, 365]
    /// For how long behind a season an order keeps its buyer, in days.
    private static let keepDays: Int64 = 365

    private let from: Timestamp
    private let to: Timestamp
    private let now: Timestamp
    private let active: Int64
    private let isSeason: Bool
    private(set) var repeats = LifecycleShare()
    private(set) var churn = LifecycleShare()
    /// Who is active when the window ends, or as of now where that is before.
    private(set) var actives: Int64 = 0
    /// By horizon, then by experience.
    private(set) var rebuys = horizons.map { _ in BuyerExperience.allCases.map { _ in Rebuy() } }
    private(set) var kept = BuyerExperience.allCases.map { _ in LifecycleShare() }

    init(from: Timestamp, to: Timestamp, now: Timestamp, active: Int64, isSeason: Bool) {
        self.from = from
        self.to = to
        self.now = now
        self.active = active
        self.isSeason = isSeason
    }

    /// Takes a buyer.
    mutating func take<Reader: ViewReader & ~Copyable>(
        _ people: [CustomerID], _ purchases: [Purchase], _ reader: borrowing Reader
    ) throws(ViewFault) {
        let inside = purchases.filter { $0.placed >= from && $0.placed < to }
        if !inside.isEmpty { repeats.add(inside.count > 1) }
        if isActive(purchases) { actives += 1 }
        countChurn(purchases)
        var last = try BuyerExperience.last(of: people, from: from, to: to, reader)
        if last == nil, let order = inside.last { last = (.noContact, order.placed) }
        guard let (experience, moment) = last else { return }
        // Who had not bought yet could not buy again.
        if purchases.contains(where: { $0.placed <= moment }) {
            countRebuy(experience, moment, purchases)
        }
        guard isSeason, let first = purchases.first, first.placed >= from, first.placed < to else {
            return
        }
        let end = to.advanced(byMilliseconds: Self.keepDays * SignalKind.day)
        kept[experience.rawValue].add(purchases.contains { $0.placed >= to && $0.placed <= end })
    }

    /// Whether somebody with these orders is active when the window ends.
    func isActive(_ purchases: [Purchase]) -> Bool {
        let end = min(to, now)
        guard let last = purchases.last(where: { $0.placed <= end }) else { return false }
        return end - last.placed <= active
    }

    private mutating func countChurn(_ purchases: [Purchase]) {
        let before = purchases.last { $0.placed <= from }
        guard let before, from - before.placed <= active else { return }
        churn.add(lapses(purchases) { $0 >= from && $0 < min(to, now) })
    }

    /// Whether a buyer lapsed at a moment that counts: two L behind an order without another.
    private func lapses(_ purchases: [Purchase], _ counts: (Timestamp) -> Bool) -> Bool {
        purchases.indices.contains { index in
            let lapse = purchases[index].placed.advanced(byMilliseconds: 2 * active)
            let next = index + 1 < purchases.count ? purchases[index + 1].placed : .latest
            return counts(lapse) && next > lapse
        }
    }

    private mutating func countRebuy(
        _ experience: BuyerExperience, _ moment: Timestamp, _ purchases: [Purchase]
    ) {
        for (place, days) in Self.horizons.enumerated() {
            let end = moment.advanced(byMilliseconds: days * SignalKind.day)
            guard end <= now else {
                rebuys[place][experience.rawValue].leftOut += 1
                continue
            }
            let isBack = purchases.contains { $0.placed > moment && $0.placed <= end }
            rebuys[place][experience.rawValue].rebuy.add(isBack)
            let last = purchases.last { $0.placed <= end }
            let isLapsed = last.map { end - $0.placed > 2 * active } ?? false
            rebuys[place][experience.rawValue].lapsed.add(isLapsed)
        }
    }

    /// Writes the members.
    func write(season: String?, to json: inout JSONWriter) {
        json.key("repeat_purchase")
        json.beginObject()
        repeats.writeMembers(to: &json)
        json.endObject()
        json.key("churn")
        json.beginObject()
        churn.writeMembers(to: &json)
        json.endObject()
        json.key("rebuy_after")
        json.beginArray()
        for (place, days) in Self.horizons.enumerated() {
            for experience in BuyerExperience.allCases {
                write(rebuys[place][experience.rawValue], days, experience, &json)
            }
        }
        json.endArray()
        var isProvisional = to > now
        if let season {
            json.field("season", season)
            json.field("season_new", kept.reduce(0) { $0 + $1.n })
            json.key("season_keep")
            json.beginArray()
            for experience in BuyerExperience.allCases {
                json.beginObject()
                json.field("experience", word: experience.word)
                kept[experience.rawValue].writeMembers(to: &json)
                json.endObject()
            }
            json.endArray()
            let end = to.advanced(byMilliseconds: Self.keepDays * SignalKind.day)
            isProvisional = isProvisional || end > now
        }
        if isProvisional { json.field("provisional", true) }
    }

    private func write(
        _ row: Rebuy, _ days: Int64, _ experience: BuyerExperience, _ json: inout JSONWriter
    ) {
        json.beginObject()
        json.field("days", days)
        json.field("experience", word: experience.word)
        row.rebuy.writeMembers(to: &json)
        json.field("left_out", row.leftOut)
        json.key("lapsed")
        json.beginObject()
        row.lapsed.writeMembers(to: &json)
        json.endObject()
        json.endObject()
    }
}
