import ArgumentParser
import Client
import EventModel
import Glibc
import Importing
import RESP
import Simulation

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Fill a store with the days of a simulated shop.",
        discussion: """
            Everybody in it is made up. The last day ends now, with people waiting and others being \
            served. Equal options on an equal day give equal events.
            """)

    @OptionGroup var connection: ConnectionOptions

    @Option(help: "Decides all that happens.")
    var seed: UInt64 = 7

    @Option(help: "How many people may come, 1 to \(SimulationLimits.customersMax).")
    var customers = 400

    @Option(help: "How many days, 1 to \(SimulationLimits.daysMax).")
    var days = 1

    @Flag(help: "Show one customer and the queues afterwards.")
    var show = false

    func validate() throws {
        guard (1...SimulationLimits.customersMax).contains(customers) else {
            throw ValidationError("--customers must be 1 to \(SimulationLimits.customersMax)")
        }
        guard (1...SimulationLimits.daysMax).contains(days) else {
            throw ValidationError("--days must be 1 to \(SimulationLimits.daysMax)")
        }
    }

    func run() throws {
        let clock = ContinuousClock()
        let start = clock.now
        let now = Timestamp(milliseconds: Int64(time(nil)) * 1_000)
        let options = SimulationOptions(seed: seed, start: now, customers: customers, days: days)
        var simulation = ShopSimulation(options.ending(at: now))
        let channel = BatchChannel(try connection.connect().intoConnection())
        let report = try simulation.run { try channel.send($0) }
        let head = try channel.finish()
        let seconds = max(0.001, (clock.now - start).seconds)
        let waiting = report.waiting.sorted { $0.key < $1.key }
            .map { "\($0.value) in \($0.key)" }.joined(separator: ", ")
        Terminal.write(
            """
            \(Int(report.events).grouped) events stored in \(Int(seconds * 1_000).grouped) ms, \
            \(Int(Double(report.events) / seconds).grouped) events/s; the log is at \(head)
            at the end \(report.inService) are being served and wait: \(waiting)

            """)
        if show { try showAround(report, head) }
    }

    private func showAround(_ report: SimulationReport, _ head: Int64) throws {
        var session = try connection.connect()
        let fresh = ["AFTER", "\(head)", "WITHIN", "60000"]
        if let customer = report.customer {
            let name = "\(customer.kind):\(customer.value)"
            Terminal.write("\n> CUSTOMER \(name)\n")
            try session.document(["CUSTOMER", name] + fresh, missing: "the customer is not there")
                .show(json: false)
        }
        Terminal.write("\n> QUEUES\n")
        try session.document(["QUEUES"] + fresh, missing: "there are no queues").show(json: false)
    }
}

/// Sends batches through a pipeline; the first refusal is kept for the end.
private final class BatchChannel {
    private var pipeline: Pipeline?
    private let refusals = Refusals()

    private final class Refusals {
        var first: String?
    }

    init(_ connection: consuming Connection) {
        let refusals = refusals
        pipeline = Pipeline(connection) { _, reply in
            if case .error(let code, let message) = reply, refusals.first == nil {
                refusals.first = "\(code) \(message)"
            }
        }
    }

    func send(_ batch: EventBatch) throws {
        do throws(ClientError) {
            try pipeline!.submit { encoder in
                encoder.begin(argumentCount: 2 + batch.wordCount)
                encoder.append("APPENDBATCH")
                encoder.append(batch.eventCount)
                batch.forEachWord { encoder.append($0) }
            }
        } catch {
            throw ToolFailure("\(error)")
        }
        try check()
    }

    private func check() throws {
        if let first = refusals.first {
            throw ToolFailure("a simulated event was refused: \(first)")
        }
    }

    /// Waits for all answers and returns the head of the log.
    func finish() throws -> Int64 {
        guard let open = pipeline.take() else { preconditionFailure("finished once") }
        let head: Reply
        do throws(ClientError) {
            var connection = try open.finish()
            head = try connection.call("HEAD")
        } catch {
            throw ToolFailure("\(error)")
        }
        try check()
        guard let position = head.integerValue else {
            throw ToolFailure("HEAD answered no position")
        }
        return position
    }
}
