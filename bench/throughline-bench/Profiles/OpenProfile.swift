internal import ArgumentParser
internal import Client
internal import Foundation
internal import Glibc
internal import RESP
internal import ReferenceEvents
internal import Threads

/// How long a store takes to serve again when its daemon was killed amid appends.
struct OpenProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract:
            "From starting the daemon on a store that was killed amid appends to its answers.",
        discussion: """
            With --store it is that store, as `scale` leaves it, which is appended to; with --segments \
            stores of so many small segments. Each start follows a kill with 50 x 64 appends under \
            way. Told are the time until it says that it listens, setpriv(1) before it included, and \
            until a customer's card reflects the head.
            """)

    private static let load = AppendProfile.Cell(connections: 50, depth: 64)
    private static let eventsOfSmallSegment: UInt64 = 100
    private static let cachesPath = "/proc/sys/vm/drop_caches"

    @OptionGroup var options: BenchOptions
    @Option(help: "The folder of a store that `scale` has made.") var store: String?
    @Option(parsing: .upToNextOption, help: "Stores of so many segments of 100 events.")
    var segments: [Int] = []
    @Option(help: "Kills and starts of each.") var starts = 5
    @Flag(
        help:
            "Also with the system's caches dropped before the start, for which one has to be root.")
    var cold = false

    func validate() throws {
        guard store != nil || !segments.isEmpty else {
            throw ValidationError("say --store or --segments")
        }
        guard starts >= 1, segments.allSatisfy({ (1...100_000).contains($0) }) else {
            throw ValidationError("--starts is at least 1, --segments 1 to 100,000")
        }
    }

    func run() throws {
        try options.measure("open") { bench in
            let ring = bench.ours.appendRing(bench.workload)
            bench.say("open: after a kill amid \(Self.load.name) appends; seconds, median (most)")
            bench.say(
                Comparison.pad("store", 26)
                    + ["listens", "card at head"].map { Comparison.lead($0, 18) }.joined())
            if let store {
                let ours = ThroughlineTarget(
                    program: bench.ours.program, scratch: store, durability: options.durability)
                defer { ours.end() }
                try measure(bench, ours, ring, "\(store)")
            }
            for count in segments {
                let ours = bench.ours
                ours.arguments = ["--segment-events", "\(Self.eventsOfSmallSegment)"]
                try ours.begin()
                try fill(ours, ring, segments: count)
                try measure(bench, ours, ring, "\(count) segments")
                ours.end()
            }
        }
    }

    private func fill(_ ours: ThroughlineTarget, _ ring: RequestRing, segments: Int) throws {
        // Small rounds: a stride takes all there is, and a segment ends behind it.
        var loop = try ClosedLoop(
            socketPath: ours.socketPath, wire: ours.wire, greeting: [], connections: 1, depth: 16,
            ring: ring, from: 0)
        while try ours.info("segments") < segments {
            try Interruption.check()
            try loop.run(requests: Self.eventsOfSmallSegment * 10)
        }
    }

    private func measure(
        _ bench: Bench, _ ours: ThroughlineTarget, _ ring: RequestRing, _ name: String
    ) throws {
        for drops in cold ? [false, true] : [false] {
            var (listens, cards): ([Double], [Double]) = ([], [])
            for _ in 0..<starts {
                try Interruption.check()
                try ours.open()
                try killAmidAppends(ours, ring)
                if drops { try Self.dropCaches() }
                let begin = Clock.now()
                try ours.open()
                listens.append(Double(Clock.now() - begin) / 1e9)
                try ours.settle()
                cards.append(Double(Clock.now() - begin) / 1e9)
            }
            let label = name + (drops ? ", cold" : "")
            bench.say(
                Comparison.pad(label, 26)
                    + [listens, cards].map { Comparison.lead(Self.text($0), 18) }.joined())
            for (what, times) in [("listens", listens), ("card at head", cards)] {
                bench.report.figures.append(
                    .init(name: "\(label): \(what)", value: Statistics.median(times), unit: "s"))
            }
        }
    }

    private static func text(_ times: [Double]) -> String {
        "\(Comparison.decimal(Statistics.median(times), 3)) "
            + "(\(Comparison.decimal(times.max() ?? 0, 3)))"
    }

    /// Appends for as long as a round, and kills the daemon in the middle of it.
    private func killAmidAppends(_ ours: ThroughlineTarget, _ ring: RequestRing) throws {
        // What an earlier round has sent is under ids of another seed.
        let ring = ring.reseeded(Clock.now())
        let path = ours.socketPath
        let appending = PlainThread(name: "appends", nice: 0) {
            // The kill ends it, by an error.
            _ = try? Self.append(path, ring)
        }
        let end = Clock.now() + UInt64(options.seconds * 1e9)
        let before = try ours.info("head")
        while Clock.now() < end {
            try Interruption.check()
            usleep(10_000)
        }
        guard try ours.info("head") > before else { throw BenchFailure("nothing was appended") }
        ours.kill()
        appending.join()
    }

    private static func append(_ path: String, _ ring: RequestRing) throws {
        var loop = try ClosedLoop(
            socketPath: path, wire: .resp(expects: UInt8(ascii: ":")), greeting: [],
            connections: load.connections, depth: load.depth, ring: ring, from: 0)
        try loop.run(requests: .max / 2)
    }

    private static func dropCaches() throws {
        sync()
        guard let file = FileHandle(forWritingAtPath: cachesPath) else {
            throw BenchFailure("cannot write \(cachesPath): --cold is for root")
        }
        try file.write(contentsOf: Data("3\n".utf8))
    }
}
