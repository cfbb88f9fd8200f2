internal import ArgumentParser
internal import Client
internal import Foundation
internal import Glibc
internal import RESP
internal import ReferenceEvents

/// The mixed day for long, with everything in it that can happen to a daemon.
struct SoakProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak",
        abstract:
            "The mixed day with kills, restarts, backups, seals, rebuilds and erasures in it.",
        discussion: """
            At the end the store is verified, its views are held against what the log folds to, and \
            answered events are sent once more: each must be known. Exit code 1 where anything of \
            it is not so.
            """)

    @OptionGroup var options: BenchOptions
    @Option(help: "Appends per second.") var rate = 5_000
    @Option(help: "Minutes, each with one thing that happens.") var minutes = 60
    @Option(help: "The tool. Default: beside the daemon.") var tool: String?

    func validate() throws {
        guard (100...100_000).contains(rate), (1...10_000).contains(minutes) else {
            throw ValidationError("a rate is 100 to 100,000, minutes are 1 to 10,000")
        }
    }

    func run() throws {
        try options.measure("soak") { bench in
            let tool =
                self.tool
                ?? URL(fileURLWithPath: bench.ours.program).deletingLastPathComponent()
                .appendingPathComponent("throughline").path
            guard FileManager.default.isExecutableFile(atPath: tool) else {
                throw BenchFailure("no tool at \(tool); swift build -c release")
            }
            var soak = try Soak(bench, rate: rate, tool: tool)
            for minute in 1...minutes { try soak.pass(minute) }
            try soak.judge()
        }
    }
}

/// A soak under way.
private struct Soak {
    /// What happens in a minute, in turn.
    private enum Happening: String, CaseIterable {
        case nothing, kill, backup, seal, restart, rebuild, erasure
    }

    /// The group whose members may erase: the bench joins it for that. Nobody's, usually.
    private static let privacyGroup: gid_t = 65_534
    private static let minuteSeconds = 60.0
    private static let checkedAgain: UInt64 = 100_000

    private let bench: Bench
    private let day: MixedDay
    private let tool: String
    private var progress: [MixedLoop.Progress]
    private let erasable: [String]
    private let happenings: [Happening]
    private var memory: [Double] = []
    private var files: [Double] = []

    init(_ bench: Bench, rate: Int, tool: String) throws {
        self.bench = bench
        self.tool = tool
        day = MixedDay(bench, rate: rate)
        erasable = MixedDay.strangers(bench)
        // Only root may join a group.
        happenings = Happening.allCases.filter { $0 != .erasure || geteuid() == 0 }
        bench.ours.arguments = [
            "--set", "access.rules=group:\(Self.privacyGroup)=privacy",
            // Reference events occurred before any erasure, and would be refused as what is imported
            // again.
            "--set", "privacy.suppression=false",
        ]
        try bench.ours.begin()
        progress = try day.fill(bench)
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

    /// One minute.
    mutating func pass(_ minute: Int) throws {
        try Interruption.check()
        let happening = happenings[(minute - 1) % happenings.count]
        var rounds: [MixedLoop.Measured] = []
        var left = Self.minuteSeconds
        var meanwhile: (after: Double, do: () throws -> Void)? = (
            after: Self.minuteSeconds / 3, do: { [self] in try begin(happening, minute) }
        )
        while left > 0 {
            let begun = Clock.now()
            var loop = try MixedLoop(
                socketPath: bench.ours.socketPath, kinds: day.kinds, progress: progress)
            do {
                try loop.run(seconds: left, meanwhile: meanwhile)
                progress = loop.progress
                rounds = loop.measured(seconds: left)
                left = 0
            } catch {
                guard happening == .kill || happening == .restart, meanwhile != nil else {
                    throw error
                }
                meanwhile = nil
                progress = loop.progress
                // What was not answered is asked again in any case.
                left = max(1, left - Double(Clock.now() - begun) / 1e9)
                try bench.ours.open()
            }
        }
        try report(minute, happening, rounds)
    }

    private func begin(_ happening: Happening, _ minute: Int) throws {
        switch happening {
        case .nothing: break
        case .kill: bench.ours.kill()
        case .restart: bench.ours.end()
        case .backup: try call("BACKUP", "soak-\(minute)")
        case .seal: try call("SEAL")
        case .rebuild:
            let views = ["identity", "queues", "metrics", "customers"]
            try call("REBUILD", views[(minute / happenings.count) % views.count])
        case .erasure:
            try erase(erasable[minute % erasable.count], request: "soak-\(minute)")
        }
    }

    /// Asks for something and waits for the answer; the load stands still meanwhile and is late then.
    private func call(_ words: String...) throws {
        var connection = try Connection(socketPath: bench.ours.socketPath)
        let reply = try connection.call(words)
        if case .error(let code, let message) = reply {
            throw BenchFailure("\(words[0]): \(code) \(message)")
        }
    }

    private func erase(_ person: String, request: String) throws {
        let count = getgroups(0, nil)
        var groups = [gid_t](repeating: 0, count: Int(max(0, count)))
        guard count >= 0, unsafe getgroups(count, &groups) == count,
            unsafe setgroups(1, [Self.privacyGroup]) == 0
        else { throw BenchFailure("cannot join group \(Self.privacyGroup): errno \(errno)") }
        // Who somebody is counts when he connects.
        var connection = try Connection(socketPath: bench.ours.socketPath)
        guard unsafe setgroups(groups.count, groups) == 0 else {
            throw BenchFailure("cannot leave group \(Self.privacyGroup): errno \(errno)")
        }
        let reply = try connection.call(["ERASE", person, "REASON", "soak", "REQUEST", request])
        // Whom the load has not met yet cannot be erased.
        if case .error(let code, let message) = reply, code != "UNKNOWN" {
            throw BenchFailure("ERASE: \(code) \(message)")
        }
    }

    private mutating func report(
        _ minute: Int, _ happening: Happening, _ rounds: [MixedLoop.Measured]
    ) throws {
        let begin = Clock.now()
        try bench.ours.settle()
        let lag = Double(Clock.now() - begin) / 1e9
        let own = Double(try bench.ours.ownMemoryBytes()) / 1_048_576
        let open = Double(try bench.ours.openFiles())
        memory.append(own)
        files.append(open)
        let (append, pop) = (rounds[0].round, rounds[1].round)
        let stale = progress.reduce(0) { $0 + $1.stale }
        bench.say(
            Comparison.pad("\(minute)", 8) + Comparison.pad(happening.rawValue, 14)
                + [append.p50, append.p99, append.max, pop.p50, pop.p99].map {
                    Comparison.lead(Comparison.thousands($0), 11)
                }
                .joined()
                + Comparison.lead("\(stale)", 11)
                + Comparison.lead(Comparison.decimal(lag, 2), 11)
                + Comparison.lead(Comparison.decimal(own, 0), 11)
                + Comparison.lead(Comparison.decimal(open, 0), 11))
    }

    /// Holds the store against what was answered.
    func judge() throws {
        bench.say(
            "\(progress[0].answered) events answered; \(try sendAgain()) of them sent once more: "
                + "all are known")
        // Until it is carried out, an erasure is only hidden: views still hold what the log no
        // longer shows.
        while try bench.ours.info("erasures_pending") > 0 {
            try Interruption.check()
            usleep(100_000)
        }
        try bench.ours.settle()
        bench.ours.end()
        bench.say(try Programs.run(tool, ["verify", bench.ours.store]))
        bench.say(try Programs.run(tool, ["replay", bench.ours.store, "--compare"]))
        let tenth = max(1, memory.count / 10)
        for (name, values) in [("own memory, MiB", memory), ("open files", files)] {
            let first = Statistics.median(Array(values.prefix(tenth)))
            let last = Statistics.median(Array(values.suffix(tenth)))
            bench.report.figures.append(.init(name: "\(name): first tenth", value: first, unit: ""))
            bench.report.figures.append(.init(name: "\(name): last tenth", value: last, unit: ""))
            bench.say(
                "\(name): \(Comparison.decimal(first, 0)) at first, then \(Comparison.decimal(last, 0))"
            )
        }
    }

    /// Sends answered events again, evenly over all but those of persons who were erased.
    ///
    /// - Throws: `BenchFailure` with the answer that is none of a repeat.
    private func sendAgain() throws -> Int {
        let erased = Set(erasable)
        var customers: [String] = []
        var events = bench.options.workload.events(count: bench.workload.events)
        while let event = events.next() { customers.append(event.customerKey) }
        let ring = bench.ours.appendRing(bench.workload)
        let step = max(1, progress[0].next / Self.checkedAgain)
        var channel = try Channel(
            socketPath: bench.ours.socketPath, wire: .resp(expects: UInt8(ascii: "*")), depth: 1)
        var asked = 0
        for number in stride(from: 0, to: progress[0].next, by: Int(step))
        where !erased.contains(customers[Int(number % UInt64(ring.count))]) {
            var request: [UInt8] = []
            ring.write(number, to: &request)
            try channel.greet(request)
            asked += 1
        }
        return asked
    }
}
