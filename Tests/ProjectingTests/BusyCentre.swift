import EventModel
import TestSupport
import Views

@testable import Projecting

/// A busy centre whose events come in any order, some of them days late, and what its views said at
/// moments that passed.
struct BusyCentre {
    static let queues = ["billing", "orders", "returns"]
    static let agents = ["ana", "luis", "eva"]
    static let customers = 40

    /// What a view said when it reflected a position.
    struct Said {
        let position: Position
        let now: Timestamp
        let documents: [[UInt8]]
    }

    let store: FoldedStore
    private var random: SeededGenerator
    private(set) var now = FoldedStore.noon
    private var number = 0
    private var steps = [Int](repeating: 0, count: 400)
    var said: [Said] = []

    init(_ store: FoldedStore, seed: UInt64) {
        self.store = store
        random = SeededGenerator(seed: seed)
    }

    /// Stores events in small commits; what views say is noted now and then.
    mutating func run(events: Int, notes: Int) throws {
        for index in 1...events {
            try stage()
            if index % 64 == 0 || index == events {
                try store.commit(now: now)
                now = now.advanced(byMilliseconds: Int64.random(in: 0...600_000, using: &random))
            }
            if index % (events / notes) == 0 {
                try store.commit(now: now)
                store.catchUp()
                try note()
            }
        }
    }

    private mutating func stage() throws {
        number += 1
        guard !random.once(in: 20) else {
            let agent = random.pick(Self.agents)
            guard !random.once(in: 4) else {
                return try store.stage(
                    "agent.joinedQueue source pbx id \(number) agent \(agent) "
                        + "queue \(random.pick(Self.queues))", now: now)
            }
            let presence = random.pick(["available", "break"])
            try store.stage(
                "agent.presence source pbx id \(number) agent \(agent) "
                    + "presence \(presence)", now: now)
            return
        }
        guard !random.once(in: 12) else { return try stageThing() }
        guard !random.once(in: 40) else { return try stageDefinition() }
        guard !random.once(in: 30) else { return try stageStatement() }
        let window = number / 40
        let call = (window + Int.random(in: 0..<40, using: &random)) % steps.count
        let step = steps[call]
        steps[call] += 1
        let late = random.once(in: 8) ? Int64.random(in: 0...200_000_000, using: &random) : 0
        let occurred = now.advanced(byMilliseconds: -late).rfc3339
        let start = "source pbx id \(number) occurred \(occurred) interaction c-\(call)"
        let person = random.once(in: 2) ? " customer crm:\(call % Self.customers)" : ""
        let line =
            switch step % 6 {
            case 0: "interaction.created \(start) channel voice direction inbound method inbound"
            case 1: "queue.entered \(start) queue \(random.pick(Self.queues))"
            case 2:
                "offer.accepted \(start) ext_campaign \(call % 3) agent \(random.pick(Self.agents)) ring_ms 4000"
            case 3: "note.taken \(start) customer phone:+34\(call % 90)"
            case 4: "interaction.disconnected \(start) by customer"
            default: "interaction.completed \(start) outcome resolved"
            }
        try store.stage(line + person, now: now)
    }

    /// Something about an order or a case, half of them before anybody says whose it is.
    private mutating func stageThing() throws {
        let late = random.once(in: 8) ? Int64.random(in: 0...200_000_000, using: &random) : 0
        let occurred = now.advanced(byMilliseconds: -late).rfc3339
        let start = "source shop id \(number) occurred \(occurred)"
        let order = Int.random(in: 0..<80, using: &random)
        let person = random.once(in: 2) ? " customer crm:\(order % Self.customers)" : ""
        let call = Int.random(in: 0..<400, using: &random)
        let due = now.advanced(byMilliseconds: Int64.random(in: 0...900_000_000, using: &random))
            .rfc3339
        let line =
            switch Int.random(in: 0..<9, using: &random) {
            case 5:
                "order.placed \(start) order o-\(order) total 4999~EUR promised_to \(due)\(person)"
            case 6:
                "promise.made \(start) promise_id p-\(order) what call due \(due) "
                    + "customer crm:\(order % Self.customers)"
            case 7:
                "survey.answered \(start) invitation_id s-\(call) question q score "
                    + "\(order % 6) kind csat scale 5 interaction c-\(call)"
            case 8:
                "refund.requested \(start) refund_id r-\(order) order o-\(order) "
                    + "amount 1000~EUR expected_by \(due)\(person)"
            case 0: "order.paid \(start) order o-\(order)\(person)"
            case 1: "order.changed \(start) order o-\(order) reason size\(person)"
            case 2: "order.held \(start) order o-\(order) reason check\(person)"
            case 3: "case.opened \(start) interaction c-\(call) case_id k-\(call) kind damage"
            default: "flag.raised \(start) interaction c-\(call) flag vip"
            }
        try store.stage(line, now: now)
    }

    /// What documents are written by changes amid everything else.
    private mutating func stageDefinition() throws {
        let number = Int.random(in: 1...9, using: &random)
        let (kind, key, body) = random.pick([
            ("stages", "default", "{\"active_days\":\(number*20),\"loyal_orders\":\(number)}"),
            ("signal", "orderLate", "{\"after_ms\":\(number*40000000)}"),
            ("signal", "promiseDue", "{\"after_ms\":\(number*9000000)}"),
            (
                "season", "spring",
                "{\"from\":\"2026-01-0\(number)T00:00:00Z\",\"to\":\"2026-01-28T00:00:00Z\"}"
            ),
            ("target", "asa", "{\"metric\":\"asa\",\"at_most\":\(number*10000)}"),
            (
                "target", "sl",
                "{\"metric\":\"sl_offered\",\"at_least\":0.\(number),\"within_ms\":30000}"
            ),
            (
                "calendar", "default",
                "{\"zone\":\"UTC\",\"hours\":{\"mon\":[\"0\(number):00-18:00\"],\"fri\":[\"09:00-12:00\"]}}"
            ),
            ("queue", "billing", "{\"waiting_max\":\(number),\"wait_max_ms\":\(number*100000)}"),
            ("dimension", "ext_campaign", "{}"),
            (
                "identityRules", "default",
                "{\"kinds\":[{\"name\":\"crm\",\"form\":\"id\",\"account\":true,\"priority\":1,\"limit\":\(number)}]}"
            ),
            ("stages", "default", "no-json"),
        ])
        let from = random.once(in: 3) ? " effective_from \(now.rfc3339)" : ""
        try store.stage(
            "definition.set source ops id \(self.number) kind \(kind) key \(key) version \(number)"
                + from + " body " + body, now: now)
        guard random.once(in: 4) else { return }
        self.number += 1
        try store.stage(
            "thresholds.published source ops id \(self.number) version \(number) as_of "
                + "\(now.rfc3339) values "
                + "{\"monetary_top\":\(number*1000),\"monetary_currency\":\"EUR\"}",
            now: now)
    }

    /// What sources say of themselves, and of who is one with whom.
    private mutating func stageStatement() throws {
        let customer = Int.random(in: 0..<Self.customers, using: &random)
        let other = Int.random(in: 0..<90, using: &random)
        let start = now.advanced(byMilliseconds: -3_600_000).rfc3339
        let line =
            switch Int.random(in: 0..<5, using: &random) {
            case 0: "source.heartbeat source pbx id \(number) covered_until \(start)"
            case 1: "source.silent source pbx id \(number) covered_until \(start)"
            case 2: "source.resumed source pbx id \(number) covered_until \(now.rfc3339)"
            case 3:
                "source.claimed source pbx id \(number) metric offered from 2026-01-01T00:00:00Z "
                    + "to 2026-01-20T00:00:00Z value \(other)"
            default:
                "identity.linked source crm id \(number) customer crm:\(customer) "
                    + "customer phone:+34\(other) from phone:+34\(other) to crm:\(customer) "
                    + "proof code"
            }
        try store.stage(line, now: now)
    }
}
