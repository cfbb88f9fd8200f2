import Client
import DaemonTesting
import EventModel
import Foundation
import RESP
import Synchronization
import TestSupport
import Testing
import Threads

/// Daemons that are killed while several producers write to them and readers ask: 100 times; with
/// `THROUGHLINE_LONG` 10,000 times, in ten stores, of which those that `THROUGHLINE_KILL_FOLDER` has as
/// done are not run again. A run prints the seed it can be repeated with, by `THROUGHLINE_SEED`.
@Suite("Kills under load")
struct LoadKillTests {
    private static let producers = 4

    @Test("lose nothing that was answered, whoever wrote it, and store nothing twice")
    func rounds() throws {
        print("kills under load: THROUGHLINE_SEED=\(CrashTests.seed)")
        guard CrashTests.isLong else {
            try kill(100, seed: CrashTests.seed)
            return
        }
        for store in UInt64(0)..<10 {
            let seed = CrashTests.seed &+ store
            let done = Self.doneFolder.map { URL(fileURLWithPath: "\($0)/\(seed)") }
            if let done, FileManager.default.fileExists(atPath: done.path) { continue }
            let problems = try kill(1_000, seed: seed)
            if problems == 0, let done { try Data().write(to: done) }
        }
    }

    private static let doneFolder = ProcessInfo.processInfo.environment["THROUGHLINE_KILL_FOLDER"]

    /// Kills the daemon of one store so many times, and holds that against what it answered.
    ///
    /// - Returns: How much was found to be wrong; each is an issue of the test.
    @discardableResult
    private func kill(_ rounds: Int, seed: UInt64) throws -> Int {
        var random = SeededGenerator(seed: seed)
        let ledger = SharedLedger(producers: Self.producers)
        let daemon = try DaemonProcess()
        for round in 0..<rounds {
            try #require(
                try daemon.start(
                    arguments: [
                        "--segment-events", "2000", "--stride-bytes", "20000", "--journal-bytes",
                        "10485760",
                    ], quietly: true))
            if round > 0 { try expectNewestKnown(ledger, daemon) }
            let goal = ledger.count + Int.random(in: 1...400, using: &random)
            let socket = daemon.socket
            let threads = (0..<Self.producers).map { number in
                PlainThread(name: "producer", nice: 0) {
                    ledger.produce(number, to: socket, seed: seed &+ UInt64(round))
                }
            }
            let reader = PlainThread(name: "reader", nice: 0) { ledger.ask(socket) }
            ledger.wait(for: goal)
            daemon.killNow()
            for thread in threads + [reader] { thread.join() }
        }
        var problems = ledger.problems
        if try daemon.tool(["verify", daemon.store]).code != 0 { problems.append("verify") }
        try #require(try daemon.start(quietly: true))
        problems += ledger.problems(of: try ServedLog(of: daemon))
        if daemon.stop() != 0 { problems.append("it did not end well") }
        #expect(problems.isEmpty, "seed \(seed): \(problems.prefix(3))")
        print("kills under load: seed \(seed), \(rounds) kills, \(ledger.count) events answered")
        return problems.count
    }

    /// Repeats what each producer was answered last: it is known at its position.
    private func expectNewestKnown(_ ledger: SharedLedger, _ daemon: DaemonProcess) throws {
        var connection = try daemon.connect()
        for (number, newest) in ledger.newest.enumerated() {
            guard let newest else { continue }
            let reply = try connection.call(SharedLedger.words(number, newest.id))
            #expect(reply == .array([.integer(newest.position), .simple("REPEAT")]))
        }
    }
}

/// What several producers have been answered.
private final class SharedLedger: Sendable {
    private struct State {
        /// By producer, the position that each of its events was answered with, by id.
        var answered: [[Int64]]
        var count = 0
        var problems: [String] = []
    }

    private let state: Mutex<State>
    private let condition = NSCondition()

    init(producers: Int) {
        state = Mutex(State(answered: Array(repeating: [], count: producers)))
    }

    var count: Int { state.withLock { $0.count } }
    var problems: [String] { state.withLock { $0.problems } }

    /// The last answer of each producer.
    var newest: [(id: Int, position: Int64)?] {
        state.withLock { state in
            state.answered.map { all in all.last.map { (all.count - 1, $0) } }
        }
    }

    /// An event of a producer, the same whenever it is sent.
    static func words(_ producer: Int, _ id: Int) -> [String] {
        [
            "APPEND", "note.taken", "source", "p\(producer)", "id", "\(id)", "interaction",
            "c-\(producer)-\(id / 5)", "customer", "crm:\(id % 7)", "agent", "ana", "DATA",
            String(repeating: "t", count: id % 300),
        ]
    }

    /// Sends what has no answer yet, several at a time, until the daemon dies.
    func produce(_ number: Int, to socket: String, seed: UInt64) {
        var random = SeededGenerator(seed: seed &+ UInt64(number) << 32)
        do {
            var connection = try Connection(socketPath: socket, timeout: .seconds(120))
            while true {
                let first = state.withLock { $0.answered[number].count }
                let window = first..<first + Int.random(in: 1...16, using: &random)
                for id in window { connection.send(Self.words(number, id)) }
                for id in window { note(try connection.receive(), number, id) }
            }
        } catch {
            noteEnd(error)
        }
    }

    /// Asks what agents and routers do until the daemon dies.
    func ask(_ socket: String) {
        let questions = [
            ["CUSTOMER", "crm:1"], ["TIMELINE", "agent-ana"],
            ["METRICS", "FROM", "2026-01-01T00:00:00Z", "TO", "2100-01-01T00:00:00Z"],
        ]
        do {
            var connection = try Connection(socketPath: socket, timeout: .seconds(120))
            while true {
                for question in questions {
                    let reply = try connection.call(question)
                    if case .error = reply { note("\(question) was answered \(reply)") }
                }
            }
        } catch {
            noteEnd(error)
        }
    }

    /// The daemon was killed; nothing else may end a connection to it.
    private func noteEnd(_ error: any Error) {
        switch error {
        case ClientError.closed, ClientError.noDaemon: break
        case ClientError.system(_, let fault) where [EPIPE, ECONNRESET].contains(fault.number):
            break
        default: note("\(error)")
        }
    }

    private func note(_ problem: String) {
        state.withLock { $0.problems.append(problem) }
        condition.broadcast()
    }

    private func note(_ reply: Reply, _ number: Int, _ id: Int) {
        state.withLock { state in
            guard let position = reply.integerValue ?? Self.repeated(reply) else {
                state.problems.append("p\(number) \(id) was answered \(reply)")
                return
            }
            if let before = state.answered[number].last, before >= position {
                state.problems.append("p\(number) \(id) at \(position), before it \(before)")
            }
            state.answered[number].append(position)
            state.count += 1
        }
        condition.broadcast()
    }

    /// An event whose answer a kill has swallowed is stored all the same.
    private static func repeated(_ reply: Reply) -> Int64? {
        guard case .array(let parts) = reply, parts.count == 2 else { return nil }
        return parts[0].integerValue
    }

    /// Waits until so many events are answered, or something is wrong.
    func wait(for goal: Int) {
        let end = Date.now + 120
        condition.lock()
        defer { condition.unlock() }
        while count < goal, problems.isEmpty {
            guard condition.wait(until: end) else {
                return note("\(count) events answered of \(goal), and no more come")
            }
        }
    }

    /// What is not so: everything answered is there, at its position, once; positions have no gaps.
    func problems(of log: ServedLog) -> [String] {
        var problems: [String] = []
        if log.positions != (0..<log.events.count).map({ Int64($0 + 1) }) {
            problems.append("positions have gaps")
        }
        var seen = Set<String>()
        for event in log.events where !seen.insert("\(event.source) \(event.id)").inserted {
            problems.append("\(event.source) \(event.id) is stored twice")
        }
        for (number, positions) in state.withLock({ $0.answered }).enumerated() {
            for (id, position) in positions.enumerated() {
                guard position <= log.events.count else {
                    problems.append("\(position), which was answered, is not there")
                    continue
                }
                let event = log.events[Int(position) - 1]
                if event.source != "p\(number)" || event.id != "\(id)" {
                    problems.append("\(position) is not p\(number) \(id)")
                }
            }
        }
        return problems
    }
}
