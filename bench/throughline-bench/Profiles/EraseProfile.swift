internal import ArgumentParser
internal import Client
internal import Glibc
internal import RESP

/// What forgetting costs: how fast ERASE hides, how long the files take to be written anew, and what
/// those who append meanwhile notice.
struct EraseProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase",
        abstract: "Erases one customer, then many at once, out of a store of some size.",
        discussion: """
            The customers' events lie evenly over the whole store, so that every segment is written \
            anew. Meanwhile it is appended to at a fixed rate: who appends as fast as the daemon \
            answers leaves the folds of the erasure no processor, and their log grows while they fold.
            """)

    /// The load while it grows.
    private static let bulk = AppendProfile.Cell(connections: 50, depth: 64)
    private static let portions = 50
    private static let secondsMeanwhile = 2.0

    @OptionGroup var options: BenchOptions
    @Option(help: "Millions of events of others.") var millions = 1.0
    @Option(help: "Events of the customer who is erased alone.") var events = 500
    @Option(help: "Customers who are erased at once, each with events in two portions.")
    var customers = 1_000
    @Option(help: "Events of others that are appended every second meanwhile.") var rate = 2_000

    func validate() throws {
        guard (0.01...1_000).contains(millions), events >= Self.portions,
            events % Self.portions == 0, (1...100_000).contains(customers),
            (100...1_000_000).contains(rate)
        else {
            throw ValidationError(
                "millions are 0.01 to 1,000, events a multiple of \(Self.portions), customers 1 to "
                    + "100,000, the rate 100 to 1,000,000")
        }
    }

    func run() throws {
        try options.measure("erase") { bench in
            let ours = ThroughlineTarget(
                program: bench.ours.program, scratch: bench.ours.folder + "-erase",
                durability: options.durability,
                arguments: ["--set", "access.rules=user:\(geteuid())=privacy"])
            defer { ours.end() }
            try ours.begin()
            let ring = ours.appendRing(bench.workload)
            var ordinal = try fill(ours, ring)
            try ours.settle()
            let before = try appendRound(ours, ring, options.seconds, &ordinal)
            try ours.settle()
            tell(bench, "append p99 before", before.p99, "µs")
            let one = try measure(bench, ours, ring, &ordinal, ["crm:bench-alone"], before)
            let names = (0..<customers).map { "crm:bench-\($0)" }
            let many = try measure(bench, ours, ring, &ordinal, names, before)
            tell(bench, "\(customers) at once to one", many / one, "×")
        }
    }

    /// Fills the store, the customers' events evenly among others'.
    private func fill(_ ours: ThroughlineTarget, _ ring: RequestRing) throws -> UInt64 {
        var ordinal: UInt64 = 0
        var connection = try Connection(socketPath: ours.socketPath)
        for portion in 0..<Self.portions {
            var loop = try ClosedLoop(
                socketPath: ours.socketPath, wire: ours.wire, greeting: [],
                connections: Self.bulk.connections, depth: Self.bulk.depth, ring: ring,
                from: ordinal)
            try loop.run(requests: UInt64(millions * 1e6) / UInt64(Self.portions))
            ordinal = loop.nextOrdinal
            for number in 0..<events / Self.portions {
                try append("crm:bench-alone", "\(portion)-\(number)", &connection)
            }
            for customer in 0..<customers where (customer + portion) % (Self.portions / 2) == 0 {
                try append("crm:bench-\(customer)", "\(portion)", &connection)
            }
        }
        return ordinal
    }

    /// Appends at the rate for a time.
    private func appendRound(
        _ ours: ThroughlineTarget, _ ring: RequestRing, _ seconds: Double, _ ordinal: inout UInt64
    ) throws -> Round {
        var loop = try OpenLoop(socketPath: ours.socketPath, ring: ring, keys: [], from: ordinal)
        try loop.run(rate: rate, seconds: seconds)
        ordinal = loop.nextOrdinal
        return loop.rounds(seconds: seconds)[0]
    }

    private func append(
        _ customer: String, _ number: String, _ connection: inout Connection
    ) throws {
        let reply = try connection.call(
            "APPEND", "note.added", "source", "bench-erase", "id", "\(customer)-\(number)",
            "customer", customer, "note_id", "\(customer)-\(number)", "text",
            "something that was said by the customer, and will be forgotten")
        guard reply.integerValue != nil else { throw BenchFailure("APPEND: \(reply)") }
    }

    /// Erases customers and appends until no file holds them; returns the seconds that took.
    private func measure(
        _ bench: Bench, _ ours: ThroughlineTarget, _ ring: RequestRing, _ ordinal: inout UInt64,
        _ customers: [String], _ before: Round
    ) throws -> Double {
        try ours.settle()
        var connection = try Connection(socketPath: ours.socketPath)
        var answers: [Double] = []
        let begin = Clock.now()
        for customer in customers {
            let asked = Clock.now()
            let reply = try connection.call("ERASE", customer, "REASON", "bench")
            guard reply.text != nil else { throw BenchFailure("ERASE: \(reply)") }
            answers.append(Double(Clock.now() - asked) / 1e6)
        }
        let hidden = Clock.now()
        var rounds: [Round] = []
        let copiedBefore = try ours.info("erasure_views_copied")
        while try ours.info("erasures_pending") > 0 {
            // What is slow has a name: the step that the round began in, and that it ended in.
            let begun = try ours.infoText("erasure_step")
            let round = try appendRound(ours, ring, Self.secondsMeanwhile, &ordinal)
            rounds.append(round)
            let ended = try ours.infoText("erasure_step")
            bench.say(
                "    \(begun) to \(ended): append p50 \(Comparison.decimal(round.p50, 0)), "
                    + "p99 \(Comparison.decimal(round.p99, 0)) µs")
        }
        let copied = try ours.info("erasure_views_copied") - copiedBefore
        let seconds = Double(Clock.now() - begin) / 1e9
        let what = customers.count == 1 ? "one" : "\(customers.count)"
        answers.sort()
        tell(bench, "\(what): ERASE answers, median", answers[answers.count / 2], "ms")
        tell(bench, "\(what): ERASE answers, slowest", answers[answers.count - 1], "ms")
        tell(bench, "\(what): all hidden after", Double(hidden - begin) / 1e9, "s")
        tell(bench, "\(what): in no file after", seconds, "s")
        let p99 = Statistics.median(rounds.map(\.p99))
        tell(bench, "\(what): views copied, not folded", Double(copied), "of 4")
        tell(bench, "\(what): append p99 meanwhile to before", p99 / before.p99, "×")
        return seconds
    }

    private func tell(_ bench: Bench, _ name: String, _ value: Double, _ unit: String) {
        bench.report.figures.append(Report.Figure(name: name, value: value, unit: unit))
        bench.say(
            "  " + Comparison.pad(name, 48) + Comparison.lead(Comparison.decimal(value, 2), 12)
                + " \(unit)")
    }
}
