/// One line of the performance picture (DOMAIN.md §8): a metric, or the first of several that has
/// figures, and which way is good where no target says it.
struct ScorecardLine {
    let name: String
    private(set) var metrics: [MetricDefinition]
    let isUp: Bool
    /// Whether the nearest target chooses among the metrics; else the first with figures is shown.
    var isChosenByTarget = false

    private init(_ name: String, _ metrics: [String], isUp: Bool, isChosenByTarget: Bool = false) {
        self.name = name
        self.metrics = metrics.compactMap { MetricDefinition.named($0) }
        self.isUp = isUp
        self.isChosenByTarget = isChosenByTarget
    }

    /// What every scorecard shows. First contact resolution for whatever reason is given where no
    /// contact has a reason, and says so by its metric's name.
    private static let standard = [
        ScorecardLine(
            "sl",
            ["sl_answered"]
                + MetricDefinition.serviceLevels.map(\.name).filter { $0 != "sl_answered" },
            isUp: true, isChosenByTarget: true),
        ScorecardLine("asa", ["asa"], isUp: false),
        ScorecardLine("long_abandon_rate", ["long_abandon_rate"], isUp: false),
        ScorecardLine("fcr", ["fcr_repeat", "fcr_repeat_any"], isUp: true),
        ScorecardLine("repeat_rate", ["repeat_rate"], isUp: false),
        ScorecardLine("aht", ["aht"], isUp: false),
        ScorecardLine("transfer_rate", ["transfer_rate"], isUp: false),
        ScorecardLine("csat", ["csat"], isUp: true), ScorecardLine("nps", ["nps"], isUp: true),
        ScorecardLine("ces", ["ces"], isUp: true), ScorecardLine("esat", ["esat"], isUp: true),
        ScorecardLine("channel_switch_rate", ["channel_switch_rate"], isUp: false),
        ScorecardLine("reopen_rate", ["reopen_rate"], isUp: false),
    ]

    /// The standard lines, and one for each other metric that has a target.
    static func all(_ targets: PerformanceTargets) -> [ScorecardLine] {
        let known = Set(standard.flatMap { $0.metrics.map(\.name) })
        var lines = standard
        lines[0].metrics += targets.switched
        return lines
            + targets.metrics.filter { !known.contains($0.name) }.map {
                ScorecardLine($0.name, [$0.name], isUp: targets.isUp($0))
            }
    }
}
