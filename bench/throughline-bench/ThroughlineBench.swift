internal import ArgumentParser
internal import ReferenceEvents

/// The bench's command line.
@main
struct ThroughlineBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "throughline-bench",
        abstract: "Measures the daemon beside other systems: the same events, in the same run.",
        discussion: """
            Without a profile all of them run. Rounds are interleaved (A B A B …); figures are medians, \
            ratios are taken round by round. A system that is not installed is left out and named; \
            bench/install-peers installs them.
            """,
        subcommands: [
            AllProfiles.self, AppendProfile.self, ReadProfile.self, SizeProfile.self,
            FreshnessProfile.self, TimelineProfile.self, RebuildProfile.self, SustainedProfile.self,
            ScaleProfile.self, MixedProfile.self, SoakProfile.self, EraseProfile.self,
            LiveProfile.self, FiguresProfile.self, GuardProfile.self, PastProfile.self,
            BesideProfile.self, IdleProfile.self, StartProfile.self, OpenProfile.self,
            ScanProfile.self,
            ScrubProfile.self, FootprintProfile.self, MergeProfile.self,
            EventsCommand.self,
        ], defaultSubcommand: AllProfiles.self)
}

/// All profiles behind each other.
struct AllProfiles: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "all", abstract: "Runs all profiles with their defaults.")

    @OptionGroup var options: BenchOptions

    func run() throws {
        try options.measure("all") { bench in
            try AppendProfile.measure(bench, AppendProfile.Cell.standard)
            try ReadProfile.measure(bench, ReadProfile.standard)
            try SizeProfile.measure(bench, events: 1_000_000)
            try FreshnessProfile.measure(bench, rates: [20_000])
            try TimelineProfile.measure(bench, TimelineProfile.standard, events: 1_000_000)
        }
    }
}

/// Shows the reference events.
struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Prints reference events as JSON, one per line.")

    @Option(help: "How many.") var count = 10
    @OptionGroup var workload: WorkloadOptions

    func run() throws {
        var events = workload.events(count: count)
        while let event = events.next() { print(String(decoding: event.json, as: UTF8.self)) }
    }
}
