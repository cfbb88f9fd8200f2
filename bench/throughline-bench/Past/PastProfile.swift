internal import ArgumentParser
internal import EventModel
internal import Foundation
internal import Projecting
internal import ReferenceEvents
internal import Views

/// What questions about past moments take, without the socket.
struct PastProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "past",
        abstract: "CUSTOMER, QUEUE, METRICS and SCORECARD as of random moments of a log.")

    @OptionGroup var options: WorkloadOptions
    @Option(help: "Reference events of the store that is made.") var events = 200_000
    @Option(help: "Events of the customers who are asked for, more or less.") var touchpoints = 200
    @Option(help: "Questions of each kind.") var laps = 100
    @Option(help: "Where the store is made and removed.") var scratch = "/tmp"

    func validate() throws {
        guard events >= 10_000, touchpoints > 0, laps > 0 else {
            throw ValidationError("--events is at least 10,000, the others above 0")
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
        let store = try ReferenceStore(path: folder + "/store")
        var made = options.events(count: events)
        try store.append(&made)
        let views = try ViewSet(stillOn: store.log, folder: folder)
        try views.identity.catchUp()
        try views.queues.catchUp()
        try views.metrics.catchUp()
        try views.customers.catchUp()
        print(
            "past: \(events) reference events, \(laps) questions of each kind, load before",
            Conditions(scratch: folder).load)
        try ask(views, head: UInt64(events))
    }

    private func ask(_ views: ViewSet, head: UInt64) throws {
        let past = try views.past()
        var random = SeededNumbers(seed: options.seed)
        let names = customers()
        guard !names.isEmpty else {
            throw BenchFailure("no customer has about \(touchpoints) events; ask for more --events")
        }
        // At the end: all of their events are folded.
        let last = try past.moment(.position(Position(head)))
        try tell("CUSTOMER, all of some \(touchpoints) events", laps) { lap in
            // Readers that know no block yet.
            let past = try views.past()
            try Self.card(names[lap % names.count], past, last)
        }
        try Self.card(names[0], past, last)
        try tell("the same customer again", laps) { _ in try Self.card(names[0], past, last) }
        try tell("QUEUE at a random position", laps) { _ in
            try Self.queue(past, try Self.moment(&random, head, past))
        }
        try tell("METRICS of a month at a random position", laps / 5 + 1) { _ in
            let moment = try Self.moment(&random, head, past)
            try Self.figures(past.metrics(at: moment), moment.now)
        }
        let half = try past.moment(.position(Position(head / 2)))
        let later = try past.moment(.position(Position(head / 2 + 1_000)))
        for (name, moment) in [
            ("SCORECARD at half of the log, the first", half), ("the same again", half),
            ("1,000 events later", later),
        ] {
            try tell(name, 1) { _ in
                try past.wholeMetrics(at: moment) { view throws(ViewFault) in
                    try Self.scorecard(view, moment.now)
                }
            }
        }
    }

    /// Customers with about as many events as asked for.
    private func customers() -> [String] {
        var counts: [String: Int] = [:]
        var all = options.events(count: events)
        while let event = all.next() { counts[event.customerKey, default: 0] += 1 }
        let near = touchpoints * 9 / 10...touchpoints * 11 / 10
        return counts.filter { near.contains($0.value) }.keys.sorted()
    }

    private static func moment(
        _ random: inout SeededNumbers, _ head: UInt64, _ past: PastViews
    ) throws -> PastMoment {
        try past.moment(.position(Position(1 + random.next() % head)))
    }

    private static func card(_ name: String, _ past: PastViews, _ moment: PastMoment) throws {
        let bytes = Array(name.utf8)
        guard
            let person = try unsafe IdentityView.person(
                of: bytes.span.bytes, asOf: moment.position, past.identity())
        else { throw BenchFailure("a customer is missing") }
        var json = JSONWriter()
        _ = try CustomerDocument.write(
            person.customers, now: moment.now,
            from: past.customers(person.customers, at: moment), to: &json)
    }

    private static func queue(_ past: PastViews, _ moment: PastMoment) throws {
        var json = JSONWriter()
        _ = try QueuesView.writeQueue(
            "billing", now: moment.now, from: past.queues(at: moment), to: &json)
    }

    private static func window(_ now: Timestamp) -> (from: Timestamp, to: Timestamp) {
        let day: Int64 = 86_400_000
        let end = Timestamp(milliseconds: (now.milliseconds / day + 1) * day)
        return (end.advanced(byMilliseconds: -30 * day), end)
    }

    private static func figures<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader, _ now: Timestamp
    ) throws {
        let (from, to) = window(now)
        var json = JSONWriter()
        try MetricsDocument.write(
            try MetricsQuery(from: from, to: to), zone: UTCOffsets(), from: reader, to: &json)
    }

    private static func scorecard(
        _ view: borrowing ViewSnapshot, _ now: Timestamp
    ) throws(ViewFault) {
        let (from, to) = window(now)
        var json = JSONWriter()
        do throws(MetricsFault) {
            try ScorecardDocument.write(
                .times(from, to), MetricsConditions(), per: nil, against: nil,
                zone: UTCOffsets(), from: view, to: &json)
        } catch {
            throw .storage("\(error)")
        }
    }

    private func tell(_ name: String, _ count: Int, _ answer: (Int) throws -> Void) throws {
        var (wall, processor) = ([UInt64](), [UInt64]())
        for lap in 0..<count {
            let (begin, beginCPU) = (Clock.now(), Clock.threadCPU())
            try answer(lap)
            processor.append(Clock.threadCPU() - beginCPU)
            wall.append(Clock.now() - begin)
        }
        func milliseconds(_ all: [UInt64], _ part: Double) -> String {
            let sorted = all.sorted()
            let index = min(sorted.count - 1, Int(Double(sorted.count) * part))
            return Comparison.decimal(Double(sorted[index]) / 1e6, 2)
        }
        print(
            Comparison.pad("  " + name, 46), "p50 \(milliseconds(wall, 0.5)) ms, p95",
            "\(milliseconds(wall, 0.95)) ms; processor p50 \(milliseconds(processor, 0.5)) ms, p95",
            "\(milliseconds(processor, 0.95)) ms")
        flushOutput()
    }
}
