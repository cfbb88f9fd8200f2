import EventModel
import FoldTesting
import TestSupport

/// Interactions that take random steps, in the order of time: every event of the lifecycle comes in
/// every state in which the domain's table of states lets it, that table told once more in the
/// plainest way.
struct LifecycleWalk {
    static let queues = ["billing", "orders", "orders-vip"]

    /// What may happen in which state. A state that ends in a plus has a stay open.
    private static let steps: [String: [String]] = [
        "created": [
            "selfservice.entered", "queue.entered", "offer.made", "agent.connected",
            "message.received", "wait.announced", "selfservice.humanRequested",
        ],
        "selfService": [
            "selfservice.left", "selfservice.humanRequested", "queue.entered",
            "callback.requested", "interaction.abandoned", "voicemail.left",
        ],
        "selfService+": ["selfservice.left", "interaction.abandoned", "queue.left"],
        "queued": [
            "queue.positionChanged", "queue.left", "offer.made", "agent.connected",
            "offer.accepted", "wait.announced", "callback.requested", "interaction.abandoned",
            "voicemail.left", "selfservice.entered",
        ],
        "offering": [
            "queue.left", "queue.entered", "offer.made", "offer.accepted", "offer.rejected",
            "offer.missed", "offer.rescinded", "offer.failed", "agent.connected",
            "interaction.abandoned", "callback.requested", "voicemail.left",
        ],
        "connected": [
            "hold.started", "consult.started", "consult.ended", "conference.joined",
            "conference.left", "transfer.started", "transfer.completed", "transfer.failed",
            "message.sent", "interaction.abandoned", "interaction.disconnected", "wrapup.started",
        ],
        "held": [
            "hold.ended", "consult.started", "transfer.completed", "interaction.abandoned",
            "interaction.disconnected",
        ],
        "disconnected": [
            "transfer.failed", "transfer.completed", "wrapup.started", "interaction.completed",
        ],
        "wrapUp": ["wrapup.ended", "interaction.completed"],
        "flowedOut": [
            "queue.entered", "callback.requested", "voicemail.left", "interaction.completed",
        ],
        "callbackPending": [
            "queue.entered", "callback.reached", "callback.failed", "callback.expired",
            "callback.cancelled",
        ],
        "abandoned": ["interaction.completed"],
        "voicemail": ["interaction.completed"],
        "completed": ["interaction.reopened", "contact.classified", "interaction.anomaly"],
    ]
    private static let anywhere = [
        "interaction.failed", "interaction.expired", "interaction.inferredEnd",
        "contact.classified", "message.received", "message.sent", "interaction.anomaly",
        "thread.joined", "thread.split",
    ]

    private(set) var happenings: [Happening] = []
    private(set) var naive = NaiveQueues()
    private var clock: Int64 = 1_751_000_000_000
    private var names: [String] = []
    private var offers = 0

    /// All types that a walk may take.
    static var types: Set<String> {
        Set(steps.values.joined()).union(anywhere).union(["interaction.created", "entry.refused"])
    }

    /// Takes one step and returns the event.
    mutating func step(_ random: inout SeededGenerator) -> Happening {
        // Often several things happen at one moment.
        clock += Int64.random(in: 0...3, using: &random) * 500
        let happening = next(&random)
        happenings.append(happening)
        naive.apply(happening)
        return happening
    }

    private mutating func next(_ random: inout SeededGenerator) -> Happening {
        let open = names.filter { naive.interactions[$0].map { !$0.isOver } ?? false }
        if random.once(in: 40) {
            return Happening(
                "entry.refused", clock, nil,
                [
                    "queue": .ref(random.pick(Self.queues)), "channel": .text("voice"),
                    "reason": .text("full"),
                ])
        }
        guard open.count > 3, !random.once(in: 6) else { return begin(&random) }
        // Now and then something is told of what is over.
        let name = random.once(in: 12) ? random.pick(names) : random.pick(open)
        guard let interaction = naive.interactions[name] else { return begin(&random) }
        let kinds = interaction.isOver ? Self.steps[interaction.state] ?? [] : steps(interaction)
        guard !kinds.isEmpty else { return begin(&random) }
        let isRare = !interaction.isOver && random.once(in: 15)
        return happening(random.pick(isRare ? Self.anywhere : kinds), name, interaction, &random)
    }

    private func steps(_ interaction: NaiveQueues.Interaction) -> [String] {
        let waits = interaction.state == "selfService" && interaction.isWaiting
        return Self.steps[waits ? "selfService+" : interaction.state] ?? []
    }

    private mutating func begin(_ random: inout SeededGenerator) -> Happening {
        let name = "c-\(names.count)"
        names.append(name)
        let people =
            Bool.random(using: &random)
            ? [Identifier(kind: "crm", value: "p\(Int.random(in: 0..<6, using: &random))")] : []
        var happening = Happening(
            "interaction.created", clock, name,
            [
                "channel": .text(random.pick(["voice", "chat", "email"])),
                "direction": .text("inbound"), "method": .text("inbound"),
            ], people)
        if random.once(in: 3) {
            happening.attributes.append(("queue", .ref(random.pick(Self.queues))))
        }
        if random.once(in: 5) { happening.attributes.append(("initial", .ref("c-0"))) }
        return happening
    }

    private mutating func happening(
        _ type: String, _ name: String, _ interaction: NaiveQueues.Interaction,
        _ random: inout SeededGenerator
    ) -> Happening {
        var happening = Happening(type, clock, name)
        func add(_ name: String, _ value: AttributeValue) {
            happening.attributes.append((name, value))
        }
        switch type {
        case "queue.entered":
            add("queue", .ref(random.pick(Self.queues)))
            add("priority", .integer(Int64.random(in: -1...2, using: &random)))
            if random.once(in: 3) { add("keep_place", .boolean(true)) }
            if random.once(in: 5) { add("stay_kind", .text("callback")) }
        case "queue.left":
            add("reason", .text(random.pick(["overflow", "timeout", "toVoicemail"])))
        case "offer.made":
            offers += 1
            add("agent", .ref(random.pick(["ana", "bea", "cai"])))
            add("offer_id", .ref("o-\(offers)"))
        case "offer.accepted", "offer.rejected", "offer.missed", "offer.rescinded",
            "offer.failed":
            if let offer = interaction.ringing.randomElement(using: &random) {
                add("agent", .ref(offer.agent))
                add("offer_id", .ref(offer.id))
            } else {
                add("agent", .ref("ana"))
            }
        case "agent.connected": add("agent", .ref(random.pick(["ana", "bea", "cai"])))
        case "callback.requested", "callback.reached", "callback.failed", "callback.expired",
            "callback.cancelled":
            add("callback_id", .ref("k-\(name)"))
        case "contact.classified": add("kind", .text(random.pick(["test", "spam", "genuine"])))
        case "interaction.abandoned": add("phase", .text("unreplied"))
        case "interaction.inferredEnd": add("rule", .text("silence"))
        case "wait.announced": add("expected_ms", .integer(60_000))
        default: break
        }
        return happening
    }
}
