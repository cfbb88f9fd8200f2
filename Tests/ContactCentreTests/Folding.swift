import EventModel
import FoldTesting
import Testing

@testable import ContactCentre

/// Folds happenings, in the order given as positions, in the order they happened.
func fold(_ happenings: [Happening]) throws -> Interaction {
    var log = MemoryLog()
    log.append(happenings)
    return try fold(log, happenings.indices.map { $0 + 1 })
}

/// Folds the events at some positions in (occurred, position) order.
func fold(_ log: MemoryLog, _ positions: [Int]) throws -> Interaction {
    var order: [(Timestamp, Position)] = []
    for position in positions {
        try log.read(Position(UInt64(position))) { event in
            order.append((event.occurred, event.position))
        }
    }
    order.sort { $0 < $1 }
    var interaction = Interaction()
    for (_, position) in order {
        var next = interaction
        try log.read(position) { event in
            guard let kind = LifecycleEvent(type: event.type) else { return }
            next.apply(event, as: kind)
        }
        interaction = next
        #expect(interaction.brokenInvariants == [])
    }
    return interaction
}

extension Interaction {
    /// What never happens, whatever is sent.
    var brokenInvariants: [String] {
        var broken: [String] = []
        func check(_ holds: Bool, _ what: String) { if !holds { broken.append(what) } }
        check(
            stays.dropLast().allSatisfy { $0.ended != nil }, "only the last stay can be open")
        check(
            stays.allSatisfy { ($0.ended == nil) == ($0.outcome == nil) },
            "a stay has an end and an outcome, or neither")
        check(
            stays.allSatisfy { $0.waitMilliseconds ?? 0 >= 0 }, "waits are not negative")
        check(
            connections.dropLast().allSatisfy { $0.ended != nil },
            "at most one agent is connected")
        check(
            (openConnection != nil) == (state == .connected || state == .held),
            "an agent is connected just while the state says so")
        let held = openConnection.flatMap { connections[$0].holdStarted } != nil
        check(held == (state == .held), "held only inside connected")
        let waitingStates: Set<InteractionState> = [.queued, .offering, .selfService]
        check(openStay == nil || waitingStates.contains(state), "who waits is in a queue")
        check(state != .queued || openStay != nil, "who is queued waits")
        check(state.isOpen == (ended == nil), "what is over has an end")
        check(
            connections.allSatisfy { $0.talkMilliseconds ?? 0 >= 0 }, "talk is not negative")
        check(anomalies.count <= InteractionLimits.anomaliesMax, "anomalies are bounded")
        return broken
    }
}

/// The golden call of a bank: a queue clock and an agent clock.
enum Bank {
    static func call(
        entry: Int64, exit: Int64, queue: (start: Int64, exit: Int64)?,
        service: (start: Int64, exit: Int64)?, id: String = "c-1", type: String = "PS",
        answered: Bool = true
    ) -> [Happening] {
        let agent: KeyValuePairs<String, AttributeValue> = ["agent": .ref("AVI")]
        var call = [
            Happening(
                "interaction.created", entry, id,
                [
                    "channel": .text("voice"), "direction": .text("inbound"),
                    "method": .text("inbound"), "queue": .ref(type),
                ]),
            Happening("selfservice.entered", entry, id, ["flow": .text("vru")]),
        ]
        let dropped = !answered && queue == nil
        call.append(
            Happening(
                "selfservice.left", exit, id,
                ["outcome": .text(dropped ? "dropped" : "handedOver")]))
        if dropped {
            call.append(
                Happening("interaction.abandoned", exit, id, ["phase": .text("preQueue")]))
            return call
        }
        let wait = queue ?? (exit, exit)
        call.append(Happening("queue.entered", wait.start, id, ["queue": .ref(type)]))
        guard answered else {
            call.append(
                Happening("interaction.abandoned", wait.exit, id, ["phase": .text("queue")]))
            return call
        }
        call.append(Happening("offer.accepted", wait.exit, id, agent))
        if let service {
            call.append(Happening("agent.connected", service.start, id, agent))
            call.append(
                Happening("interaction.disconnected", service.exit, id, ["by": .text("customer")]))
            call.append(Happening("interaction.completed", service.exit, id))
        } else {
            call.append(Happening("interaction.failed", wait.exit, id))
        }
        return call
    }
}
