internal import Foundation
internal import ReferenceEvents

/// Everything that a run measured; the file of `--json`.
struct Report: Codable {
    var profile: String
    var conditions: Conditions
    var workload: Workload
    var secondsPerRound: Double
    /// Versions and configurations of the systems.
    var facts: [String]
    /// Systems that are not installed.
    var missing: [String]
    var comparisons: [Comparison] = []
    var figures: [Figure] = []

    /// One number with its unit.
    struct Figure: Codable {
        var name: String
        var value: Double
        var unit: String
    }

    init(
        profile: String, conditions: Conditions, workload: Workload, secondsPerRound: Double,
        facts: [String], missing: [String]
    ) {
        self.profile = profile
        self.conditions = conditions
        self.workload = workload
        self.secondsPerRound = secondsPerRound
        self.facts = facts
        self.missing = missing
    }

    var headLines: [String] {
        let here = conditions
        return [
            "\(here.date)  Linux \(here.kernel)  \(here.cores) × \(here.processor)  "
                + "\(here.memoryGiB) GiB  \(here.disk)  load before \(here.load)  \(here.build)"
                + (here.daemon.map { "  daemon \($0)" } ?? ""),
            "reference events: seed \(workload.seed), \(workload.events) before new ids, "
                + "\(workload.text.rawValue); \(secondsPerRound) s a round",
        ] + facts + missing.map { "LEFT OUT: \($0) is not installed (bench/install-peers)" }
    }

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(self).write(to: URL(fileURLWithPath: path))
    }
}
