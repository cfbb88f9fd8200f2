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
            Everybody in it is made up. The last day stops at 20:30 by the shop's clock, with \
            people waiting and others being served; unless --start says otherwise, that is now. \
            Equal options and an equal start give equal events, so sending them again stores \
            nothing.
            """)

    @OptionGroup var connection: ConnectionOptions

    @Option(help: "Decides all that happens.")
    var seed: UInt64 = 7

    @Option(help: "How many people may come, 1 to \(SimulationLimits.customersMax).")
    var customers = 400

    @Option(help: "How many agents there are. Default: one for 50 customers, at least 6.")
    var agents: Int?

    @Option(help: "How many days, 1 to \(SimulationLimits.daysMax).")
    var days = 1

    @Option(help: ArgumentHelp("Midnight of the first day (RFC 3339).", valueName: "time"))
    var start: String?

    @Option(help: ArgumentHelp("How many times more people come on the last day.", valueName: "n"))
    var holiday = 1

    @Option(help: "Of a thousand events, those that come minutes late, behind later ones.")
    var late = 0

    @Option(help: "Of a thousand events, those that come twice.")
    var duplicated = 0

    @Option(help: "Of a thousand events, those that never come.")
    var lost = 0

    @Option(help: "How often a day each system falls silent, and tells all later.")
    var silences = 0

    @Flag(help: "Afterwards show one of the customers, and the queues.")
    var show = false

    func validate() throws {
        guard start == nil || Timestamp(rfc3339: start ?? "") != nil else {
            throw ValidationError("--start is a time such as 2026-03-02T00:00:00Z")
        }
        guard (1...SimulationLimits.daysMax).contains(days), options.isInRange else {
            throw ValidationError(
                "--customers must be 1 to \(SimulationLimits.customersMax), --agents 1 to "
                    + "\(SimulationLimits.agentsMax), --days 1 to \(SimulationLimits.daysMax), "
                    + "--holiday 1 to \(SimulationLimits.holidayFactorMax)")
        }
        guard trouble.isInRange else {
            throw ValidationError(
                "--late, --duplicated and --lost are of a thousand, --silences 0 to "
                    + "\(SimulationLimits.silencesMax)")
        }
    }

    private var options: SimulationOptions {
        let now = Timestamp(milliseconds: Int64(time(nil)) * 1_000)
        var options = SimulationOptions(
            seed: seed, start: now, customers: customers, agents: agents, days: days)
        if holiday != 1 {
            options.holidays = SimulationOptions.Holidays(
                firstDay: days - 1, days: 1, factor: holiday)
        }
        guard let start = start.flatMap({ Timestamp(rfc3339: $0) }) else {
            return options.ending(at: now)
        }
        options.start = start
        return options
    }

    private var trouble: FeedTrouble {
        var trouble = FeedTrouble()
        trouble.late = late
        trouble.duplicated = duplicated
        trouble.lost = lost
        trouble.silences = silences
        return trouble
    }

    func run() throws {
        let options = options
        var feed = TroubledFeed(ShopSimulation(options), trouble)
        let clock = ContinuousClock()
        let begin = clock.now
        var sender = EventSender(try connection.connect().intoConnection())
        let report = try feed.run { try sender.send($0) }
        let summary = try sender.finish()
        Terminal.write(text(report, summary, options, clock.now - begin))
        guard show, let customer = report.customer else { return }
        let name = "\(customer.kind):\(customer.value)"
        var session = try connection.connect()
        for words in [["CUSTOMER", name], ["QUEUES"]] {
            let fresh = ["AFTER", "\(summary.lastPosition)", "WITHIN", "60000"]
            let document = try session.document(
                words + fresh, missing: "\(words[0]) found nothing")
            Terminal.write("\n> \(words.joined(separator: " "))\n")
            let shape = words[0] == "QUEUES" ? QueuesCommand.shape : DocumentShape()
            OutputOptions.shown(try document.value(), as: shape)
        }
    }

    private func text(
        _ report: SimulationReport, _ summary: EventSender.Summary, _ options: SimulationOptions,
        _ elapsed: Duration
    ) -> String {
        let waiting = report.waiting.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        let rate = Int(Double(report.events) / max(0.001, elapsed.seconds)).grouped
        let tenths = Int(elapsed.seconds * 10)
        var rows = [
            ("events", "\(Int(report.events).grouped), \(summary.stored.grouped) of them new"),
            ("log at", "\(Int(summary.lastPosition).grouped)"),
            ("time", "\(options.start.rfc3339) to \(options.end.rfc3339)"),
            ("sent in", "\(tenths / 10).\(tenths % 10) s, \(rate) events/s"),
            ("waiting", waiting.isEmpty ? "nobody" : waiting.joined(separator: ", ")),
            ("in service", "\(report.inService)"),
            ("to be called back", "\(report.callbacksPending)"),
        ]
        if let customer = report.customer {
            rows.append(("look at", "\(customer.kind):\(customer.value)"))
        }
        let width = rows.map { $0.0.count }.max() ?? 0
        return rows.map {
            DisplayWidth.pad($0.0, to: width) + "  " + Escaping.printable($0.1) + "\n"
        }.joined()
    }
}
