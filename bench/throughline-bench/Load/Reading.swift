/// The same question to one of several systems.
struct Reading {
    let system: String
    let socketPath: String
    let wire: Wire
    var greeting: [[UInt8]] = []
    let ring: RequestRing
    let cpuSeconds: () throws -> Double

    /// Asks our daemon, or redis-server; a good reply begins with `expects`.
    init(_ target: any LoadTarget, _ ring: RequestRing, expects: Unicode.Scalar) {
        system = target.name
        socketPath = target.socketPath
        wire = .resp(expects: UInt8(ascii: expects))
        self.ring = ring
        cpuSeconds = target.cpuSeconds
    }

    init(_ server: RedisServer, _ name: String, _ ring: RequestRing, expects: Unicode.Scalar) {
        system = name
        socketPath = server.socketPath
        wire = .resp(expects: UInt8(ascii: expects))
        self.ring = ring
        cpuSeconds = server.cpuSeconds
    }

    /// Asks PostgreSQL with a statement that is prepared once on each connection.
    init(_ target: PostgresTarget, _ ring: RequestRing, statement: String) {
        system = target.name
        socketPath = target.socketPath
        wire = .postgres
        greeting = [PostgresRequest.startup, PostgresRequest.prepare(statement)]
        self.ring = ring
        cpuSeconds = target.cpuSeconds
    }

    /// Asks all in turn, round by round, and reports it. Ours is the first.
    static func compare(
        _ bench: Bench, _ name: String, _ cell: AppendProfile.Cell, _ readings: [Reading]
    ) throws {
        var entries = readings.map { Comparison.Entry(system: $0.system, rounds: []) }
        for _ in 0..<bench.options.rounds {
            for (index, reading) in readings.enumerated() {
                var loop = try ClosedLoop(
                    socketPath: reading.socketPath, wire: reading.wire, greeting: reading.greeting,
                    connections: cell.connections, depth: cell.depth, ring: reading.ring, from: 0)
                let seconds = bench.options.seconds
                entries[index].rounds.append(
                    try loop.run(
                        warmUp: seconds / 10, seconds: seconds, serverCPU: reading.cpuSeconds))
            }
        }
        let comparison = Comparison(name: "\(name) \(cell.name)", entries: entries)
        bench.report.comparisons.append(comparison)
        for line in comparison.lines { bench.say(line) }
    }
}
