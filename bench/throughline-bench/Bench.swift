/// One run of the bench: the systems, and what is reported.
final class Bench {
    let options: BenchOptions
    let workload: Workload
    let ours: ThroughlineTarget
    let redis: RedisServer?
    /// Ours first.
    let targets: [any AppendTarget]
    var report: Report

    init(
        options: BenchOptions, ringEvents: Int = BenchOptions.ringEventsUsual, profile: String,
        folder: String, program: String
    ) {
        self.options = options
        workload = Workload(
            seed: options.workload.seed, events: ringEvents, text: options.workload.text)
        ours = ThroughlineTarget(
            program: program, scratch: folder, durability: options.durability)
        var targets: [any AppendTarget] = [ours]
        var missing: [String] = []
        let wanted = options.peers.filter { $0 != "none" }
        let redis =
            wanted.contains { $0.hasPrefix("redis") }
            ? RedisServer(scratch: folder, options.durability) : nil
        self.redis = redis
        if let redis {
            if wanted.contains("redis") {
                targets.append(RedisTarget(redis, .plain, isOwner: true))
            }
            if wanted.contains("redis-once") {
                let isOwner = !wanted.contains("redis")
                targets.append(RedisTarget(redis, .once, isOwner: isOwner))
            }
        } else if wanted.contains(where: { $0.hasPrefix("redis") }) {
            missing.append("redis-server")
        }
        if wanted.contains("postgres") {
            if let postgres = PostgresTarget(scratch: folder, options.durability) {
                targets.append(postgres)
            } else {
                missing.append("postgresql-15")
            }
        }
        if wanted.contains("nats") {
            if let nats = NATSTarget(scratch: folder) {
                targets.append(nats)
            } else {
                missing.append("nats-server")
            }
        }
        if wanted.contains("sqlite") {
            if let sqlite = SQLiteTarget(scratch: folder, options.durability) {
                targets.append(sqlite)
            } else {
                missing.append("libsqlite3-0")
            }
        }
        self.targets = targets
        report = Report(
            profile: profile, conditions: Conditions(scratch: folder, program: program),
            workload: workload,
            secondsPerRound: options.seconds, facts: targets.flatMap(\.facts), missing: missing)
    }

    var postgres: PostgresTarget? { targets.lazy.compactMap { $0 as? PostgresTarget }.first }

    func endAll() { for target in targets { target.end() } }

    func printConditions() {
        #if DEBUG
            print("WARNING: a debug build; nothing measured with it means anything")
        #endif
        for line in report.headLines { print(line) }
        print()
    }

    /// Prints a line at once, also into a pipe.
    func say(_ line: String) {
        print(line)
        flushOutput()
    }
}
