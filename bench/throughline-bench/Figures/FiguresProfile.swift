internal import ArgumentParser
internal import EventLog
internal import EventModel
internal import Foundation
internal import Projecting
internal import Views

/// What figures take, without the socket: folding them, their file, and the documents that are read off it.
struct FiguresProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "figures",
        abstract: "Metrics: folding them, METRICS of a month by hour, SCORECARD against last year.")

    @Option(help: "Queues.") var queues = 50
    @Option(help: "Agents.") var agents = 500
    @Option(help: "Calls of each queue on each of 62 days.") var calls = 50
    @Option(help: "Times each document is written.") var laps = 200
    @Option(help: "The seed of the calls.") var seed: UInt64 = 1
    @Flag(help: "Tell which rows take how much of the file.") var rows = false
    @Option(help: "Bytes of address space that a file maps at most: 1073741824 under valgrind.")
    var map: Int?
    @Option(help: "Where stores are made and removed.") var scratch = "/tmp"

    func validate() throws {
        guard queues > 0, agents > 0, calls > 0, laps > 0 else {
            throw ValidationError("queues, agents, calls and laps are above 0")
        }
    }

    func run() throws {
        #if DEBUG
            print("WARNING: a debug build; nothing measured with it means anything")
        #endif
        if let map { EventLog.limitMaps(toBytes: map) }
        let folder = scratch + "/tlb-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try ReferenceStore(path: folder + "/store")
        let work = FiguresWorkload(queues: queues, agents: agents, calls: calls, seed: seed)
        for month in FiguresWorkload.months.indices {
            for day in 0..<FiguresWorkload.days {
                try store.append(work.events(month: month, day: day))
            }
        }
        let events = store.log.head.position.rawValue
        print(
            "figures: \(events) events of \(queues) queues and \(agents) agents, load before",
            Conditions(scratch: folder).load)
        let views = try ViewSet(stillOn: store.log, folder: folder)
        try views.identity.catchUp()
        let fold = try FoldFigure(views.metrics, events: events)
        let rate = Double(events) / Double(fold.processorNanoseconds) * 1e9
        print(
            "  fold \(Comparison.decimal(fold.nanosecondsPerEvent, 0)) ns an event,",
            "\(Comparison.thousands(rate)) events/s of one processor; view",
            "\(fold.viewBytes / 1_048_576) MiB,",
            "\(Comparison.decimal(Double(fold.viewBytes) / Double(events), 1)) bytes an event")
        if rows {
            try RowFigures(views.metrics.snapshot(), of: "metrics")
                .tell(events: events, fileBytes: fold.viewBytes)
        }
        try tellDocuments(views)
    }

    /// Ten that the cells know, of two anchors.
    private static let ten = [
        "offered", "answered", "abandon_rate", "long_abandon_rate", "sl_answered", "asa", "handled",
        "aht", "talk", "hold_rate",
    ]

    private func tellDocuments(_ views: ViewSet) throws {
        let from = Timestamp(milliseconds: FiguresWorkload.months[1])
        let to = from.advanced(byMilliseconds: Int64(FiguresWorkload.days) * FiguresWorkload.day)
        for (name, step) in [("hour", MetricsStep.hour), ("day", .day)] {
            try tell("METRICS, a queue, a month by \(name), ten metrics") { json in
                let query = try MetricsQuery(
                    from: from, to: to, queues: ["queue-1"], step: step, only: Self.ten)
                try MetricsDocument.write(
                    query, zone: UTCOffsets(), from: views.metrics.snapshot(), to: &json)
            }
        }
        try tell("METRICS, a queue, a month by hour, all figures") { json in
            let query = try MetricsQuery(from: from, to: to, queues: ["queue-1"], step: .hour)
            try MetricsDocument.write(
                query, zone: UTCOffsets(), from: views.metrics.snapshot(), to: &json)
        }
        try tell("SCORECARD, \(queues) queues, a month against the year before") { json in
            try ScorecardDocument.write(
                .times(from, to), MetricsConditions(), per: .queue, against: .yearBefore,
                zone: UTCOffsets(), from: views.metrics.snapshot(), to: &json)
        }
    }

    private func tell(_ name: String, _ write: (inout JSONWriter) throws -> Void) throws {
        var nanoseconds: [UInt64] = []
        var bytes = 0
        for _ in 0..<laps {
            var json = JSONWriter()
            let begin = Clock.threadCPU()
            try write(&json)
            nanoseconds.append(Clock.threadCPU() - begin)
            bytes = json.span.byteCount
        }
        nanoseconds.sort()
        func milliseconds(_ part: Double) -> String {
            let index = min(nanoseconds.count - 1, Int(Double(nanoseconds.count) * part))
            return Comparison.decimal(Double(nanoseconds[index]) / 1_000_000, 2)
        }
        print(
            Comparison.pad("  " + name, 56), "p50 \(milliseconds(0.5)) ms, p95",
            "\(milliseconds(0.95)) ms, \(bytes) bytes")
        flushOutput()
    }
}
