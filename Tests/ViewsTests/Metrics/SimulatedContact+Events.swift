import EventModel
import FoldTesting
import TestSupport

extension SimulatedContact {
    var happenings: [Happening] {
        var all = [createdEvent]
        func add(
            _ type: String, _ at: Int64, _ attributes: KeyValuePairs<String, AttributeValue> = [:]
        ) { all.append(Happening(type, at, id, attributes)) }
        for reason in reasons {
            add("reason.set", created, ["reason": .text(reason), "by": .text("agent")])
        }
        if isTest { add("contact.classified", created, ["kind": .text("test")]) }
        if hasMachine {
            add("selfservice.entered", created, ["flow": .ref("menu")])
            if let asked { add("selfservice.humanRequested", asked) }
            let word = outcome == .contained ? "contained" : "handedOver"
            add("selfservice.left", entered, ["flow": .ref("menu"), "outcome": .text(word)])
        }
        if isQueued { addQueue(&all) }
        for (index, message) in messages.enumerated() {
            let name: AttributeValue = .ref("\(id)-m\(index)")
            add(
                message.author == "customer" ? "message.received" : "message.sent", message.at,
                [
                    "message_id": name, "author": .text(message.author),
                    "private": .boolean(message.isPrivate),
                ])
            if message.isFailed {
                add(
                    "message.failed", message.at + 1, ["message_id": name, "final": .boolean(true)])
            }
        }
        addSurveys(&all)
        return all
    }

    private var createdEvent: Happening {
        var event = Happening(
            "interaction.created", created, id,
            [
                "channel": .text(channel), "direction": .text(isOutbound ? "outbound" : "inbound"),
                "method": .text("inbound"), "queue": .ref(queue),
            ], person.map { [Identifier(kind: "crm", value: $0)] } ?? [])
        if let thread { event.attributes.append(("thread", .ref(thread))) }
        if let initial { event.attributes.append(("initial", .ref(initial))) }
        if let brand { event.attributes.append(("brand", .ref(brand))) }
        if let campaign { event.attributes.append(("ext_campaign", .text(campaign))) }
        return event
    }

    private func addQueue(_ all: inout [Happening]) {
        func add(
            _ type: String, _ at: Int64, _ attributes: KeyValuePairs<String, AttributeValue> = [:]
        ) { all.append(Happening(type, at, id, attributes)) }
        add("queue.entered", entered, ["queue": .ref(queue)])
        if let announced {
            var told = Happening(
                "wait.announced", announced.at, id, ["expected_ms": .integer(announced.expected)])
            if let high = announced.high { told.attributes.append(("high_ms", .integer(high))) }
            all.append(told)
        }
        switch outcome {
        case .answered:
            if let missedBy {
                add("offer.made", entered, ["agent": .ref(missedBy), "offer_id": .ref("\(id)-0")])
                add("offer.missed", entered, ["agent": .ref(missedBy)])
            }
            add("offer.made", left - ringing, ["agent": .ref(agent), "offer_id": .ref("\(id)-1")])
            add("offer.accepted", left, ["agent": .ref(agent)])
            if hold > 0 {
                add("hold.started", talkEnd - hold - 1_000)
                add("hold.ended", talkEnd - 1_000)
            }
            if let transfer {
                add("transfer.completed", talkEnd, ["kind": .text(transfer)])
            } else {
                add("interaction.disconnected", talkEnd, ["by": .text(disconnectedBy)])
            }
            if let disposed { add("interaction.disposed", talkEnd, ["outcome": .text(disposed)]) }
            add(
                "interaction.completed", ended ?? talkEnd,
                ["outcome": .text(isResolved ? "resolved" : "unknown")])
        case .abandoned:
            if ringsAtAbandon {
                add("offer.made", left, ["agent": .ref("a8"), "offer_id": .ref("\(id)-2")])
            }
            add("interaction.abandoned", left, ["phase": .text(ringsAtAbandon ? "offer" : "queue")])
        case .left: add("queue.left", left, ["reason": .text("timeout")])
        case .failed: add("interaction.failed", left, ["reason": .text("codec")])
        case .expired: add("interaction.expired", left, ["reason": .text("limit")])
        case .waiting, .contained: break
        }
    }

    private func addSurveys(_ all: inout [Happening]) {
        guard isInvited else { return }
        let end = (ended ?? left) + 60_000
        func add(_ kind: String, _ score: Int64?, scale: String) {
            let invitation: AttributeValue = .ref("\(id)-\(kind)")
            all.append(
                Happening(
                    "survey.invited", end, id,
                    [
                        "invitation_id": invitation, "survey_id": .ref("s"), "kind": .text(kind),
                        "mode": .text("web"), "scale": .text(scale),
                    ]))
            guard let score else { return }
            // They change their mind: the last answer counts.
            for (delay, given) in [(Int64(1), Int64(1)), (2, score)] {
                all.append(
                    Happening(
                        "survey.answered", end + delay * 1_000, id,
                        [
                            "invitation_id": invitation, "question": .text("q"),
                            "score": .integer(given), "scale": .text(scale), "kind": .text(kind),
                        ]))
            }
        }
        add("nps", nps, scale: "0-10")
        add("csat", csat, scale: "1-5")
        add("solved", solved.map { $0 ? 1 : 0 }, scale: "1")
    }

    /// The events of all contacts in the order in which they happened, or as a bad network brings
    /// them: events of one contact at one moment keep their order.
    static func log(
        of contacts: [SimulatedContact], isShuffled: Bool, _ random: inout SeededGenerator
    ) -> MemoryLog {
        var log = MemoryLog()
        log.step = 3_600_000
        log.append(
            Happening(
                "definition.set", start, nil,
                [
                    "kind": .text("dimension"), "key": .text("ext_campaign"), "version": .text("1"),
                    "body": .text("{}"),
                ]))
        var keyed = contacts.flatMap(\.happenings).enumerated().map { index, event in
            (event: event, place: event.occurred, index: index)
        }
        if isShuffled {
            var delays: [String: Int64] = [:]
            for index in keyed.indices {
                let group = "\(keyed[index].event.interaction ?? "") \(keyed[index].event.occurred)"
                let delay =
                    delays[group] ?? Int64.random(in: 0...3, using: &random) * 86_400_000
                delays[group] = delay
                keyed[index].place += delay
            }
        }
        keyed.sort { ($0.place, $0.index) < ($1.place, $1.index) }
        log.append(keyed.map(\.event))
        return log
    }
}
