import EventModel
import FoldTesting
import TestSupport

/// Three simulated weeks with every kind of event that figures are of: several queues, machines, offers to
/// one and to many, holds, transfers with their legs, consultations, call backs, voicemail, messages,
/// reopenings, customers not let in.
struct EventfulWorld {
    static let start = SimulatedContact.start
    static let day: Int64 = 86_400_000
    private static let queues = ["care", "sales", "tech"]

    var events: [Happening] = []
    private var random: SeededGenerator
    private var number = 0
    /// The interaction at hand.
    var id = ""
    var at: Int64 = 0
    private var person: String?
    private var isMessaged = false

    init(_ count: Int, seed: UInt64) {
        random = SeededGenerator(seed: seed)
        let people = max(2, count / 4)
        var moments = (0..<count).map { _ in Self.start + draw(0...21 * Self.day) }
        moments.sort()
        for moment in moments {
            at = moment
            person = chance(6) ? nil : "p\(draw(0...Int64(people)))"
            contact()
            if chance(15) { refuse() }
            if chance(6) {
                id = ""
                survey(about: nil)
            }
        }
    }

    mutating func draw(_ range: ClosedRange<Int64>) -> Int64 {
        Int64.random(in: range, using: &random)
    }
    mutating func chance(_ of: Int64) -> Bool { draw(1...of) == 1 }
    mutating func pick<Item>(_ items: [Item]) -> Item {
        items[Int(draw(0...Int64(items.count - 1)))]
    }

    /// Tells of something some seconds after what was told last.
    mutating func tell(
        _ type: String, _ attributes: KeyValuePairs<String, AttributeValue> = [:],
        within seconds: Int64 = 30
    ) {
        at += draw(1...seconds * 1_000)
        events.append(Happening(type, at, id, attributes))
    }

    private mutating func refuse() {
        events.append(
            Happening(
                "entry.refused", at, nil,
                [
                    "channel": .text(pick(["voice", "chat"])), "queue": .ref(pick(Self.queues)),
                    "reason": .text("full"), "site": .ref(pick(["north", "south"])),
                ]))
    }

    // --- One contact and its legs -------------------------------------------------------------

    private mutating func contact() {
        let channel = pick(["voice", "voice", "chat", "email"])
        let isOut = chance(9)
        begin(channel, isOut ? "outbound" : "inbound", isOut ? "outbound" : "inbound", nil)
        let first = id
        guard live() else { return again(first, isOut) }
        // Passed on: the leg names the first, or only the one before.
        person = chance(4) ? nil : person
        begin(
            channel, "inbound", pick(["transfer", "queueTransfer"]),
            chance(2) ? "initial" : "previous", first)
        let leg = id
        if live(), chance(2) {
            begin(channel, "inbound", "transfer", "previous", leg)
            _ = live()
        }
        again(first, isOut)
    }

    /// Tries again at once, or in answer to us.
    private mutating func again(_ first: String, _ isOut: Bool) {
        guard chance(3) else { return }
        at += draw(0...900_000)
        begin(pick(["voice", "chat"]), "inbound", "inbound", isOut ? "related" : nil, first)
        _ = live()
    }

    private mutating func begin(
        _ channel: String, _ direction: String, _ method: String, _ link: String?,
        _ other: String = ""
    ) {
        number += 1
        id = "i\(number)"
        at += draw(1...2_000)
        isMessaged = channel != "voice"
        var event = Happening(
            "interaction.created", at, id,
            [
                "channel": .text(channel), "direction": .text(direction), "method": .text(method),
            ], person.map { [Identifier(kind: "crm", value: $0)] } ?? [])
        if chance(2) { event.attributes.append(("queue", .ref(pick(Self.queues)))) }
        if chance(2) { event.attributes.append(("thread", .ref("t\(draw(0...40))"))) }
        if let link { event.attributes.append((link, .ref(other))) }
        if chance(3) { event.attributes.append(("site", .ref(pick(["north", "south"])))) }
        events.append(event)
        if chance(14) { tell("contact.classified", ["kind": .text(pick(["test", "spam"]))]) }
        for reason in ["bill", "parcel"] where chance(3) {
            tell("reason.set", ["reason": .text(reason), "by": .text("agent")])
        }
        write()
    }

    private mutating func write() {
        while isMessaged, chance(2) {
            let author = pick(["customer", "customer", "agent", "bot"])
            let name: AttributeValue = .ref("m\(events.count)")
            var words: [(String, AttributeValue)] = [
                ("message_id", name), ("author", .text(author)),
                ("private", .boolean(author == "agent" && chance(5))),
            ]
            if author == "agent", chance(2) { words.append(("agent", .ref(agent()))) }
            tell(author == "customer" ? "message.received" : "message.sent", [:])
            events[events.count - 1].attributes = words
            if author == "agent", chance(6) {
                tell("message.failed", ["message_id": name, "final": .boolean(chance(2))])
            }
        }
    }

    // --- Until it is over ---------------------------------------------------------------------

    /// Lives through an interaction; tells whether it was passed on.
    private mutating func live() -> Bool {
        if chance(3), !machine() { return false }
        if chance(8) {
            // Somebody is there without a queue, or nobody ever.
            guard chance(2) else { return false }
            tell("agent.connected", ["agent": .ref(agent())])
            return talk()
        }
        for _ in 0..<3 {
            tell(
                "queue.entered",
                [
                    "queue": .ref(pick(Self.queues)),
                    "stay_kind": .text(pick(["live", "live", "transfer", "overflow", "callback"])),
                ])
            switch stay() {
            case .on: if chance(3) { return over() }
            case .talk: return talk()
            case .over: return false
            }
        }
        return false
    }

    private enum Step { case on, talk, over }

    mutating func agent() -> String { "a\(draw(0...4))" }

    /// Tells whether it goes on to people.
    private mutating func machine() -> Bool {
        tell("selfservice.entered", ["flow": .ref("menu")])
        for _ in 0..<draw(0...2) { tell("selfservice.stepped", ["flow": .ref("menu")]) }
        if chance(2) { tell("selfservice.humanRequested") }
        for _ in 0..<draw(0...2) { tell("selfservice.stepped", ["flow": .ref("menu")]) }
        if chance(6) {
            tell("interaction.abandoned", ["phase": .text("preQueue")])
            return false
        }
        let outcome = pick(["contained", "dropped", "handedOver", "handedOver"])
        tell("selfservice.left", ["flow": .ref("menu"), "outcome": .text(outcome)])
        return outcome == "handedOver"
    }

    private mutating func stay() -> Step {
        write()
        if chance(3) {
            let expected = draw(0...40_000)
            tell(
                "wait.announced",
                ["expected_ms": .integer(expected), "high_ms": .integer(expected + 5_000)])
        }
        var ringing: [String] = []
        for _ in 0..<draw(0...2) { offer(&ringing) }
        switch draw(0...11) {
        case 0, 1, 2, 3: return answer(ringing)
        case 4, 5:
            tell(
                "interaction.abandoned",
                ["phase": .text(isMessaged ? "unreplied" : ringing.isEmpty ? "queue" : "offer")])
            return .over
        case 6, 7:
            tell("queue.left", ["reason": .text(pick(["overflow", "timeout", "keyPress"]))])
            return .on
        case 8:
            tell("callback.requested", ["callback_id": .ref("cb\(id)")])
            let end = pick(["reached", "failed", "expired", "cancelled", ""])
            if !end.isEmpty {
                tell("callback.\(end)", ["callback_id": .ref("cb\(id)")], within: 90_000)
            }
            return .over
        case 9:
            tell(pick(["interaction.failed", "interaction.expired"]), ["reason": .text("x")])
            return .over
        case 10:
            tell("voicemail.left")
            _ = over()
            return .over
        default: return .over
        }
    }

    /// Offers it to one or to several at once; some do not take it.
    private mutating func offer(_ ringing: inout [String]) {
        for _ in 0..<draw(1...3) {
            let agent = agent()
            guard !ringing.contains(agent) else { continue }
            tell(
                "offer.made", ["agent": .ref(agent), "offer_id": .ref("\(id)-\(events.count)")],
                within: 2)
            ringing.append(agent)
        }
        for agent in ringing where chance(2) {
            tell(
                "offer.\(pick(["missed", "rejected", "rescinded", "failed"]))",
                ["agent": .ref(agent)])
            ringing.removeAll { $0 == agent }
        }
    }

    private mutating func answer(_ ringing: [String]) -> Step {
        if let agent = ringing.first {
            tell("offer.accepted", ["agent": .ref(agent)], within: 20)
            // Elsewhere it may go on ringing until somebody says that it does not.
            for other in ringing.dropFirst() where chance(2) {
                tell("offer.rescinded", ["agent": .ref(other)], within: 1)
            }
        } else {
            tell("agent.connected", ["agent": .ref(agent())])
        }
        return .talk
    }

    /// Tells whether it was passed on.
    private mutating func talk() -> Bool {
        write()
        if chance(4) {
            tell("consult.started", ["target": .text("x")])
            tell("consult.ended", ["target": .text("x")])
        }
        for _ in 0..<draw(0...2) {
            tell("hold.started")
            if chance(6) {
                tell("interaction.abandoned", ["phase": .text("hold")])
                return over()
            }
            tell("hold.ended")
        }
        write()
        switch draw(0...9) {
        case 0, 1:
            let kind = pick(["blind", "attended", "toQueue", "external"])
            tell("transfer.completed", ["kind": .text(kind)])
            _ = over()
            return kind == "toQueue"
        case 2:
            if isMessaged {
                tell("interaction.abandoned", ["phase": .text("unreplied")])
                return over()
            }
            tell("interaction.failed", ["reason": .text("x")])
            return false
        case 3: return false
        default:
            let by = pick(["customer", "customer", "agent", "telecom", "system", "third"])
            tell("interaction.disconnected", ["by": .text(by)], within: 200)
            return over()
        }
    }

    /// Work after it, the end, and what comes behind; never passed on.
    private mutating func over() -> Bool {
        let isTalked =
            events.last { $0.type != "message.sent" }?.type != "voicemail.left"
            && events.contains { $0.interaction == id && Self.answers.contains($0.type) }
        if isTalked, chance(2) {
            tell("wrapup.started")
            tell(
                "interaction.disposed", ["outcome": .text(pick(["resolved", "resolved", "other"]))])
            tell("wrapup.ended", within: 90)
        }
        if chance(6) { return false }
        tell(
            "interaction.completed", ["outcome": .text(pick(["resolved", "resolved", "unknown"]))])
        let last = at
        if chance(3) {
            survey(about: id)
            at = last
        }
        if chance(4) {
            at += draw(0...10) * Self.day
            if isMessaged {
                tell(
                    "message.received",
                    ["message_id": .ref("m\(events.count)"), "author": .text("customer")])
            }
            if chance(2) { tell("interaction.reopened") }
        }
        at = last
        return false
    }

    private static let answers = ["offer.accepted", "agent.connected"]

    /// The log as a bad network brings it: each event up to three days late.
    ///
    /// - Parameter said: What is said of pairs of people, each pair's in its order, at whatever time once both
    ///   are known.
    func log(
        _ random: inout SeededGenerator,
        also said: [[(type: String, first: String, second: String)]] = []
    ) -> MemoryLog {
        var log = MemoryLog(clock: Self.start)
        log.step = 60_000
        var keyed: [(event: Happening, place: Int64, index: Int)] = []
        for (index, event) in events.enumerated() {
            let delay = Int64.random(in: 0...3, using: &random) * Self.day
            keyed.append((event, event.occurred + delay, index))
        }
        keyed.sort { ($0.place, $0.index) < ($1.place, $1.index) }
        var told = keyed.map(\.event)
        for pair in said {
            var place = 0
            for one in pair {
                for person in [one.first, one.second] {
                    let known = told.firstIndex { $0.identifiers.contains { $0.value == person } }
                    place = max(place, (known ?? told.count - 1) + 1)
                }
                place = Int.random(in: place...told.count, using: &random)
                told.insert(
                    Happening(
                        one.type, Self.start, nil,
                        [
                            "customers": .text("crm:\(one.first) crm:\(one.second)"),
                            "reason": .text("x"),
                        ]), at: place)
                place += 1
            }
        }
        log.append(told)
        log.append(
            Happening("note.added", Self.start + 90 * Self.day, nil, ["text": .text("later")]))
        return log
    }
}
