internal import ArgumentParser
internal import ReferenceEvents

/// How long from sending an event until views show it.
struct FreshnessProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "freshness",
        abstract: "From APPEND to CUSTOMER and QUEUE that show the event, at a fixed rate.")

    @OptionGroup var options: BenchOptions
    @Option(parsing: .upToNextOption, help: "Appends per second.") var rate: [Int] = [20_000]

    func validate() throws {
        guard rate.allSatisfy({ (100...1_000_000).contains($0) }) else {
            throw ValidationError("a rate is 100 to 1,000,000")
        }
    }

    func run() throws {
        try options.measure("freshness") { try Self.measure($0, rates: rate) }
    }

    static func measure(_ bench: Bench, rates: [Int]) throws {
        bench.say("freshness: open loop, from the moment an append is due; ms")
        bench.say(
            Comparison.pad("appends/s", 12) + Comparison.pad("round", 7)
                + ["answered", "CUSTOMER", "QUEUE"].map {
                    Comparison.lead("\($0) p50", 14) + "   p99"
                }
                .joined())
        let ring = bench.ours.appendRing(bench.workload)
        let keys = customerKeys(bench)
        for rate in rates {
            try bench.ours.begin()
            var ordinal = try fill(bench, ring)
            for number in 1...bench.options.rounds {
                var loop = try OpenLoop(
                    socketPath: bench.ours.socketPath, ring: ring, keys: keys, from: ordinal)
                try loop.run(rate: rate, seconds: bench.options.seconds)
                ordinal = loop.nextOrdinal
                report(bench, rate, number, loop.rounds(seconds: bench.options.seconds))
                try bench.ours.settle()
            }
            bench.endAll()
        }
    }

    /// Appends some events first, so that customers and queues are there.
    private static func fill(_ bench: Bench, _ ring: RequestRing) throws -> UInt64 {
        var loop = try ClosedLoop(
            socketPath: bench.ours.socketPath, wire: bench.ours.wire, greeting: [],
            connections: 16, depth: 64, ring: ring, from: 0)
        try loop.run(requests: 20_000)
        try bench.ours.settle()
        return loop.nextOrdinal
    }

    private static func customerKeys(_ bench: Bench) -> [String] {
        var events = bench.options.workload.events(count: bench.workload.events)
        var keys: [String] = []
        while let event = events.next() { keys.append(event.customerKey) }
        return keys
    }

    private static func report(_ bench: Bench, _ rate: Int, _ number: Int, _ rounds: [Round]) {
        var line =
            Comparison.pad(Comparison.thousands(Double(rate)), 12)
            + Comparison.pad("\(number)", 7)
        for (name, round) in zip(["answered", "CUSTOMER", "QUEUE"], rounds) {
            line += Comparison.lead(Comparison.decimal(round.p50 / 1_000, 2), 14)
            line += Comparison.lead(Comparison.decimal(round.p99 / 1_000, 2), 6)
            bench.report.figures.append(
                .init(name: "\(name) p50 at \(rate)/s", value: round.p50, unit: "µs"))
            bench.report.figures.append(
                .init(name: "\(name) p99 at \(rate)/s", value: round.p99, unit: "µs"))
        }
        bench.say(line)
    }
}
