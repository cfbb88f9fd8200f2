internal import ArgumentParser
internal import Glibc
internal import RESP

/// What connections cost that are open and silent: memory, and what one active client feels of them.
struct IdleProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "idle",
        abstract: "Many silent connections: memory, and the latency of one client beside them.")

    @OptionGroup var options: BenchOptions
    @Option(help: "Silent connections.") var connections = 10_000

    func validate() throws {
        guard (1...50_000).contains(connections) else {
            throw ValidationError("--connections is 1 to 50,000")
        }
    }

    func run() throws {
        try options.measure("idle") { bench in
            try Self.allowFiles(connections + Self.otherFiles)
            for limit in ["connections", "connections_per_user"] {
                bench.ours.arguments += [
                    "--set", "limits.\(limit)=\(connections + Self.otherFiles)",
                ]
            }
            try bench.ours.begin()
            bench.say(
                "idle: PING of one client alone, and beside \(connections) silent connections")
            for number in 1...options.rounds { try round(bench, number) }
        }
    }

    /// Files of this process that are no connections, and connections that are not silent.
    private static let otherFiles = 100

    private func round(_ bench: Bench, _ number: Int) throws {
        let alone = try ping(bench)
        let before = try bench.ours.residentBytes()
        let begin = Clock.now()
        let (silent, slowest) = try connect(bench)
        let opened = Double(Clock.now() - begin) / 1e6
        let memory = Double(try bench.ours.residentBytes() - before) / 1_048_576
        let beside = try ping(bench)
        silent.forEach { _ = close($0) }
        let ratio = beside.p99 / alone.p99
        bench.say(
            "round \(number): \(Comparison.decimal(memory, 1)) MiB more resident; p99 "
                + "\(Comparison.decimal(alone.p99, 1)) µs alone, \(Comparison.decimal(beside.p99, 1)) beside, "
                + "\(Comparison.decimal(ratio, 2)) times; p99.9 \(Comparison.decimal(alone.p999, 1)), "
                + "\(Comparison.decimal(beside.p999, 1)); p50 \(Comparison.decimal(alone.p50, 1)), "
                + "\(Comparison.decimal(beside.p50, 1)); opened and greeted in "
                + "\(Comparison.decimal(opened, 0)) ms, each within \(Comparison.decimal(slowest, 2)) ms"
        )
        bench.report.figures += [
            .init(name: "memory of silent connections", value: memory, unit: "MiB"),
            .init(name: "p99 beside them to alone", value: ratio, unit: "times"),
        ]
        // Until the daemon has seen them go, they are still there.
        while try bench.ours.info("connected_clients") > 1 { usleep(20_000) }
    }

    private func ping(_ bench: Bench) throws -> Round {
        var ring = RequestRing(seed: 0)
        ring.append(RESPRequest.bytes("PING"))
        var loop = try ClosedLoop(
            socketPath: bench.ours.socketPath, wire: .resp(expects: UInt8(ascii: "+")),
            greeting: [], connections: 1, depth: 1, ring: ring, from: 0)
        return try loop.run(
            warmUp: options.seconds / 10, seconds: options.seconds,
            serverCPU: bench.ours.cpuSeconds)
    }

    /// Connects and asks once, as a pool does that keeps connections for later; returns the
    /// descriptors, and the most milliseconds that one took.
    private func connect(_ bench: Bench) throws -> ([Int32], Double) {
        var silent: [Int32] = []
        silent.reserveCapacity(connections)
        var slowest: UInt64 = 0
        var answer = [UInt8](repeating: 0, count: 64)
        let request = RESPRequest.bytes("PING")
        for _ in 0..<connections {
            let begin = Clock.now()
            let descriptor = try LoadSocket.connect(bench.ours.socketPath)
            silent.append(descriptor)
            guard try LoadSocket.send(descriptor, request, from: 0) == request.count else {
                throw BenchFailure("a new connection takes no request")
            }
            var sockets = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
            try LoadSocket.wait(&sockets, nanoseconds: -1)
            let count = try LoadSocket.receive(descriptor, &answer, from: 0)
            guard answer[..<count].elementsEqual("+PONG\r\n".utf8) else {
                throw BenchFailure(String(decoding: answer[..<count], as: UTF8.self))
            }
            slowest = max(slowest, Clock.now() - begin)
        }
        return (silent, Double(slowest) / 1e6)
    }

    /// Lets this process have so many files open.
    private static func allowFiles(_ count: Int) throws {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard unsafe getrlimit(resource, &limit) == 0, limit.rlim_max >= rlim_t(count) else {
            throw BenchFailure("fewer than \(count) files may be open (ulimit -Hn)")
        }
        limit.rlim_cur = max(limit.rlim_cur, rlim_t(count))
        guard unsafe setrlimit(resource, &limit) == 0 else {
            throw BenchFailure("\(count) files cannot be had (errno \(errno))")
        }
    }
}
