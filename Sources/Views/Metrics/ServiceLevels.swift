/// The presets of service level that can be computed of closed intervals; a ratio with
/// denominator 0 is absent.
///
/// With A answered, B abandoned, C taken call backs, O offered without those who wait still, s the short
/// abandon: `_t` are those within the target, Bs abandons below s.
struct ServiceLevels: Equatable {
    /// A part of a whole; nothing of nothing.
    struct Share: Equatable {
        let part: Int64
        let whole: Int64

        var value: Double? { ServiceLevels.ratio(part, whole) }
    }

    /// A_t / A
    let answered: Share
    /// A_t / O
    let offered: Share
    /// A_t / (O − B_t)
    let ignoreAbandon: Share
    /// (A_t + B_t) / O
    let positiveAbandon: Share
    /// (A_t + B_t + C_t) / O
    let removed: Share
    /// A_t / (A + B), without the switches
    let genesys: Share
    /// A_t / (O − Bs)
    let longOffered: Share

    let answeredWithin: Int64
    let answeredBelow: Int64
    let abandonedWithin: Int64
    let abandonedBelow: Int64

    /// By name, in the order in which they are shown.
    var all: [(name: StaticString, share: Share)] {
        [
            ("answered", answered), ("offered", offered), ("ignore_abandon", ignoreAbandon),
            ("positive_abandon", positiveAbandon), ("removed", removed), ("genesys", genesys),
            ("long_offered", longOffered),
        ]
    }

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
        self.answered = Share(part: met, whole: answered.count)
        self.offered = Share(part: met, whole: offered)
        ignoreAbandon = Share(part: met, whole: offered - abandonedWithin)
        positiveAbandon = Share(part: met + abandonedWithin, whole: offered)
        removed = Share(part: met + abandonedWithin + callbacks, whole: offered)
        genesys = Share(part: met, whole: answered.count + abandoned.count)
        longOffered = Share(part: met, whole: offered - short)
    }

    static func ratio(_ part: Int64, _ whole: Int64) -> Double? {
        whole > 0 ? Double(part) / Double(whole) : nil
    }
}
