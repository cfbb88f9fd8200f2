internal import ArgumentParser
internal import Foundation
internal import ReferenceEvents

/// What an event takes on the disk.
struct SizeProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "size", abstract: "Bytes per event on disk beside the peers' files.")

    /// PostgreSQL takes its events one by one; its bytes per event are the same from far fewer.
    private static let postgresEventsMax = 200_000

    @OptionGroup var options: BenchOptions
    @Option(help: "Reference events, none of them twice.") var events = 1_000_000

    func run() throws {
        try options.measure("size") { try Self.measure($0, events: events) }
    }

    static func measure(_ bench: Bench, events: Int) throws {
        bench.say("size: \(events) reference events, \(bench.workload.text.rawValue)")
        var oursEach = 0.0
        var workload = bench.workload
        workload.events = events
        try bench.ours.begin()
        let stored = try load(bench.ours, workload, bench)
        oursEach = try reportOurs(bench, stored)
        bench.endAll()
        for target in bench.targets.dropFirst().compactMap({ $0 as? any LoadTarget })
        where target is PostgresTarget || target.name == "redis XADD" {
            workload.events = target is PostgresTarget ? min(events, postgresEventsMax) : events
            try target.begin()
            let stored = try load(target, workload, bench)
            if let postgres = target as? PostgresTarget {
                let sizes = try postgres.sizes()
                tell(bench, "postgres table", sizes.table, stored, oursEach)
                tell(
                    bench, "postgres with 3 indexes", sizes.table + sizes.indexes, stored, oursEach)
            } else if let redis = bench.redis {
                tell(bench, "redis append-only file", try redis.logBytes(), stored, oursEach)
            }
            bench.endAll()
        }
    }

    private static func load(
        _ target: any LoadTarget, _ workload: Workload, _ bench: Bench
    ) throws -> UInt64 {
        let ring = target.appendRing(workload)
        bench.say("  \(target.name): requests of \(Comparison.decimal(ring.meanBytes, 0)) bytes")
        var loop = try ClosedLoop(
            socketPath: target.socketPath, wire: target.wire, greeting: target.greeting,
            connections: 16, depth: 64, ring: ring, from: 0)
        let begin = Clock.now()
        try loop.run(requests: UInt64(ring.count))
        let answered = Double(Clock.now() - begin) / 1e9
        let isOurs = target is ThroughlineTarget
        if isOurs { try target.settle() }
        let settled = Double(Clock.now() - begin) / 1e9
        let rate = Comparison.thousands(Double(loop.nextOrdinal) / answered)
        let lag = Comparison.decimal(settled - answered, 1)
        bench.say("  \(rate) per s" + (isOurs ? "; views \(lag) s behind at the end" : ""))
        return loop.nextOrdinal
    }

    private static func reportOurs(_ bench: Bench, _ stored: UInt64) throws -> Double {
        let growing = try bench.ours.info("segment_bytes")
        tell(bench, "log before sealing", growing, stored, 0)
        let begin = Clock.now()
        try bench.ours.seal()
        bench.say("  sealed in \(Comparison.decimal(Double(Clock.now() - begin) / 1e9, 1)) s")
        let logBytes = try bench.ours.info("segment_bytes")
        tell(bench, "log (INFO segment_bytes)", logBytes, stored, 0)
        for name in try FileManager.default.contentsOfDirectory(atPath: bench.ours.store).sorted() {
            let bytes = try Programs.diskBytes(bench.ours.store + "/" + name)
            tell(bench, "store/\(name) on disk", bytes, stored, 0)
        }
        return Double(logBytes) / Double(stored)
    }

    private static func tell(
        _ bench: Bench, _ name: String, _ bytes: Int, _ stored: UInt64, _ oursEach: Double
    ) {
        let each = Double(bytes) / Double(stored)
        bench.report.figures.append(
            Report.Figure(name: name, value: each, unit: "bytes per event"))
        var line =
            "  " + Comparison.pad(name, 34) + Comparison.lead(Comparison.decimal(each, 1), 8)
            + " B per event"
        if oursEach > 0 { line += "   \(Comparison.decimal(each / oursEach, 2)) × our log" }
        bench.say(line)
    }
}
