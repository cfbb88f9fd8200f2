internal import ArgumentParser

/// Appends that go on: what millions of events cost, the first and the last of them, views and
/// index behind them.
struct SustainedProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sustained",
        abstract: "Appends millions of events; rates and latencies of the first and the last tenth."
    )

    @OptionGroup var options: BenchOptions
    @Option(help: "How many events.") var events: UInt64 = 5_000_000
    @Option(help: "Connections × requests under way on each.")
    var cell = AppendProfile.Cell(connections: 50, depth: 16)

    func run() throws {
        try options.measure("sustained", ringEvents: BenchOptions.ringEventsOfGrowth) {
            try Self.measure($0, cell, events: events)
        }
    }

    static func measure(_ bench: Bench, _ cell: AppendProfile.Cell, events: UInt64) throws {
        bench.say("sustained: \(events) events at \(cell.name), \(bench.options.seconds) s a line")
        bench.say("      events     per s    p50 µs    p99 µs  server µs  own memory MiB")
        try bench.ours.begin()
        var loop = try ClosedLoop(
            socketPath: bench.ours.socketPath, wire: bench.ours.wire, greeting: [],
            connections: cell.connections, depth: cell.depth,
            ring: bench.ours.appendRing(bench.workload), from: 0)
        var rounds: [Round] = []
        while loop.nextOrdinal < events {
            let round = try loop.run(
                warmUp: 0, seconds: bench.options.seconds, serverCPU: bench.ours.cpuSeconds)
            rounds.append(round)
            bench.say(try line(bench, loop.nextOrdinal, round))
        }
        let end = Clock.now()
        try bench.ours.settle()
        let lag = Double(Clock.now() - end) / 1e9
        report(bench, rounds, lag: lag, memory: try bench.ours.ownMemoryBytes())
        bench.endAll()
    }

    private static func line(
        _ bench: Bench, _ events: UInt64, _ round: Round
    ) throws -> String {
        let memory = Double(try bench.ours.ownMemoryBytes()) / 1_048_576
        return Comparison.lead(Comparison.thousands(Double(events)), 12)
            + Comparison.lead(Comparison.thousands(round.rate), 10)
            + Comparison.lead(Comparison.decimal(round.p50, 0), 10)
            + Comparison.lead(Comparison.decimal(round.p99, 0), 10)
            + Comparison.lead(Comparison.decimal(round.serverCPU, 1), 11)
            + Comparison.lead(Comparison.decimal(memory, 0), 16)
    }

    private static func report(_ bench: Bench, _ rounds: [Round], lag: Double, memory: Int) {
        let tenth = max(1, rounds.count / 10)
        let (first, last) = (rounds.prefix(tenth), rounds.suffix(tenth))
        let whole = rate(rounds[...])
        let figures: [(String, Double, String)] = [
            ("sustained appends", whole, "per s"),
            ("last tenth to first, appends", rate(last) / rate(first), "×"),
            (
                "last tenth to first, p99",
                Statistics.median(last.map(\.p99)) / Statistics.median(first.map(\.p99)), "×"
            ),
            (
                "last tenth to first, server's processor time an event",
                Statistics.median(last.map(\.serverCPU))
                    / Statistics.median(first.map(\.serverCPU)), "×"
            ),
            ("views behind at the end", lag, "s"),
            ("memory beyond mapped files", Double(memory) / 1_048_576, "MiB"),
        ]
        for (name, value, unit) in figures {
            bench.report.figures.append(Report.Figure(name: name, value: value, unit: unit))
            bench.say(
                "  " + Comparison.pad(name, 56) + Comparison.lead(Comparison.decimal(value, 2), 12)
                    + " \(unit)")
        }
    }

    private static func rate(_ rounds: ArraySlice<Round>) -> Double {
        Double(rounds.reduce(0) { $0 + $1.requests }) / rounds.reduce(0) { $0 + $1.seconds }
    }
}
