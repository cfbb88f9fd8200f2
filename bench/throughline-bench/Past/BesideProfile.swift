internal import ArgumentParser
internal import Client
internal import RESP
internal import ReferenceEvents

/// What folding a view anew costs those who read beside it.
struct BesideProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "beside",
        abstract: "CUSTOMER at a fixed rate, alone and while a view is folded anew.")

    private static let keysMax = 20_000

    @OptionGroup var options: BenchOptions
    @Option(help: "Requests per second.") var rate = 20_000
    @Option(help: "Reference events in the store.") var events = 200_000
    @Option(help: "Connections.") var connections = 16
    @Option(help: "The view that is folded anew.") var view = "customers"

    func validate() throws {
        guard (100...1_000_000).contains(rate), events > 0, connections > 0 else {
            throw ValidationError("a rate is 100 to 1,000,000, the others are above 0")
        }
    }

    func run() throws {
        try options.measure("beside") { try measure($0) }
    }

    private func measure(_ bench: Bench) throws {
        bench.say(
            "beside: CUSTOMER \(rate)/s over \(connections) connections, µs from when it is due")
        try bench.ours.begin()
        var loop = try ClosedLoop(
            socketPath: bench.ours.socketPath, wire: bench.ours.wire, greeting: [],
            connections: 16, depth: 64, ring: bench.ours.appendRing(bench.workload), from: 0)
        try loop.run(requests: UInt64(events))
        try bench.ours.settle()
        var keys: [[UInt8]] = []
        // The same sequence as that of the load: one of another length ends otherwise.
        var all = options.workload.events(count: bench.workload.events)
        let known = try bench.ours.info("head")
        while keys.count < min(Int(known), Self.keysMax), let event = all.next() {
            keys.append(RESPRequest.bytes([Array("CUSTOMER".utf8), Array(event.customerKey.utf8)]))
        }
        var reads = try RatedReads(
            socketPath: bench.ours.socketPath, connections: connections, requests: keys)
        for number in 1...options.rounds {
            let alone = try reads.run(rate: rate, seconds: options.seconds)
            var connection = try Connection(socketPath: bench.ours.socketPath)
            let answer = try connection.call("REBUILD", view)
            if case .error(let code, let text) = answer { throw BenchFailure("\(code) \(text)") }
            let beside = try reads.run(rate: rate, seconds: 600) {
                let text = try connection.call("PROJECTIONS").text ?? ""
                return text.contains("\"rebuild\"")
            }
            report(bench, number, alone, beside)
        }
    }

    private func report(_ bench: Bench, _ number: Int, _ alone: Round, _ beside: Round) {
        func figures(_ round: Round) -> String {
            "p50 \(Comparison.thousands(round.p50)), p99 \(Comparison.thousands(round.p99)), "
                + "\(Comparison.thousands(round.rate))/s"
        }
        bench.say(
            "  round \(number): alone \(figures(alone)); beside \(view) "
                + "(\(Comparison.decimal(beside.seconds, 1)) s) \(figures(beside)); p99 "
                + "\(Comparison.decimal(beside.p99 / alone.p99, 2)) times")
        bench.report.figures.append(
            .init(name: "CUSTOMER p99 alone", value: alone.p99, unit: "µs"))
        bench.report.figures.append(
            .init(name: "CUSTOMER p99 beside \(view)", value: beside.p99, unit: "µs"))
    }
}
