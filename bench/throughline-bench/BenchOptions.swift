public import ArgumentParser
internal import Foundation
internal import Glibc
internal import ReferenceEvents

/// Which reference events.
struct WorkloadOptions: ParsableArguments {
    @Option(help: "The seed of the reference events.") var seed: UInt64 = 1
    @Option(help: "Messages of phrases, or of prose that never repeats.")
    var text: MessageText = .phrases

    func events(
        count: Int, customers: Int = ReferenceEvents.customerCount
    ) -> ReferenceEvents {
        ReferenceEvents(seed: seed, count: count, text: text, customers: customers)
    }
}

extension MessageText: ExpressibleByArgument {}

/// When events are on disk, in each system's own words.
enum Durability: String, ExpressibleByArgument, CaseIterable {
    case always, second

    var heading: String {
        self == .always
            ? "append, each on disk before its answer"
            : "append, on disk at most a second after the answer (PostgreSQL; SQLite: at checkpoints)"
    }
    var ours: String { self == .always ? "always" : "interval:1000" }
    var redis: String { self == .always ? "always" : "everysec" }
    /// PostgreSQL's writer of the log wakes by itself, at most three times this apart.
    var postgres: [String: String] {
        self == .always
            ? ["synchronous_commit": "on"]
            : ["synchronous_commit": "off", "wal_writer_delay": "333ms"]
    }
    /// In write-ahead mode SQLite flushes at each commit, or at checkpoints only.
    var sqlite: String { self == .always ? "synchronous=FULL" : "synchronous=NORMAL" }
}

/// What all profiles share.
struct BenchOptions: ParsableArguments {
    static let ringEventsUsual = 262_144
    /// Of stores that grow large: nine hours of the year, some 80,000 customers.
    static let ringEventsOfGrowth = 1_000_000
    private static let peers = ["redis", "redis-once", "postgres", "nats", "sqlite"]

    @OptionGroup var workload: WorkloadOptions
    @Option(
        help:
            "Reference events before they come round again under new ids, names and times. Default: 262,144; 1,000,000 where a store grows."
    )
    var ringEvents: Int?
    @Option(help: "Seconds of each round.") var seconds = 2.0
    @Option(help: "Rounds of each system.") var rounds = 3
    @Option(help: "Where stores are made and removed; the disk that is measured.")
    var scratch = "/tmp"
    @Option(
        help: "When events are on disk: always (before the answer) or second (at most one later).")
    var durability: Durability = .always
    @Option(help: "Writes all results to this file as JSON.") var json: String?
    @Option(help: "The daemon. Default: beside the bench.") var daemon: String?
    @Option(
        parsing: .upToNextOption,
        help: "Systems beside ours, of \(Self.peers.joined(separator: ", ")); none for none.")
    var peers = Self.peers

    func validate() throws {
        guard seconds > 0, rounds > 0, (ringEvents ?? 10_000) >= 10_000 else {
            throw ValidationError("seconds and rounds are above 0, --ring-events at least 10,000")
        }
        for peer in peers where !(Self.peers + ["none"]).contains(peer) {
            throw ValidationError("no system is named \(peer)")
        }
    }

    /// Prepares a bench in a folder of its own, measures, writes the results, cleans up.
    ///
    /// - Parameter keeps: Whether the folder stays where it ends with a failure, to be looked into.
    func measure(
        _ profile: String, ringEvents: Int = Self.ringEventsUsual,
        keepingWhatFails keeps: Bool = false, _ body: (Bench) throws -> Void
    ) throws {
        Interruption.begin()
        let folder = scratch + "/tlb-\(getpid())"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        var hasFailed = true
        defer {
            if keeps, hasFailed {
                print("what it ended with stays in \(folder)")
            } else {
                try? FileManager.default.removeItem(atPath: folder)
            }
        }
        let program = daemon ?? Self.besideTheBench
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw BenchFailure("no daemon at \(program); swift build -c release")
        }
        let bench = Bench(
            options: self, ringEvents: self.ringEvents ?? ringEvents, profile: profile,
            folder: folder, program: program)
        defer { bench.endAll() }
        bench.printConditions()
        try Self.measure(bench, json: json, body)
        hasFailed = false
    }

    /// Measures and writes the results, those too that there are where it ends halfway.
    static func measure(_ bench: Bench, json: String?, _ body: (Bench) throws -> Void) throws {
        do {
            try body(bench)
        } catch {
            if let json { try bench.report.write(to: json) }
            throw BenchFailure("\(error)")
        }
        if let json { try bench.report.write(to: json) }
    }

    private static var besideTheBench: String {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("throughlined").path
    }
}
