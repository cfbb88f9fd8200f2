internal import ArgumentParser
internal import EventModel
internal import Foundation
internal import ReferenceEvents

/// What one store costs as it grows: appended to in steps, measured at the end of each.
struct ScaleProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale",
        abstract: "Append rate, latencies, memory, time to open, bytes per event as a store grows.",
        discussion: """
            The store stays in --store, with what was measured in scale.json beside it: run again, \
            the steps that are done are shown and the next are taken; one that was interrupted goes on \
            from where the store ends.
            """)

    /// The load while it grows, and the load whose latency is told.
    private static let bulk = AppendProfile.Cell(connections: 50, depth: 64)
    private static let quiet = AppendProfile.Cell(connections: 16, depth: 1)
    private static let cardsMax = 5_000

    @OptionGroup var options: BenchOptions
    @Option(help: "The folder of the store; made when it is not there, and kept.")
    var store: String
    @Argument(help: "Millions of events at which to measure; default: 1 2 5 10.")
    var millions: [Int] = [1, 2, 5, 10]

    func validate() throws {
        guard millions.allSatisfy({ (1...1_000).contains($0) }), millions.sorted() == millions
        else { throw ValidationError("millions are 1 to 1,000, ascending") }
    }

    func run() throws {
        try options.measure("scale", ringEvents: BenchOptions.ringEventsOfGrowth) { bench in
            let state = store + "/scale.json"
            var steps = try ScaleStep.read(state)
            let ours = ThroughlineTarget(
                program: bench.ours.program, scratch: store, durability: options.durability)
            let ring = ours.appendRing(bench.workload)
            defer { ours.end() }
            bench.say(ScaleStep.heading)
            for million in millions {
                if let done = steps.first(where: { $0.millions == million }) {
                    bench.say(done.line)
                    continue
                }
                try FileManager.default.fileExists(atPath: ours.store) ? ours.open() : ours.begin()
                let step = try grow(ours, ring, to: million, after: steps.last, bench)
                ours.end()
                steps.append(step)
                try ScaleStep.write(steps, to: state)
                bench.say(step.line)
            }
        }
    }

    /// What appending a step told.
    private struct Appended {
        var perSecond: Double?
        var lagSeconds: Double?
        var cpuMicroseconds: Double?
    }

    private func append(
        _ ours: ThroughlineTarget, _ ring: RequestRing, _ growth: ScaleStep.Growth,
        _ ordinal: inout UInt64
    ) throws -> Appended {
        let begin = Clock.now()
        let cpuBefore = try ours.cpuSeconds()
        if growth.count > 0 {
            var loop = try ClosedLoop(
                socketPath: ours.socketPath, wire: ours.wire, greeting: [],
                connections: Self.bulk.connections, depth: Self.bulk.depth, ring: ring,
                from: ordinal)
            try loop.run(requests: growth.count)
            ordinal = loop.nextOrdinal
        }
        let appended = Clock.now()
        try ours.settle()
        let settled = Clock.now()
        let events = Double(ordinal - growth.ordinal)
        guard growth.isWhole, events > 0 else { return Appended() }
        return Appended(
            perSecond: events / (Double(appended - begin) / 1e9),
            lagSeconds: Double(settled - appended) / 1e9,
            cpuMicroseconds: (try ours.cpuSeconds() - cpuBefore) * 1e6 / events)
    }

    private func grow(
        _ ours: ThroughlineTarget, _ ring: RequestRing, to million: Int, after done: ScaleStep?,
        _ bench: Bench
    ) throws -> ScaleStep {
        let head = UInt64(try ours.info("head"))
        let growth = ScaleStep.growth(to: million, from: head, after: done)
        var ordinal = growth.ordinal
        // What was under way at an interruption is stored or not: with ids of another seed no event
        // comes twice.
        let ring = ring.reseeded(head)
        let grown = try self.append(ours, ring, growth, &ordinal)
        let append = try ours.appendRound(
            ring, connections: Self.quiet.connections, depth: Self.quiet.depth,
            seconds: options.seconds, from: &ordinal)
        try ours.settle()
        let keys = customerKeys(bench)
        let card = try ask(ours, keys) { RESPRequest.bytes("CUSTOMER", $0) }
        let timeline = try ask(ours, keys) {
            RESPRequest.bytes("TIMELINE", "identifier-\($0)", "COUNT", "50")
        }
        let memory = try ours.ownMemoryBytes()
        let bytes = try (
            log: ours.info("segment_bytes"), log_folder: Programs.diskBytes(ours.store + "/log"),
            views: Programs.diskBytes(ours.store + "/views")
        )
        let stored = Double(try ours.info("head"))
        let rebuild = stored / (try ours.rebuildSeconds("customers"))
        ours.kill()
        let killed = Clock.now()
        try ours.open()
        return ScaleStep(
            millions: million, nextOrdinal: ordinal,
            appendsPerSecond: grown.perSecond, lagSeconds: grown.lagSeconds,
            cpuMicroseconds: grown.cpuMicroseconds,
            appendP99: append.p99, cardP99: card.p99, timelineP99: timeline.p99,
            memoryMiB: Double(memory) / 1_048_576,
            openSeconds: Double(Clock.now() - killed) / 1e9,
            logBytes: Double(bytes.log) / stored,
            indexBytes: Double(bytes.log_folder - bytes.log) / stored,
            viewBytes: Double(bytes.views) / stored, rebuildPerSecond: rebuild)
    }

    private func ask(
        _ ours: ThroughlineTarget, _ keys: [String], _ request: (String) -> [UInt8]
    ) throws -> Round {
        var ring = RequestRing(seed: 0)
        for key in keys { ring.append(request(key)) }
        var loop = try ClosedLoop(
            socketPath: ours.socketPath, wire: .resp(expects: UInt8(ascii: "$")), greeting: [],
            connections: 16, depth: 1, ring: ring, from: 0)
        return try loop.run(
            warmUp: options.seconds / 10, seconds: options.seconds, serverCPU: ours.cpuSeconds)
    }

    /// Customers of whom something is stored, evenly over all that come.
    private func customerKeys(_ bench: Bench) -> [String] {
        var events = options.workload.events(count: bench.workload.events)
        var seen: Set<String> = []
        var keys: [String] = []
        while let event = events.next() {
            if seen.insert(event.customerKey).inserted { keys.append(event.customerKey) }
        }
        let step = max(1, keys.count / Self.cardsMax)
        return stride(from: 0, to: keys.count, by: step).map { keys[$0] }
    }
}
