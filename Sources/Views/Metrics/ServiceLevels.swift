/// The presets of service level that can be computed of closed intervals; a ratio with
/// denominator 0 is absent.
///
/// With A answered, B abandoned, C taken call backs, O offered without those who wait still, s the short
/// abandon: `_t` are those within the target, Bs abandons below s.
struct ServiceLevels: Equatable {
    /// A_t / A
    let answered: Double?
    /// A_t / O
    let offered: Double?
    /// A_t / (O − B_t)
    let ignoreAbandon: Double?
    /// (A_t + B_t) / O
    let positiveAbandon: Double?
    /// (A_t + B_t + C_t) / O
    let removed: Double?
    /// A_t / (A + B), without the switches
    let genesys: Double?
    /// A_t / (O − Bs)
    let longOffered: Double?

    let answeredWithin: Int64
    let answeredBelow: Int64
    let abandonedWithin: Int64
    let abandonedBelow: Int64

    init(
        target: Int64, shortAbandon: Int64, offered all: Int64, waiting: Int64,
        answered: Distribution, abandoned: Distribution, toCallback: Distribution
    ) {
        let offered = all - waiting
        answeredWithin = answered.count(within: target)
        answeredBelow = answered.count(below: target)
        abandonedWithin = abandoned.count(within: target)
        abandonedBelow = abandoned.count(below: target)
        let callbacks = toCallback.count(within: target)
        let short = abandoned.count(below: shortAbandon)
        let met = answeredWithin
        self.answered = Self.ratio(met, answered.count)
        self.offered = Self.ratio(met, offered)
        ignoreAbandon = Self.ratio(met, offered - abandonedWithin)
        positiveAbandon = Self.ratio(met + abandonedWithin, offered)
        removed = Self.ratio(met + abandonedWithin + callbacks, offered)
        genesys = Self.ratio(met, answered.count + abandoned.count)
        longOffered = Self.ratio(met, offered - short)
    }

    static func ratio(_ part: Int64, _ whole: Int64) -> Double? {
        whole > 0 ? Double(part) / Double(whole) : nil
    }
}
