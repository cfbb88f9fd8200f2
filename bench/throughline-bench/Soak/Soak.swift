internal import Client
internal import Foundation
internal import Glibc
internal import RESP
internal import ReferenceEvents

/// A soak under way.
struct Soak {
    private static let minuteSeconds = 60.0
    private static let checkedAgain: UInt64 = 100_000
    /// How long is waited for erasures at the end, in nanoseconds.
    private static let erasuresNanoseconds: UInt64 = 30 * 60 * 1_000_000_000

    private let bench: Bench
    private let day: MixedDay
    private let tool: String
    private let ring: RequestRing
    /// The customers of the ring's requests.
    private let customers: [String]
    private let erasable: [String]
    private let kinds: [SoakHappenings.Kind]
    private var progress: [MixedLoop.Progress]
    private var happenings: SoakHappenings
    private var samples: [SoakSample] = []
    private let life: Life

    /// What begins anew with each start of the daemon.
    private final class Life {
        var opened: UInt64 = Clock.now()
        var followers: Followers?
    }

    init(_ bench: Bench, rate: Int, tool: String) throws {
        self.bench = bench
        self.tool = tool
        day = MixedDay(bench, rate: rate)
        ring = bench.ours.appendRing(bench.workload)
        customers = Self.customers(bench)
        erasable = MixedDay.strangers(bench)
        // Only root may join a group.
        kinds = SoakHappenings.Kind.allCases.filter { $0 != .erasure || geteuid() == 0 }
        happenings = SoakHappenings(bench.ours)
        bench.ours.log = bench.ours.folder + ".log"
        bench.ours.arguments = [
            "--set", "access.rules=group:\(SoakHappenings.privacyGroup)=privacy",
            // Reference events occurred before any erasure, and would be refused as what is imported
            // again.
            "--set", "privacy.suppression=false",
        ]
        life = Life()
        try bench.ours.begin()
        progress = try day.fill(bench)
        try follow()
        if geteuid() != 0 { bench.say("LEFT OUT: erasures, for which the bench has to be root") }
        bench.say("soak: \(rate) appends a second; µs from the moment a request is due")
        bench.say(
            Comparison.pad("minute", 8) + Comparison.pad("what happens", 14)
                + [
                    "APPEND p50", "p99", "max", "POP p50", "p99", "stale", "lag s", "own MiB",
                    "files",
                ].map {
                    Comparison.lead($0, 11)
                }
                .joined())
    }

    private static func customers(_ bench: Bench) -> [String] {
        var events = bench.options.workload.events(count: bench.workload.events)
        var customers: [String] = []
        while let event = events.next() { customers.append(event.customerKey) }
        return customers
    }

    /// Whether a request is about somebody who may have been erased.
    private func isGone(_ number: UInt64) -> Bool {
        erasable.contains(customers[Int(number % UInt64(ring.count))])
    }

    private func follow() throws {
        life.followers?.end()
        life.followers = try Followers(bench.ours.socketPath, count: MixedDay.followers)
        life.opened = Clock.now()
    }

    /// One minute.
    mutating func pass(_ minute: Int) throws {
        try Interruption.check()
        let kind = kinds[(minute - 1) % kinds.count]
        let stretch = SoakStretch(socketPath: bench.ours.socketPath, kinds: day.kinds) { [self] in
            try bench.ours.open()
            try $0[0].positions.check(bench.ours.socketPath, except: isGone) {
                ring.write($0, to: &$1)
            }
            try follow()
        }
        let happening = SoakStretch.Happening(
            after: Self.minuteSeconds / 3, endsServer: kind == .kill || kind == .restart,
            begin: { [happenings, erasable] in
                try happenings.begin(kind, minute, erasing: erasable[minute % erasable.count])
            })
        let rounds = try stretch.run(
            seconds: Self.minuteSeconds, progress: &progress, happening)
        try happenings.finish(kind)
        try report(minute, kind, rounds)
    }

    private mutating func report(
        _ minute: Int, _ kind: SoakHappenings.Kind, _ rounds: [MixedLoop.Measured]
    ) throws {
        let begin = Clock.now()
        try bench.ours.settle()
        let lag = Double(Clock.now() - begin) / 1e9
        let sample = SoakSample(
            minute: minute, happening: kind.rawValue,
            sinceStart: Double(Clock.now() - life.opened) / 1e9,
            memoryMiB: Double(try bench.ours.ownMemoryBytes()) / 1_048_576,
            files: try bench.ours.openFiles(), segments: try bench.ours.info("segments"),
            connections: try bench.ours.info("connected_clients"))
        samples.append(sample)
        let (append, pop) = (rounds[0].round, rounds[1].round)
        let stale = progress.reduce(0) { $0 + $1.stale }
        bench.say(
            Comparison.pad("\(minute)", 8) + Comparison.pad(kind.rawValue, 14)
                + [append.p50, append.p99, append.max, pop.p50, pop.p99].map {
                    Comparison.lead(Comparison.thousands($0), 11)
                }
                .joined()
                + Comparison.lead("\(stale)", 11)
                + Comparison.lead(Comparison.decimal(lag, 2), 11)
                + Comparison.lead(Comparison.decimal(sample.memoryMiB, 0), 11)
                + Comparison.lead("\(sample.files)", 11))
    }

    /// Holds the store against what was answered.
    func judge() throws {
        bench.say(
            "\(progress[0].answered) events answered; \(try sendAgain()) of them sent once more: "
                + "all are known")
        bench.say(happenings.summary)
        try waitForErasures()
        try bench.ours.settle()
        life.followers?.end()
        try bench.ours.stop(by: SIGTERM)
        try verify(bench.ours.store)
        bench.say(try Programs.run(tool, ["replay", bench.ours.store, "--compare"]))
        if let backup = happenings.outcomes.backup {
            let restored = bench.ours.folder + "/restored"
            let ledger =
                URL(fileURLWithPath: backup).deletingLastPathComponent().path
                + "/erasures.ledger"
            let erasures =
                FileManager.default.fileExists(atPath: ledger) ? ["--erasures", ledger] : []
            bench.say(try Programs.run(tool, ["verify", backup]))
            bench.say(try Programs.run(tool, ["restore", backup, restored] + erasures))
        }
        let faults = SoakSample.faults(samples)
        guard faults.isEmpty else {
            throw BenchFailure("NOT FLAT\n" + faults.joined(separator: "\n"))
        }
        bench.say("memory and open files are flat")
    }

    /// Until it is carried out, an erasure is only hidden: views still hold what the log no longer
    /// shows.
    private func waitForErasures() throws {
        let end = Clock.now() + Self.erasuresNanoseconds
        while try bench.ours.info("erasures_pending") > 0 {
            try Interruption.check()
            guard Clock.now() < end else {
                throw BenchFailure("erasures are not carried out within half an hour")
            }
            usleep(100_000)
        }
    }

    /// Verifies the store, which must hold as many events as were answered.
    private func verify(_ store: String) throws {
        let text = try Programs.run(tool, ["verify", store, "--json"])
        bench.say(text.split(whereSeparator: \.isNewline).last.map(String.init) ?? "")
        let events = try Programs.number("events", in: text)
        guard events >= progress[0].answered else {
            throw BenchFailure(
                "LOST: \(progress[0].answered) events were answered, \(events) are there")
        }
    }

    /// Sends answered events again, evenly over all but those of persons who were erased.
    ///
    /// - Throws: `BenchFailure` with the answer that is none of a repeat.
    private func sendAgain() throws -> Int {
        let step = max(1, progress[0].next / Self.checkedAgain)
        var channel = try Channel(
            socketPath: bench.ours.socketPath, wire: .resp(expects: UInt8(ascii: "*")), depth: 1)
        var asked = 0
        for number in stride(from: 0, to: progress[0].next, by: Int(step)) where !isGone(number) {
            var request: [UInt8] = []
            ring.write(number, to: &request)
            try channel.greet(request)
            asked += 1
        }
        return asked
    }
}
