/// A service level by its switches, where no preset has them: DOMAIN.md §3.
///
///     sl[+abandoned][+callbacks]/[all|long|late|none][+flow_outs][+waiting]
///
///     (A_T [+ B_T] [+ C_T]) / (A + B{all, long, late, none} [+ F] [+ W past T])
///
/// `sl/long` is `sl_genesys_long`. `long` leaves out short abandons, `late` those within T.
struct LevelSwitches: Equatable {
    /// Which abandons are in the denominator.
    enum Abandons: String, CaseIterable {
        case all, long, late, none
    }

    static let form = "sl[+abandoned][+callbacks]/[all|long|late|none][+flow_outs][+waiting]"
    static let formula =
        "(A_T [+ B_T] [+ C_T]) / (A + B{all, long: − Bs, late: − B_T, none} [+ F] [+ W − W_T])"

    let meetsAbandoned: Bool
    let meetsCallbacks: Bool
    let abandons: Abandons
    let countsFlowOuts: Bool
    let countsWaiting: Bool

    /// Reads a name; nil for any other.
    init?(_ name: String) {
        let sides = name.split(separator: "/", omittingEmptySubsequences: false)
        guard sides.count == 2 else { return nil }
        let met = sides[0].split(separator: "+", omittingEmptySubsequences: false).map(String.init)
        let of = sides[1].split(separator: "+", omittingEmptySubsequences: false).map(String.init)
        // Each switch once and in its place, so that a level has one name.
        guard met[0] == "sl", let abandons = Abandons(rawValue: of[0]),
            Self.isInOrder(met.dropFirst(), ["abandoned", "callbacks"]),
            Self.isInOrder(of.dropFirst(), ["flow_outs", "waiting"])
        else { return nil }
        meetsAbandoned = met.contains("abandoned")
        meetsCallbacks = met.contains("callbacks")
        self.abandons = abandons
        countsFlowOuts = of.contains("flow_outs")
        countsWaiting = of.contains("waiting")
    }

    private static func isInOrder(_ words: ArraySlice<String>, _ all: [String]) -> Bool {
        all.filter { words.contains($0) } == Array(words)
    }

    /// The metric of that name.
    func definition(_ name: String) -> MetricDefinition {
        let switches = self
        return MetricDefinition(
            name: name, version: 2, unit: .share, formula: formula, anchor: .offered,
            source: "Throughline",
            uses: MetricDefinition.Uses(
                counts: [.offered, .flowedOut],
                distributions: [.waitAnswered, .waitAbandoned, .waitToCallback, .openWait]),
            usesTarget: true, usesShort: abandons == .long
        ) { switches.value($0) }
    }

    private var formula: String {
        var met = "A_T"
        if meetsAbandoned { met += " + B_T" }
        if meetsCallbacks { met += " + C_T" }
        var all = "A"
        switch abandons {
        case .all: all += " + B"
        case .long: all += " + B − Bs"
        case .late: all += " + B − B_T"
        case .none: break
        }
        if countsFlowOuts { all += " + F" }
        if countsWaiting { all += " + W − W_T" }
        return "(\(met)) / (\(all))"
    }

    private func value(_ figures: MetricFigures) -> MetricValue {
        let early = figures.count(.waitAbandoned, within: figures.target)
        var met = figures.count(.waitAnswered, within: figures.target)
        if meetsAbandoned { met += early }
        if meetsCallbacks { met += figures.count(.waitToCallback, within: figures.target) }
        var all = figures.count(.waitAnswered)
        switch abandons {
        case .all: all += figures.count(.waitAbandoned)
        case .long:
            all += figures.count(.waitAbandoned)
            all -= figures.count(.waitAbandoned, below: figures.shortAbandon)
        case .late: all += figures.count(.waitAbandoned) - early
        case .none: break
        }
        if countsFlowOuts { all += figures[.flowedOut] }
        if countsWaiting { all += figures.waitingPastTarget }
        return .share(met, of: all)
    }
}
