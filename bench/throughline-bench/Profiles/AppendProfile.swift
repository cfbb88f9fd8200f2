internal import ArgumentParser

/// Appends beside other stores of events.
struct AppendProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "append",
        abstract: "Appends per second, by connections × depth.")

    /// Connections × requests under way on each.
    struct Cell: ExpressibleByArgument {
        var connections: Int
        var depth: Int

        static let standard = [(1, 1), (16, 1), (50, 1), (16, 16), (50, 16), (50, 64)]
            .map { Cell(connections: $0.0, depth: $0.1) }

        init(connections: Int, depth: Int) {
            self.connections = connections
            self.depth = depth
        }

        init?(argument: String) {
            let numbers = argument.split(separator: "x").compactMap { Int($0) }
            guard numbers.count == 2, (1...1_000).contains(numbers[0]),
                (1...1_024).contains(numbers[1])
            else { return nil }
            self.init(connections: numbers[0], depth: numbers[1])
        }

        var name: String { "\(connections)×\(depth)" }
    }

    @OptionGroup var options: BenchOptions
    @Argument(help: "Cells like 16x1; default: 1x1 16x1 50x1 16x16 50x16 50x64.")
    var cells: [Cell] = []

    func run() throws {
        try options.measure("append") { bench in
            try Self.measure(bench, cells.isEmpty ? Cell.standard : cells)
        }
    }

    static func measure(_ bench: Bench, _ cells: [Cell]) throws {
        bench.say(bench.options.durability.heading)
        bench.say(Comparison.heading)
        let rings = bench.targets.map { $0.appendRing(bench.workload) }
        var ordinals = bench.targets.map { _ in UInt64(0) }
        for cell in cells {
            // PostgreSQL commits each event alone: pipelining changes only who waits.
            let places = bench.targets.indices.filter {
                cell.depth == 1 || !(bench.targets[$0] is PostgresTarget)
            }
            for place in places { try bench.targets[place].begin() }
            var entries = places.map {
                Comparison.Entry(system: bench.targets[$0].name, rounds: [])
            }
            for _ in 0..<bench.options.rounds {
                for (entry, place) in places.enumerated() {
                    let round = try round(
                        bench.targets[place], rings[place], cell, bench.options.seconds,
                        &ordinals[place])
                    entries[entry].rounds.append(round)
                }
            }
            let comparison = Comparison(name: "append \(cell.name)", entries: entries)
            bench.report.comparisons.append(comparison)
            for line in comparison.lines { bench.say(line) }
            try reportCommits(bench, cell)
            bench.endAll()
        }
    }

    /// Tells how many events our daemon put on disk at once.
    private static func reportCommits(_ bench: Bench, _ cell: Cell) throws {
        let events = Double(try bench.ours.info("events_appended"))
        let each = events / Double(max(1, try bench.ours.info("commits")))
        bench.report.figures.append(
            .init(name: "events per commit, \(cell.name)", value: each, unit: "events"))
        // A fresh daemon served this cell alone, warm-up and catching up included.
        let threads = try bench.ours.cpuSecondsByThread().sorted { $0.value > $1.value }.prefix(6)
            .map { "\($0.key) \(Comparison.decimal($0.value * 1e6 / max(1, events), 1))" }
        bench.say(
            Comparison.pad("", 16) + "ours: \(Comparison.decimal(each, 1)) events per commit; "
                + "µs per event by thread: \(threads.joined(separator: ", "))")
    }

    private static func round(
        _ target: any AppendTarget, _ ring: RequestRing, _ cell: Cell, _ seconds: Double,
        _ ordinal: inout UInt64
    ) throws -> Round {
        let first = ordinal
        let ours = target as? ThroughlineTarget
        let before = try ours?.cpuSeconds() ?? 0
        var round = try target.appendRound(
            ring, connections: cell.connections, depth: cell.depth, seconds: seconds,
            from: &ordinal)
        let end = Clock.now()
        try target.settle()
        if let ours {
            round.catchUpSeconds = Double(Clock.now() - end) / 1e9
            round.serverCPUWithCatchUp =
                (try ours.cpuSeconds() - before) * 1e6 / Double(max(1, ordinal - first))
        }
        return round
    }
}
