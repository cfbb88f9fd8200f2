internal import ArgumentParser
internal import EventModel
internal import Foundation
internal import RESP
internal import ReferenceEvents

/// A contact centre's day, at a fixed rate: events come in, screens pop, agents look, wallboards
/// ask, others follow.
struct MixedProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mixed",
        abstract: "Appends, screen pops, cards, timelines, wallboards and followers side by side.")

    @OptionGroup var options: BenchOptions
    @Option(
        parsing: .upToNextOption,
        help: "Appends per second; several, ascending, to find the most that it holds.")
    var rate = [5_000]

    /// What a rate must hold in all of its rounds: APPEND's p99, and how far views are behind.
    private static let (p99MicrosecondsMax, lagSecondsMax) = (100_000.0, 1.0)

    func validate() throws {
        guard !rate.isEmpty, rate.allSatisfy({ (100...1_000_000).contains($0) }),
            rate == rate.sorted()
        else { throw ValidationError("rates are 100 to 1,000,000, ascending") }
    }

    func run() throws {
        try options.measure("mixed") { bench in
            var held: Int?
            for rate in rate {
                guard try Self.measure(bench, rate: rate) else { break }
                held = rate
            }
            let most = held.map { "held \($0)" } ?? "held none of these"
            bench.say(
                "\(most) appends a second: APPEND p99 at most "
                    + "\(Comparison.decimal(Self.p99MicrosecondsMax / 1_000, 0)) ms, views at most "
                    + "\(Comparison.decimal(Self.lagSecondsMax, 0)) s behind")
            if let held {
                bench.report.figures.append(
                    .init(name: "mixed day, highest rate held", value: Double(held), unit: "per s"))
            }
        }
    }

    /// - Returns: Whether it holds the rate.
    static func measure(_ bench: Bench, rate: Int) throws -> Bool {
        let day = MixedDay(bench, rate: rate)
        try bench.ours.begin()
        defer { bench.endAll() }
        var progress = try day.fill(bench)
        let followers = try Followers(bench.ours.socketPath, count: MixedDay.followers)
        defer { followers.end() }
        bench.say(
            "mixed day: open loop, \(rate) appends a second; µs from the moment a request is due")
        bench.say(MixedDay.heading)
        var holds = true
        for number in 1...bench.options.rounds {
            let cpu = try bench.ours.cpuSeconds()
            var loop = try MixedLoop(
                socketPath: bench.ours.socketPath, kinds: day.kinds, progress: progress)
            try loop.run(seconds: bench.options.seconds)
            progress = loop.progress
            let used = try bench.ours.cpuSeconds() - cpu
            let begin = Clock.now()
            try bench.ours.settle()
            let lag = Double(Clock.now() - begin) / 1e9
            let all = loop.measured(seconds: bench.options.seconds)
            for measured in all {
                bench.say(MixedDay.line(number, measured))
                bench.report.figures += MixedDay.figures(measured, rate: rate)
            }
            if all[0].round.p99 > p99MicrosecondsMax || lag > lagSecondsMax { holds = false }
            bench.say(
                "  round \(number): \(Comparison.decimal(used / bench.options.seconds, 2)) processors,"
                    + " views \(Comparison.decimal(lag, 2)) s behind,"
                    + " \(Comparison.thousands(Double(followers.seen))) events followed so far")
        }
        return holds
    }
}

/// What is asked in a mixed day, and how often.
struct MixedDay {
    static let followers = 4
    private static let filled: UInt64 = 20_000
    private static let queues = ["billing", "orders", "returns", "delivery"]

    let kinds: [MixedLoop.Kind]

    init(_ bench: Bench, rate: Int) {
        let ring = bench.ours.appendRing(bench.workload)
        let keys = Self.keys(bench)
        let rate = Double(rate)
        func kind(
            _ name: String, _ perSecond: Double, _ connections: Int = 1,
            _ words: @escaping (UInt64) -> [String]
        ) -> MixedLoop.Kind {
            MixedLoop.Kind(name: name, perSecond: perSecond, connections: connections) {
                $1 += RESPRequest.bytes(words($0).map { Array($0.utf8) })
            }
        }
        func key(_ number: UInt64) -> String { keys[Int(number % UInt64(keys.count))] }
        func queue(_ number: UInt64) -> String { Self.queues[Int(number % 4)] }
        kinds = [
            MixedLoop.Kind(
                name: "APPEND", perSecond: rate, connections: 16, keepsPositions: true
            ) {
                ring.write($0, to: &$1)
            },
            kind("CUSTOMER … POP", rate / 20, 4) { ["CUSTOMER", key($0), "POP"] },
            kind("CUSTOMER", rate / 40, 4) { ["CUSTOMER", key($0 &* 7)] },
            kind("TIMELINE", rate / 400) { ["TIMELINE", "identifier-" + key($0), "COUNT", "20"] },
            kind("QUEUE", rate / 100) { ["QUEUE", queue($0)] },
            kind("WAITING", rate / 200) { ["WAITING", queue($0), "COUNT", "20"] },
            kind("QUEUES", rate / 1_000) { _ in ["QUEUES"] },
        ]
    }

    /// Appends some events, so that there is somebody to ask for; returns where each kind begins.
    func fill(_ bench: Bench) throws -> [MixedLoop.Progress] {
        var loop = try ClosedLoop(
            socketPath: bench.ours.socketPath, wire: bench.ours.wire, greeting: [],
            connections: 16, depth: 64, ring: bench.ours.appendRing(bench.workload), from: 0)
        try loop.run(requests: Self.filled)
        try bench.ours.settle()
        var progress = kinds.map { _ in MixedLoop.Progress() }
        progress[0].next = loop.nextOrdinal
        progress[0].answered = loop.nextOrdinal
        return progress
    }

    /// The customers of the events that were appended first.
    private static func keys(_ bench: Bench) -> [String] {
        var events = bench.options.workload.events(count: Int(filled))
        var keys: [String] = []
        while let event = events.next() { keys.append(event.customerKey) }
        return keys
    }

    /// Some customers whom no request asks for.
    static func strangers(_ bench: Bench) -> [String] {
        let asked = Set(keys(bench))
        var events = bench.options.workload.events(count: bench.workload.events)
        var found: Set<String> = []
        while found.count < 200, let event = events.next() {
            if !asked.contains(event.customerKey) { found.insert(event.customerKey) }
        }
        return found.sorted()
    }

    static let heading =
        Comparison.pad("round", 7) + Comparison.pad("request", 18)
        + ["per s", "p50", "p99", "p99.9", "max"].map { Comparison.lead($0, 11) }.joined()

    static func line(_ number: Int, _ measured: MixedLoop.Measured) -> String {
        let round = measured.round
        return Comparison.pad("\(number)", 7) + Comparison.pad(measured.name, 18)
            + [round.rate, round.p50, round.p99, round.p999, round.max].map {
                Comparison.lead(Comparison.thousands($0), 11)
            }
            .joined()
    }

    static func figures(_ measured: MixedLoop.Measured, rate: Int) -> [Report.Figure] {
        [
            .init(name: "\(measured.name) at \(rate)/s p50", value: measured.round.p50, unit: "µs"),
            .init(name: "\(measured.name) at \(rate)/s p99", value: measured.round.p99, unit: "µs"),
        ]
    }
}
