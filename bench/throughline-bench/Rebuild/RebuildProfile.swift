internal import ArgumentParser
internal import EventLog
internal import EventModel
internal import Foundation
internal import Projecting
internal import ReferenceEvents
internal import Synchronization
internal import Threads
internal import Views

/// What folding a log into new views takes, in this process.
struct RebuildProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Folds a store's log into new views: each alone, then all together.")

    @OptionGroup var options: WorkloadOptions
    @Option(help: "Reference events of the store that is made.") var events = 500_000
    @Option(help: "As many customers can come, by Zipf's law.")
    var customers = ReferenceEvents.customerCount
    @Option(help: "Folds this store's log instead; its own views are not touched.")
    var store: String?
    @Option(help: "Keeps the store that is made, or takes it where it is there.") var keep: String?
    @Option(help: "Where things are made and removed.") var scratch = "/tmp"
    @Option(help: "Rounds.") var rounds = 3
    @Option(parsing: .upToNextOption, help: "Views folded alone; none for none.")
    var alone = ["identity", "queues", "metrics", "customers"]
    @Flag(inversion: .prefixedNo, help: "Folds all together too.") var together = true
    @Option(
        parsing: .upToNextOption,
        help: "Views folded together, each on its thread behind identity, as the daemon does.")
    var group = ["identity", "queues", "metrics", "customers"]

    func validate() throws {
        guard (1...99_999_999).contains(customers) else {
            throw ValidationError("--customers is 1 to 99,999,999")
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
        let path = store ?? keep ?? folder + "/store"
        let isNew = !FileManager.default.fileExists(atPath: path + "/store.json")
        let opened = try ReferenceStore(path: path)
        if store == nil, isNew {
            var made = options.events(count: events, customers: customers)
            try opened.append(&made)
        }
        let head = opened.log.head.position.rawValue
        guard head > 0 else { throw BenchFailure("the store has no events") }
        let load = Conditions(scratch: folder).load
        print("rebuild: \(head) events, \(rounds) rounds, load before \(load)")
        print("  processor time of the folding thread; best and all rounds, in ns an event")
        for round in 1...rounds {
            let views = folder + "/views-\(round)"
            try measureAlone(opened, head, views, isLast: round == rounds)
            if together { try measureTogether(opened, head, views) }
        }
    }

    private func measureAlone(
        _ store: ReferenceStore, _ head: UInt64, _ folder: String, isLast: Bool
    ) throws {
        guard alone != ["none"] else { return }
        try make(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let views = try ViewSet(stillOn: store.log, folder: folder)
        // The others need it.
        tell(try FoldFigure(views.identity, events: head))
        if alone.contains("queues") { tell(try FoldFigure(views.queues, events: head)) }
        if alone.contains("metrics") { tell(try FoldFigure(views.metrics, events: head)) }
        if alone.contains("customers") { tell(try FoldFigure(views.customers, events: head)) }
        if alone.contains("customers") {
            let card = try CardFigure(views)
            print(
                Comparison.pad("  card", 14),
                Comparison.lead(Comparison.decimal(card.nanosecondsEach, 0), 7), "ns each",
                Comparison.lead(Comparison.decimal(card.nanosecondsKept, 0), 7), "ns kept",
                Comparison.lead(Comparison.decimal(card.bytesEach, 0), 10), "bytes")
            print(
                Comparison.pad("  pop", 14),
                Comparison.lead(Comparison.decimal(card.nanosecondsPop, 0), 7), "ns each",
                Comparison.lead(Comparison.decimal(card.bytesPop, 0), 10), "bytes")
        }
        if isLast {
            try tellDigest("identity", try views.identity.snapshot().digest())
            try tellDigest("queues", try views.queues.snapshot().digest())
            try tellDigest("metrics", try views.metrics.snapshot().digest())
            try tellDigest("customers", try views.customers.snapshot().digest())
        }
    }

    private func measureTogether(
        _ store: ReferenceStore, _ head: UInt64, _ folder: String
    ) throws {
        try make(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let views = try ViewSet(stillOn: store.log, folder: folder)
        let found = Mutex<[FoldFigure]>([])
        let failed = Mutex<String?>(nil)
        @Sendable func fold<Fold: ~Copyable>(
            _ projector: Projector<Fold>
        ) {
            do {
                let figure = try FoldFigure(projector, events: head)
                found.withLock { $0.append(figure) }
            } catch {
                failed.withLock { $0 = "\(error)" }
                views.stop()
            }
        }
        let begin = Clock.now()
        let folds: [(name: String, fold: @Sendable () -> Void)] = [
            ("identity", { fold(views.identity) }), ("queues", { fold(views.queues) }),
            ("metrics", { fold(views.metrics) }), ("customers", { fold(views.customers) }),
        ]
        let threads = folds.filter { group.contains($0.name) }.map { name, fold in
            PlainThread(name: name, nice: 0) { fold() }
        }
        for thread in threads { thread.join() }
        if let failure = failed.withLock({ $0 }) { throw BenchFailure(failure) }
        let wall = Clock.now() - begin
        let figures = found.withLock { $0 }
        let cpu = figures.reduce(0) { $0 + $1.nanosecondsPerEvent }
        let bytes = figures.reduce(UInt64(0)) { $0 + $1.viewBytes }
        let rate = Comparison.thousands(Double(head) / Double(wall) * 1e9)
        print(
            Comparison.pad("  together", 14), Comparison.lead(Comparison.decimal(cpu, 0), 7),
            "ns/event", Comparison.lead(rate, 10), "events/s",
            Comparison.lead(Comparison.decimal(Double(bytes) / Double(head), 1), 7), "B/event",
            "  peak memory \(Self.peakMebibytes) MiB;",
            figures.map { "\($0.name) \(Comparison.decimal($0.nanosecondsPerEvent, 0))" }
                .sorted().joined(separator: ", "))
        flushOutput()
    }

    private func make(_ folder: String) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
    }

    private func tell(_ figure: FoldFigure) {
        let rate = Double(figure.events) / Double(figure.processorNanoseconds) * 1e9
        print(
            Comparison.pad("  " + figure.name, 14),
            Comparison.lead(Comparison.decimal(figure.nanosecondsPerEvent, 0), 7), "ns/event",
            Comparison.lead(Comparison.thousands(rate), 10), "events/s",
            Comparison.lead(
                Comparison.decimal(Double(figure.viewBytes) / Double(figure.events), 1), 7),
            "B/event")
        flushOutput()
    }

    private func tellDigest(_ name: String, _ digest: (rows: Int, checksum: UInt32)) throws {
        print("  \(name): \(digest.rows) rows, digest \(String(digest.checksum, radix: 16))")
    }

    /// The most memory this process had, mapped files included where they were touched.
    private static var peakMebibytes: Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        let digits = line?.filter(\.isNumber) ?? ""
        return (Int(digits) ?? 0) / 1_024
    }
}
