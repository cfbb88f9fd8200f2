/// The work: talk, hold, what comes after; offers and transfers; reaching a person.
extension MetricDefinition {
    static let handling: [MetricDefinition] = [
        count("handled", .handled, "connections of an agent and a customer", .ended),
        spread("talk", .talk, "Σ (connected − held)", .ended),
        spread(
            "hold", .hold, "held time of connections that were held", .ended,
            source: "Amazon Connect HOLD_TIME"),
        mean(
            "hold_per_handled", "Σ held / handled", [.hold],
            source: "Amazon Connect, all contacts"),
        spread("acw", .wrapUp, "Σ wrap-up", .ended),
        mean(
            "aht", "Σ (talk + hold + acw) / handled", [.talk, .hold, .wrapUp],
            source: "Amazon Connect AHT, Genesys total handle"),
        share("hold_rate", "connections with ≥ 1 hold / handled", .held, of: .handled, .ended),
        share(
            "transfer_rate", "contacts passed on by an agent / handled", .transferred,
            of: .handled, .ended),
        count("transfers_blind", .transfersBlind, "finished blind transfers", .ended),
        count("transfers_attended", .transfersAttended, "finished attended transfers", .ended),
        count("transfers_to_queue", .transfersToQueue, "transfers to a queue by an agent", .ended),
        count("transfers_external", .transfersExternal, "transfers to a number outside", .ended),
        share(
            "agent_answer_rate", "offers accepted / offers made", .offersAccepted,
            of: .offersMade, .offered, source: "Amazon Connect"),
        MetricDefinition(
            name: "agent_answer_rate_reached", unit: .share,
            formula: "offers accepted / (offers made − those the customer abandoned)",
            anchor: .offered, source: "Amazon Connect",
            uses: Uses(counts: [.offersAccepted, .offersMade, .offersAbandoned])
        ) { .share($0[.offersAccepted], of: $0[.offersMade] - $0[.offersAbandoned]) },
        count("offers_missed", .offersMissed, "offers an agent did not react to", .offered),
        count("offers_rejected", .offersRejected, "offers an agent declined", .offered),
    ]

    static let reaching: [MetricDefinition] = [
        share(
            "drop_rate", "ended by telecom, system, third, or agent within 10 s / handled",
            .dropped, of: .handled, .ended),
        share(
            "dropped_recovered", "dropped, and spoken with again within 30 min / dropped",
            .dropsRecovered, of: .dropsKnown, .ended,
            filter: "known customers, where and when they were dropped", window: .minutes(30),
            version: 2),
        count("human_asked", .humanAsked, "interactions with selfservice.humanRequested", .created),
        share(
            "human_reached", "connected / asked for a person", .humanReached, of: .humanAsked,
            .created),
        share(
            "human_blocked", "contained, dropped or lost before a queue / asked for a person",
            .humanBlocked, of: .humanAsked, .created),
        spread("time_to_human", .timeToHuman, "connected − first request", .created),
        spread(
            "steps_to_human", .stepsToHuman, "steps of self-service in between", .created,
            unit: .steps),
        share(
            "containment_claimed", "the flow's own word contained / self-served",
            .containedClaimed, of: .selfServed, .created),
        share(
            "containment",
            "contained, no person asked for, no contact within 24 h / self-served", .contained,
            of: .selfServedKnown, .created, filter: "known customers", window: .hours(24)),
        share(
            "abandon_unrecovered",
            "abandoned, and not spoken with within 24 h / abandoned", .abandonsUnrecovered,
            of: .abandonsKnown, .ended,
            filter: "known customers, where and when they were gone", window: .hours(24),
            version: 2),
        share(
            "digital_first", "threads that began on web, app or by message / threads",
            .digitalFirst, of: .threads, .created, version: 2),
        share(
            "fall_through", "of these, with a call later / of these", .fellThrough,
            of: .digitalFirst, .created, window: .open, version: 2),
    ]

    private static func mean(
        _ name: String, _ formula: String, _ parts: [MetricDistribution], source: String
    ) -> MetricDefinition {
        MetricDefinition(
            name: name, unit: .milliseconds, formula: formula, anchor: .ended, source: source,
            uses: Uses(counts: [.handled], distributions: parts)
        ) { figures in
            let sum = parts.reduce(Int128(0)) { $0 + figures.sum.total(of: $1) }
            return .mean(sum: sum, of: figures[.handled])
        }
    }
}
