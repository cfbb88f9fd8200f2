internal import ArgumentParser
internal import Client
internal import EventModel
internal import Foundation
internal import ReferenceEvents

/// The newest 50 events of a customer, scattered over all of them: TIMELINE of the identifier's
/// stream beside PostgreSQL's rows by an index on stream and version.
struct TimelineProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline",
        abstract: "TIMELINE and VERSION of customers' streams beside PostgreSQL's last 50 rows.")

    typealias Cell = AppendProfile.Cell

    static let standard = [(1, 1), (16, 1)].map { Cell(connections: $0.0, depth: $0.1) }
    private static let eventsPerPage = 50
    private static let streamsMax = 5_000

    private static let newestRows = """
        SELECT body FROM events WHERE stream = $1::text ORDER BY version DESC LIMIT \(eventsPerPage)
        """

    @OptionGroup var options: BenchOptions
    @Option(help: "Reference events, none of them twice.") var events = 1_000_000
    @Argument(help: "Cells like 16x1; default: 1x1 16x1.") var cells: [Cell] = []

    func run() throws {
        try options.measure("timeline") { bench in
            try Self.measure(bench, cells.isEmpty ? Self.standard : cells, events: events)
        }
    }

    static func measure(_ bench: Bench, _ cells: [Cell], events: Int) throws {
        var workload = bench.workload
        workload.events = events
        try bench.ours.begin()
        try fill(bench.ours, workload)
        let streams = try findStreams(bench, workload)
        let postgres = bench.postgres
        try postgres.map { try load($0, workload) }
        bench.say(
            "timeline, from memory: the newest \(eventsPerPage) of \(events) events, "
                + "\(streams.count) streams")
        bench.say(Comparison.heading)
        let ours = ring(streams) {
            RESPRequest.bytes("TIMELINE", "identifier-\($0)", "COUNT", "\(eventsPerPage)")
        }
        let theirs = ring(streams) { PostgresRequest.execute([Array($0.utf8)]) }
        let versions = ring(streams) { RESPRequest.bytes("VERSION", "identifier-\($0)") }
        for cell in cells {
            var readings = [Reading(bench.ours, ours, expects: "$")]
            // Pipelining changes only who waits at PostgreSQL.
            if cell.depth == 1, let postgres {
                readings.append(Reading(postgres, theirs, statement: newestRows))
            }
            try Reading.compare(bench, "TIMELINE", cell, readings)
            let version = Reading(bench.ours, versions, expects: ":")
            try Reading.compare(bench, "VERSION", cell, [version])
        }
        bench.endAll()
    }

    private static func ring(
        _ streams: [String], _ request: (String) -> [UInt8]
    ) -> RequestRing {
        var ring = RequestRing(seed: 0)
        for stream in streams { ring.append(request(stream)) }
        return ring
    }

    private static func fill(_ target: ThroughlineTarget, _ workload: Workload) throws {
        let ring = target.appendRing(workload)
        var loop = try ClosedLoop(
            socketPath: target.socketPath, wire: target.wire, greeting: [], connections: 16,
            depth: 64, ring: ring, from: 0)
        try loop.run(requests: UInt64(ring.count))
        try target.settle()
    }

    /// Returns customers with a full page of events at least, in the order in which they came.
    private static func findStreams(_ bench: Bench, _ workload: Workload) throws -> [String] {
        var events = bench.options.workload.events(count: workload.events)
        var counts: [String: Int] = [:]
        var names: [String] = []
        while let event = events.next() {
            counts[event.customerKey, default: 0] += 1
            if counts[event.customerKey] == eventsPerPage { names.append(event.customerKey) }
        }
        guard !names.isEmpty else {
            throw BenchFailure("no customer has \(eventsPerPage) events; give more --events")
        }
        // Evenly over all: the first to have a page are the busiest.
        let step = max(1, names.count / streamsMax)
        return stride(from: 0, to: names.count, by: step).map { names[$0] }
    }

    /// Copies the same events into a table whose stream is the customer, in order.
    private static func load(_ target: PostgresTarget, _ workload: Workload) throws {
        try target.begin()
        let path = target.socketPath + ".rows"
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw BenchFailure("cannot write \(path)") }
        defer { try? FileManager.default.removeItem(atPath: path) }
        var events = ReferenceEvents(
            seed: workload.seed, count: workload.events, text: workload.text)
        var versions: [String: Int] = [:]
        var rows: [UInt8] = []
        while let event = events.next() {
            let stream = event.customerKey
            versions[stream, default: 0] += 1
            rows += "\(stream)\t\(versions[stream, default: 0])\t\(event.id)\t".utf8
            rows += PostgresTarget.field(event.json)
            rows.append(0x0A)
            if rows.count > 1 << 20 {
                try file.write(contentsOf: rows)
                rows.removeAll(keepingCapacity: true)
            }
        }
        try file.write(contentsOf: rows)
        try file.close()
        try target.load(rows: path)
    }
}
