internal import ArgumentParser
internal import ContactCentre
internal import EventModel
internal import Foundation
internal import Projecting
internal import Views

/// What the live state of queues and agents takes, without the socket: documents, folding beside many
/// open interactions, memory.
struct LiveProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live",
        abstract: "Queues and agents: their documents, and folding beside open interactions.")

    @Option(help: "Agents.") var agents = 5_000
    @Option(help: "Queues.") var queues = 500
    @Option(help: "Open interactions.") var open = 100_000
    @Option(help: "Of these, those that wait in the first queue.") var waiting = 1_000
    @Option(help: "Calls that come and go in each of five turns, six events each.")
    var calls = 10_000
    @Option(help: "Times each document is written.") var laps = 2_000
    @Option(help: "Where stores are made and removed.") var scratch = "/tmp"

    func validate() throws {
        guard agents > 0, queues > 1, calls > 0, laps > 0, (0...open).contains(waiting) else {
            throw ValidationError(
                "agents, calls and laps are above 0, queues above 1, waiting at most open")
        }
    }

    func run() throws {
        #if DEBUG
            print("WARNING: a debug build; nothing measured with it means anything")
        #endif
        let folder = scratch + "/tlb-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        print(
            "live: \(agents) agents, \(queues) queues, \(open) open, \(waiting) of them waiting in one, "
                + "load before \(Conditions(scratch: folder).load)")
        let beside = try Centre(
            folder + "/beside",
            LiveWorkload(queues: queues, agents: agents, open: open, waiting: waiting))
        try tellMemory()
        try beside.views.metrics.catchUp()
        try tellDocuments(beside.views)
        let alone = try Centre(
            folder + "/alone", LiveWorkload(queues: queues, agents: agents, open: 0, waiting: 0))
        // In turn, so that whatever else the machine does meets both.
        var laps: [(alone: Double, beside: Double)] = []
        for lap in 0..<Self.foldLaps {
            let range = lap * calls..<(lap + 1) * calls
            laps.append((try alone.fold(range), try beside.fold(range)))
        }
        let ratios = laps.map { $0.beside / $0.alone }.sorted()
        let middle = laps.count / 2
        print(
            "  queues fold, ns an event: \(Int(laps.map(\.alone).sorted()[middle])) with nothing open, "
                + "\(Int(laps.map(\.beside).sorted()[middle])) beside \(open), ratio "
                + "\(Comparison.decimal(ratios[middle], 2)) "
                + "(\(Comparison.decimal(ratios[0], 2)) to "
                + "\(Comparison.decimal(ratios[laps.count - 1], 2)))")
    }

    private static let foldLaps = 5

    /// A store with its views, where agents are there and interactions open.
    private struct Centre {
        let work: LiveWorkload
        let store: ReferenceStore
        let views: ViewSet

        init(_ path: String, _ work: LiveWorkload) throws {
            self.work = work
            store = try ReferenceStore(path: path)
            try store.append(work.agentEvents())
            try store.append(work.openEvents())
            views = try ViewSet(stillOn: store.log, folder: path)
            try views.identity.catchUp()
            try views.queues.catchUp()
        }

        /// Stores calls and folds them into the queues view; returns what an event of these took.
        func fold(_ range: Range<Int>) throws -> Double {
            try store.append(work.calls(range))
            try views.identity.catchUp()
            let begin = Clock.threadCPU()
            try views.queues.catchUp()
            return Double(Clock.threadCPU() - begin) / Double(6 * range.count)
        }
    }

    private func tellMemory() throws {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        for name in ["VmRSS", "RssAnon"] {
            let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
            let kibibytes = Int(line?.filter(\.isNumber) ?? "") ?? 0
            print("  \(name) \(kibibytes / 1_024) MiB, identity and queues folded")
        }
    }

    private func tellDocuments(_ views: ViewSet) throws {
        let now = Timestamp(milliseconds: LiveWorkload.start + 4_500_000)
        try tell("QUEUE") { json in
            let metrics = try views.metrics.snapshot()
            return try QueuesView.writeQueue(
                "queue-0", now: now, from: views.queues.snapshot(), to: &json
            ) { json throws(ViewFault) in
                try QueuesView.writeLive("queue-0", now: now, from: metrics, to: &json)
            }
        }
        try tell("WAITING COUNT 20") { json in
            let queues = try views.queues.snapshot()
            let people = try views.identity.snapshot()
            let position = queues.position
            return try WaitingDocument.write(
                "queue-0", count: 20, now: now,
                persons: { customer throws(ViewFault) in
                    try IdentityView.customers(ofPersonOf: customer, asOf: position, people)
                }, from: queues, to: &json)
        }
        try tell("AGENTS FREE COUNT 20") { json in
            let query = FreeAgentsQuery(
                queue: "queue-0", channel: .voice, skills: [], language: nil, count: 20)
            return try FreeAgentsDocument.write(
                query, now: now, from: views.queues.snapshot(), to: &json)
        }
        try tell("AGENTS FREE SKILL cards>=5 COUNT 20") { json in
            let query = FreeAgentsQuery(
                queue: "queue-0", channel: .voice, skills: [("cards", 5)], language: nil,
                count: 20)
            return try FreeAgentsDocument.write(
                query, now: now, from: views.queues.snapshot(), to: &json)
        }
    }

    private func tell(_ name: String, _ write: (inout JSONWriter) throws -> Bool) throws {
        var nanoseconds: [UInt64] = []
        var bytes = 0
        for _ in 0..<laps {
            var json = JSONWriter()
            let begin = Clock.threadCPU()
            guard try write(&json) else { throw BenchFailure("\(name) finds nothing") }
            nanoseconds.append(Clock.threadCPU() - begin)
            bytes = json.span.byteCount
        }
        nanoseconds.sort()
        func microseconds(_ part: Double) -> String {
            let index = min(nanoseconds.count - 1, Int(Double(nanoseconds.count) * part))
            return Comparison.decimal(Double(nanoseconds[index]) / 1_000, 1)
        }
        print(
            Comparison.pad("  " + name, 40), "p50 \(microseconds(0.5)) µs, p99",
            "\(microseconds(0.99)) µs, \(bytes) bytes")
        flushOutput()
    }
}
