internal import ArgumentParser
internal import Client
internal import EventModel
internal import RESP
internal import Synchronization
internal import Threads

/// What it takes until two customers who have much behind them are shown as one person.
struct MergeProfile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "MERGE of two customers until CUSTOMER with AFTER answers, and PING meanwhile.")

    @OptionGroup var options: BenchOptions
    @Option(help: "Events of each of the two.") var events = 1_000
    @Option(help: "Pairs, one behind the other.") var pairs = 10

    /// Of each contact.
    private static let contactEvents = 5

    func validate() throws {
        guard events >= Self.contactEvents, events % Self.contactEvents == 0, pairs >= 1 else {
            throw ValidationError(
                "--events is a multiple of \(Self.contactEvents), --pairs at least 1")
        }
    }

    func run() throws {
        try options.measure("merge") { bench in
            try bench.ours.begin()
            defer { bench.endAll() }
            var connection = try Connection(socketPath: bench.ours.socketPath)
            for pair in 0..<pairs {
                for side in ["a", "b"] { try fill("\(pair)\(side)", &connection) }
            }
            try settle(&connection)
            let quiet = try Pinging(bench.ours.socketPath)
            try Self.waiting(seconds: options.seconds)
            let before = try quiet.end()
            var spent: [Double] = []
            var meanwhile: [Double] = []
            for pair in 0..<pairs {
                let pinging = try Pinging(bench.ours.socketPath)
                spent.append(try merge(pair, &connection))
                meanwhile += try pinging.end()
            }
            tell(bench, "MERGE to CUSTOMER that shows it, median", Statistics.median(spent), "ms")
            tell(bench, "the same, slowest", spent.max() ?? .nan, "ms")
            tell(bench, "PING p99 before", Self.p99(before), "µs")
            tell(bench, "PING p99 meanwhile, of \(meanwhile.count)", Self.p99(meanwhile), "µs")
        }
    }

    /// Gives a customer contacts that were queued, answered and are over.
    private func fill(_ name: String, _ connection: inout Connection) throws {
        let customer = "crm:merge-\(name)"
        for contact in 0..<events / Self.contactEvents {
            let interaction = "merge-\(name)-\(contact)"
            let types = [
                "interaction.created", "queue.entered", "offer.accepted",
                "interaction.disconnected", "interaction.completed",
            ]
            for (step, type) in types.enumerated() {
                let occurred = Self.start.advanced(
                    byMilliseconds: Int64(contact) * 3_600_000 + Int64(step) * 1_000)
                var words = [
                    "APPEND", type, "source", "bench-merge", "id", "\(interaction)-\(step)",
                    "customer", customer, "interaction", interaction, "channel", "voice",
                    "occurred", occurred.rfc3339,
                ]
                if step == 0 { words += ["direction", "inbound", "method", "inbound"] }
                if step == 3 { words += ["by", "customer"] }
                if step > 0, step < 4 { words += ["queue", "billing"] }
                if step == 2 || step == 3 { words += ["agent", "agent-1"] }
                let reply = try connection.call(words)
                guard reply.integerValue != nil else { throw BenchFailure("\(type): \(reply)") }
            }
        }
    }

    /// 2025-09-01T06:00:00Z.
    private static let start = Timestamp(milliseconds: 1_756_706_400_000)

    private func settle(_ connection: inout Connection) throws {
        guard let head = try connection.call("HEAD").integerValue else {
            throw BenchFailure("HEAD answered no position")
        }
        for words in [["CUSTOMER", "crm:merge-0a"], ["QUEUE", "billing"]] {
            try Self.succeeded(
                try connection.call(words + ["AFTER", "\(head)", "WITHIN", "60000"]))
        }
    }

    /// Returns the milliseconds from MERGE until a card shows it.
    private func merge(_ pair: Int, _ connection: inout Connection) throws -> Double {
        let (left, right) = ("crm:merge-\(pair)a", "crm:merge-\(pair)b")
        let begin = Clock.now()
        let reply = try connection.call(
            "MERGE", left, right, "REASON", "bench", "ACTOR", "bench")
        guard let position = reply.integerValue else { throw BenchFailure("MERGE: \(reply)") }
        let card = try connection.call(
            ["CUSTOMER", right, "AFTER", "\(position)", "WITHIN", "60000"])
        let spent = Double(Clock.now() - begin) / 1e6
        guard card.text?.contains("\"merge-\(pair)a\"") ?? false else {
            throw BenchFailure("the card does not show both: \(card)")
        }
        return spent
    }

    private static func succeeded(_ reply: Reply) throws {
        guard reply.text != nil else { throw BenchFailure("CUSTOMER: \(reply)") }
    }

    private static func waiting(seconds: Double) throws {
        let end = Clock.now() + UInt64(seconds * 1e9)
        while Clock.now() < end { try Interruption.check() }
    }

    private static func p99(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? .nan : sorted[sorted.count * 99 / 100]
    }

    private func tell(_ bench: Bench, _ name: String, _ value: Double, _ unit: String) {
        bench.report.figures.append(Report.Figure(name: name, value: value, unit: unit))
        bench.say(
            "  " + Comparison.pad(name, 48) + Comparison.lead(Comparison.decimal(value, 2), 12)
                + " \(unit)")
    }
}

/// A connection of its own that asks PING one behind the other until it is ended.
private final class Pinging {
    private struct State {
        var isOver = false
        var microseconds: [Double] = []
        var failure: String?
    }

    private let state: SharedState
    private let thread: PlainThread

    private final class SharedState: Sendable {
        let value = Mutex(State())
    }

    init(_ socketPath: String) throws {
        let state = SharedState()
        self.state = state
        thread = PlainThread(name: "ping", nice: 0) {
            do {
                var connection = try Connection(socketPath: socketPath)
                while !state.value.withLock({ $0.isOver }) {
                    let begin = Clock.now()
                    _ = try connection.call("PING")
                    let spent = Double(Clock.now() - begin) / 1e3
                    state.value.withLock { $0.microseconds.append(spent) }
                }
            } catch {
                state.value.withLock { $0.failure = "\(error)" }
            }
        }
    }

    /// Ends it; returns what each took, in microseconds.
    func end() throws -> [Double] {
        state.value.withLock { $0.isOver = true }
        thread.join()
        let (found, failure) = state.value.withLock { ($0.microseconds, $0.failure) }
        if let failure { throw BenchFailure("PING: \(failure)") }
        return found
    }
}
