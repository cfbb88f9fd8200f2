internal import EventModel

/// Queues: who came, who was answered, who gave up, and how long it took.
extension MetricDefinition {
    static let queueing: [MetricDefinition] = [
        count("contacts", .contacts, "interactions that are the first of their contact", .created),
        share(
            "legs_known",
            "legs whose customer is known / legs; what is said of one by one whose customer is not "
                + "known, like its reason, is not of the contact it was made out of", .legsKnown,
            of: .legs, .created),
        count("offered", .offered, "O: stays in a queue, but those of call backs", .offered),
        ended(
            "answered", .waitAnswered,
            "A: stays that an agent ended, or on message channels the first reply of one",
            version: 2),
        ended(
            "abandoned", .waitAbandoned,
            "B: stays that the customer ended, in queue or offer, or before a reply",
            version: 2),
        count("flowed_out", .flowedOut, "F: stays that left the queue without an agent", .offered),
        ended("callbacks_taken", .waitToCallback, "C: the part of F by a request for a call back"),
        count("failed", .failed, "stays that broke", .offered),
        count("expired", .expired, "stays that ran into a limit", .offered),
        ended(
            "waiting", .openWait, "W: stays without an end; O = A + B + F + failed + expired + W"),
        count("lost_demand", .refused, "customers not let in; never in O", .offered),
        count(
            "redials", .redials,
            "tries within 10 min after the customer was gone from an abandoned or dropped contact",
            .created, version: 2),
        MetricDefinition(
            name: "asa", version: 2, unit: .milliseconds, formula: "Σ wait(answered) / A",
            anchor: .offered,
            source: "Amazon Connect average queue answer time, Genesys ASA",
            uses: Uses(distributions: [.waitAnswered])
        ) { .distribution($0.spread(.waitAnswered)) },
        spread(
            "average_time_to_abandon", .waitAbandoned, "Σ wait(abandoned) / B", .offered, version: 2
        ),
        spread(
            "average_time_to_flow_out", .waitUnserved,
            "Σ wait / n of stays that flowed out, but to a call back, failed or expired", .offered),
        MetricDefinition(
            name: "max_wait", unit: .milliseconds,
            formula: "the longest wait that ended, abandons and flow-outs included",
            anchor: .offered, source: "Amazon Connect MAX_QUEUED_TIME",
            uses: Uses(distributions: [
                .waitAnswered, .waitAbandoned, .waitToCallback, .waitUnserved,
            ])
        ) { figures in
            let waits = [
                MetricDistribution.waitAnswered, .waitAbandoned, .waitToCallback, .waitUnserved,
            ].map { figures[$0] }
            return .greatest(
                waits.compactMap(\.maximum).max(), of: waits.reduce(0) { $0 + $1.count })
        },
        spread("customer_wait", .customerWait, "first answer − created", .created, version: 2),
        spread(
            "assigned", .assigned,
            "an agent took over − queue.entered of message channels; answers nothing", .offered),
        spread(
            "announced_error", .announcedError,
            "answered − wait.announced − expected, by the last word of each stay", .offered),
        MetricDefinition(
            name: "announced_kept", unit: .share,
            formula: "announced waits no longer than the longest told / announced waits answered",
            anchor: .offered, source: "Throughline",
            uses: Uses(counts: [.announcedKept], distributions: [.announcedError])
        ) { .share($0[.announcedKept], of: $0.count(.announcedError)) },
        spread("ring", .ring, "offer.accepted − offer.made of the same agent", .offered),
        MetricDefinition(
            name: "abandon_rate", version: 2, unit: .share, formula: "B / O", anchor: .offered,
            source: "Amazon Connect ABANDONMENT_RATE",
            uses: Uses(counts: [.offered], distributions: [.waitAbandoned])
        ) { .share($0.count(.waitAbandoned), of: $0[.offered]) },
        MetricDefinition(
            name: "long_abandon_rate", version: 3, unit: .share, formula: "(B − Bs) / (O − Bs)",
            anchor: .offered, source: "8x8; s is SHORT, 5 s",
            uses: Uses(counts: [.offered], distributions: [.waitAbandoned]), usesShort: true
        ) {
            let short = $0.count(.waitAbandoned, below: $0.shortAbandon)
            return .share($0.count(.waitAbandoned) - short, of: $0[.offered] - short)
        },
        count(
            "pre_queue_abandons", .abandonedBeforeQueue,
            "abandons before any queue, drops in self-service among them; never in B", .created,
            version: 2),
        count(
            "hold_abandons", .abandonedOnHold, "abandons on hold; never in B", .ended, version: 2),
    ]

    /// Beside abandons: who was promised a call back and never reached.
    static let callbacks: [MetricDefinition] = [
        count(
            "callbacks_lost", .callbacksLost,
            "call backs that failed or expired with nobody reached",
            .offered)
    ]

    /// The presets of service level, side by side. T is the first TARGET. Open waits are left out: of
    /// closed intervals there are none.
    static let serviceLevels: [MetricDefinition] = [
        level("sl_answered", "A_T / A", "Asterisk SL; 8x8 report") {
            .share($0.met, of: $0.count(.waitAnswered))
        },
        level("sl_offered", "A_T / (O − W)", "Cisco, abandon negative") {
            .share($0.met, of: $0.served)
        },
        level("sl_ignore_abandon", "A_T / (O − W − B_T)", "Cisco, abandon ignored") {
            .share($0.met, of: $0.served - $0.count(.waitAbandoned, within: $0.target))
        },
        level("sl_positive_abandon", "(A_T + B_T) / (O − W)", "Cisco, abandon positive") {
            .share($0.met + $0.count(.waitAbandoned, within: $0.target), of: $0.served)
        },
        level("sl_removed", "(A_T + B_T + C_T) / (O − W)", "Amazon Connect SERVICE_LEVEL") {
            .share(
                $0.met + $0.count(.waitAbandoned, within: $0.target)
                    + $0.count(.waitToCallback, within: $0.target), of: $0.served)
        },
        level("sl_genesys", "A_T / (A + B)", "Genesys without its switches") {
            .share($0.met, of: $0.count(.waitAnswered) + $0.count(.waitAbandoned))
        },
        level(
            "sl_genesys_flow_out", "A_T / (A + B + F)", "Genesys with flow-outs"
        ) {
            .share(
                $0.met,
                of: $0.count(.waitAnswered) + $0.count(.waitAbandoned) + $0[.flowedOut])
        },
        level(
            "sl_genesys_long", "A_T / (A + B − Bs)", "Genesys without short abandons",
            usesShort: true
        ) {
            .share(
                $0.met,
                of: $0.count(.waitAnswered) + $0.count(.waitAbandoned)
                    - $0.count(.waitAbandoned, below: $0.shortAbandon))
        },
        level("sl_long_offered", "A_T / (O − W − Bs)", "Talkdesk", usesShort: true) {
            .share($0.met, of: $0.served - $0.count(.waitAbandoned, below: $0.shortAbandon))
        },
        level(
            "sl_wallboard", "A_T / (O − W_T − Bs)", "8x8 wallboard", version: 2, usesShort: true
        ) {
            .share(
                $0.met,
                of: $0.served + $0.waitingPastTarget
                    - $0.count(.waitAbandoned, below: $0.shortAbandon))
        },
    ]

    /// Whether those who wait past the target count as missed.
    var countsWaiting: Bool {
        name == "sl_wallboard" || LevelSwitches(name)?.countsWaiting ?? false
    }

    private static func level(
        _ name: String, _ formula: String, _ source: String, version: Int = 3,
        usesShort: Bool = false, _ value: @escaping @Sendable (MetricFigures) -> MetricValue
    ) -> MetricDefinition {
        MetricDefinition(
            name: name, version: version, unit: .share, formula: formula, anchor: .offered,
            source: source,
            uses: Uses(
                counts: [.offered, .flowedOut],
                distributions: [.waitAnswered, .waitAbandoned, .waitToCallback, .openWait]),
            usesTarget: true, usesShort: usesShort, value: value)
    }

    private static func ended(
        _ name: String, _ which: MetricDistribution, _ formula: String, version: Int = 1
    ) -> MetricDefinition {
        MetricDefinition(
            name: name, version: version, unit: .count, formula: formula, anchor: .offered,
            source: "Throughline",
            uses: Uses(distributions: [which])
        ) { .count($0.count(which)) }
    }

    static func count(
        _ name: String, _ which: MetricCount, _ formula: String, _ anchor: MetricAnchor,
        version: Int = 1
    ) -> MetricDefinition {
        MetricDefinition(
            name: name, version: version, unit: .count, formula: formula, anchor: anchor,
            source: "Throughline",
            uses: Uses(counts: [which])
        ) { .count($0[which]) }
    }

    static func spread(
        _ name: String, _ which: MetricDistribution, _ formula: String, _ anchor: MetricAnchor,
        unit: Unit = .milliseconds, window: MetricDefinition.Window = .none,
        source: String = "Throughline", version: Int = 1
    ) -> MetricDefinition {
        MetricDefinition(
            name: name, version: version, unit: unit, formula: formula, window: window,
            anchor: anchor, source: source,
            uses: Uses(distributions: [which])
        ) { .distribution($0.spread(which)) }
    }

    static func share(
        _ name: String, _ formula: String, _ part: MetricCount, of whole: MetricCount,
        _ anchor: MetricAnchor, filter: String = "all", window: MetricDefinition.Window = .none,
        source: String = "Throughline", version: Int = 1
    ) -> MetricDefinition {
        MetricDefinition(
            name: name, version: version, unit: .share, formula: formula, filter: filter,
            window: window, anchor: anchor, source: source, uses: Uses(counts: [part, whole])
        ) { .share($0[part], of: $0[whole]) }
    }
}

extension MetricFigures {
    /// A_T: answered within the target, the target itself included.
    fileprivate var met: Int64 { count(.waitAnswered, within: target) }

    /// O − W.
    fileprivate var served: Int64 { self[.offered] - count(.openWait) }

    /// Of W those past the target: the numbers of open waits are the moments at which they began.
    var waitingPastTarget: Int64 {
        let bound = now.rawValue.subtractingReportingOverflow(target)
        return bound.overflow ? 0 : count(.openWait, below: bound.partialValue)
    }
}
