internal import EventModel

/// By what a stage is told (DOMAIN §6). What is not defined has the defaults that ship.
///
/// `definition.set` of kind `stages`, key `default`, has a JSON body with any of `active_days`,
/// `active_floor_days`, `loyal_orders`, `window_days`. `thresholds.published` has figures of the
/// whole customer base: `active_days` (the 80th percentile of the gaps between orders),
/// `monetary_top` (minor units from which a customer belongs to the top fifth) with
/// `monetary_currency`, `churn_permille` of a year, and the bounds of quintiles as `recency_days`,
/// `frequency`, `monetary`; the same of each shop in `shops`, by its name.
struct LifecycleThresholds {
    /// For how long after an order a customer is active: L.
    private(set) var activeDays: Int64 = 90
    /// What figures of the base cannot make less of L.
    private(set) var floorDays: Int64 = 90
    private(set) var loyalOrders = 4
    private(set) var windowDays: Int64 = 365
    private(set) var monetaryTop: Money?
    private(set) var churnPermille: Int64?
    private var cuts = QuintileCuts()
    private var shops: [String: QuintileCuts] = [:]
    /// The events that brought them.
    private(set) var positions: [Position] = []

    init(stages: DefinitionRecord?, published: DefinitionRecord?) {
        if let stages {
            positions.append(stages.position)
            activeDays = Self.days(stages.number("active_days")) ?? activeDays
            floorDays = Self.days(stages.number("active_floor_days")) ?? floorDays
            loyalOrders = stages.number("loyal_orders").map { Int(clamping: $0) } ?? loyalOrders
            windowDays = Self.days(stages.number("window_days")) ?? windowDays
        }
        if let published {
            positions.append(published.position)
            // Figures of the base give way to what somebody set.
            if stages?.number("active_days") == nil, let days = published.number("active_days") {
                activeDays = max(Self.days(days) ?? activeDays, floorDays)
            }
            if let top = published.number("monetary_top") {
                monetaryTop = Money(
                    minorUnits: top, currency: published.text("monetary_currency") ?? "")
            }
            churnPermille = published.number("churn_permille")
            cuts = QuintileCuts(published)
            for shop in Self.shops(published) {
                shops[shop] = QuintileCuts(published, under: "\(Self.shopsPath)\(shop).")
            }
        }
    }

    /// Nobody's figures may make a moment overflow.
    private static func days(_ days: Int64?) -> Int64? {
        days.flatMap { (1...36_500).contains($0) ? $0 : nil }
    }

    private static let shopsPath = "shops."
    private static let recencyPath = ".recency_days"

    /// The shops of which quintiles are published.
    private static func shops(_ published: DefinitionRecord) -> [String] {
        published.entries.compactMap { entry in
            guard entry.path.hasPrefix(shopsPath), entry.path.hasSuffix(recencyPath) else {
                return nil
            }
            return String(entry.path.dropFirst(shopsPath.count).dropLast(recencyPath.count))
        }
    }

    /// The bounds for who bought last at a shop, and whether they are the shop's own; those of the whole
    /// base where none are published of the shop.
    func cuts(ofShop shop: String) -> (cuts: QuintileCuts, areOwn: Bool) {
        shops[shop].map { ($0, true) } ?? (cuts, false)
    }

    var activeMilliseconds: Int64 { activeDays * SignalKind.day }

    /// Whether somebody's orders belong to the top fifth.
    func isTop(_ purchases: [Purchase]) -> Bool {
        guard let monetaryTop else { return false }
        var sum: Int64 = 0
        for purchase in purchases
        where monetaryTop.currency.isEmpty || purchase.net.currency == monetaryTop.currency {
            sum &+= purchase.net.minorUnits
        }
        return sum >= monetaryTop.minorUnits
    }
}
