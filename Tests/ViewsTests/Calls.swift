import EventModel
import FoldTesting
import TestSupport

/// A simulated call with what is known to be true of it, and its events.
struct SimulatedCall {
    enum Outcome { case answered, abandoned, left, broken }

    var id: String
    var queue: String
    var channel: String
    var caller: String?
    var entry: Int64
    var exit: Int64
    var queueStart: Int64
    var queueExit: Int64
    var serviceStart: Int64
    var serviceExit: Int64
    var hold: Int64 = 0
    var outcome: Outcome
    var isTest: Bool

    var wait: Int64 { queueExit - queueStart }

    static func random(_ count: Int, _ random: inout SeededGenerator) -> [SimulatedCall] {
        let start: Int64 = 1_751_000_000_000
        return (0..<count).map { index in
            let entry = start + Int64.random(in: 0..<86_400, using: &random) * 1_000
            // Now and then the clock of self-service is wrong.
            let exit = entry + Int64.random(in: -2...30, using: &random) * 1_000
            let waits = Int.random(in: 0...3, using: &random) > 0
            let wait = waits ? Int64.random(in: 0...400, using: &random) * 1_000 : 0
            let skew = Int64.random(in: -2...1, using: &random) * 1_000
            let service = Int64.random(in: 0...900, using: &random) * 1_000
            let outcomes: [Outcome] = [
                .answered, .answered, .answered, .abandoned, .left, .broken,
            ]
            let outcome = outcomes[Int.random(in: 0..<6, using: &random)]
            let talkStart = exit + wait + (wait > 2_000 ? skew : 0)
            var call = SimulatedCall(
                id: "call-\(index)",
                queue: ["PS", "NE", "NW"][Int.random(in: 0..<3, using: &random)],
                channel: Int.random(in: 0...4, using: &random) == 0 ? "video" : "voice",
                caller: Bool.random(using: &random)
                    ? "p\(Int.random(in: 0..<max(1, count / 4), using: &random))" : nil,
                entry: entry, exit: exit, queueStart: exit, queueExit: exit + wait,
                serviceStart: talkStart, serviceExit: talkStart + service, outcome: outcome,
                isTest: Int.random(in: 0...15, using: &random) == 0)
            if outcome == .answered, service > 10_000, Bool.random(using: &random) {
                call.hold = Int64.random(in: 1...9, using: &random) * 1_000
            }
            return call
        }
    }

    var happenings: [Happening] {
        let agent: KeyValuePairs<String, AttributeValue> = ["agent": .ref("AVI")]
        let people = caller.map { [Identifier(kind: "crm", value: $0)] } ?? []
        var all = [
            Happening(
                "interaction.created", entry, id,
                [
                    "channel": .text(channel), "direction": .text("inbound"),
                    "method": .text("inbound"), "queue": .ref(queue),
                ], people),
            Happening("selfservice.entered", entry, id),
            Happening("selfservice.left", exit, id, ["outcome": .text("handedOver")]),
        ]
        if isTest {
            all.append(Happening("contact.classified", exit, id, ["kind": .text("test")]))
        }
        guard outcome != .left else {
            all.append(
                Happening("interaction.abandoned", exit, id, ["phase": .text("preQueue")]))
            return all
        }
        all.append(Happening("queue.entered", queueStart, id, ["queue": .ref(queue)]))
        switch outcome {
        case .abandoned:
            all.append(
                Happening("interaction.abandoned", queueExit, id, ["phase": .text("queue")]))
        case .broken:
            all.append(Happening("offer.accepted", queueExit, id, agent))
            all.append(Happening("interaction.failed", queueExit, id))
        default:
            all.append(Happening("offer.accepted", queueExit, id, agent))
            all.append(Happening("agent.connected", serviceStart, id, agent))
            if hold > 0 {
                all.append(Happening("hold.started", serviceExit - hold - 1_000, id))
                all.append(Happening("hold.ended", serviceExit - 1_000, id))
            }
            all.append(
                Happening("interaction.disconnected", serviceExit, id, ["by": .text("agent")]))
            all.append(Happening("interaction.completed", serviceExit, id))
        }
        return all
    }

    /// The events of all calls, one call after the other as an import brings them, or shuffled as
    /// a bad network does; the events of one call keep their order where they share a moment.
    static func log(
        of calls: [SimulatedCall], _ order: Order, _ random: inout SeededGenerator,
        step: Int64 = 1_000
    ) -> MemoryLog {
        var happenings = calls.flatMap(\.happenings)
        switch order {
        case .byCall: break
        case .byTime:
            happenings = happenings.enumerated().sorted {
                ($0.element.occurred, $0.offset) < ($1.element.occurred, $1.offset)
            }.map(\.element)
        case .shuffled:
            var slots = happenings.map { ($0, random.next()) }
            var queues: [String: [Happening]] = [:]
            slots.sort { $0.1 < $1.1 }
            for happening in happenings {
                queues["\(happening.interaction ?? "") \(happening.occurred)", default: []]
                    .append(happening)
            }
            happenings = slots.map { happening, _ in
                let key = "\(happening.interaction ?? "") \(happening.occurred)"
                return queues[key]?.removeFirst() ?? happening
            }
        }
        var log = MemoryLog()
        log.step = step
        log.append(happenings)
        return log
    }

    enum Order: CaseIterable { case byCall, byTime, shuffled }
}
