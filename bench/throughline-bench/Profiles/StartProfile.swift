internal import ArgumentParser

/// How long a daemon takes from its start until it takes connections.
struct StartProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "From starting the program to taking connections: no store yet, an empty one.")

    @OptionGroup var options: BenchOptions
    @Option(help: "Starts of each kind.") var starts = 20

    func validate() throws {
        guard starts >= 1 else { throw ValidationError("--starts is at least 1") }
    }

    func run() throws {
        try options.measure("start") { bench in
            bench.say("start: until it says that it listens, setpriv(1) before it included; ms")
            var (new, empty): ([Double], [Double]) = ([], [])
            for _ in 0..<starts {
                try bench.ours.clear()
                new.append(try Self.milliseconds(toOpen: bench.ours))
                empty.append(try Self.milliseconds(toOpen: bench.ours))
            }
            bench.endAll()
            Self.report(bench, "no store yet", new)
            Self.report(bench, "an empty store", empty)
        }
    }

    private static func milliseconds(toOpen target: ThroughlineTarget) throws -> Double {
        target.end()
        let begin = Clock.now()
        try target.open()
        return Double(Clock.now() - begin) / 1e6
    }

    private static func report(_ bench: Bench, _ name: String, _ times: [Double]) {
        let (median, most) = (Statistics.median(times), times.max() ?? 0)
        bench.say(
            Comparison.pad(name, 16) + "median" + Comparison.lead(Comparison.decimal(median, 1), 7)
                + "  least" + Comparison.lead(Comparison.decimal(times.min() ?? 0, 1), 7)
                + "  most" + Comparison.lead(Comparison.decimal(most, 1), 7))
        bench.report.figures.append(.init(name: "start, \(name)", value: median, unit: "ms"))
        bench.report.figures.append(.init(name: "start, \(name), most", value: most, unit: "ms"))
    }
}
