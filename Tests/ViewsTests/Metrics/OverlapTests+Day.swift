import EventModel
import FoldTesting
import TestSupport

@testable import Views

/// A day of contacts, offers, presence, teams and slots, and what a look at any moment of it says.
extension OverlapTests {
    struct Contact {
        var id: String
        var queue: String
        var channel: String
        var entered: Int64
        /// Since when it rang at who answered.
        var made: Int64?
        /// nil while it waits; then who answered, if anybody did.
        var left: Int64?
        var agent: String?
        var talkEnd: Int64?
        var wrapEnd: Int64?

        var happenings: [Happening] {
            var all = [
                Happening(
                    "interaction.created", entered, id,
                    ["channel": .text(channel), "queue": .ref(queue)]),
                Happening("queue.entered", entered, id, ["queue": .ref(queue)]),
            ]
            guard let left else { return all }
            if let agent, let made {
                all.append(Happening("offer.made", made, id, ["agent": .ref(agent)]))
            }
            guard let agent else {
                all.append(
                    Happening("interaction.abandoned", left, id, ["phase": .text("queue")]))
                return all
            }
            all.append(Happening("offer.accepted", left, id, ["agent": .ref(agent)]))
            guard let talkEnd else { return all }
            all.append(
                Happening("interaction.disconnected", talkEnd, id, ["by": .text("customer")]))
            all.append(Happening("wrapup.started", talkEnd, id, ["agent": .ref(agent)]))
            guard let wrapEnd else { return all }
            all.append(Happening("wrapup.ended", wrapEnd, id, ["agent": .ref(agent)]))
            all.append(Happening("interaction.completed", wrapEnd, id))
            return all
        }

        private func holds(_ from: Int64?, _ to: Int64?, _ moment: Int64) -> Bool {
            guard let from else { return false }
            return from <= moment && moment < to ?? .max
        }

        func waits(at moment: Int64) -> Bool { holds(entered, left, moment) }
        func isServed(at moment: Int64) -> Bool {
            agent != nil && holds(left, talkEnd, moment)
        }
        func isWrapped(at moment: Int64) -> Bool {
            agent != nil && holds(talkEnd, wrapEnd, moment)
        }
        func rings(at moment: Int64) -> Bool { holds(made, left, moment) }
    }

    /// An offer that comes to nothing, each of an interaction of its own.
    struct Ring {
        var agent: String
        var channel: String
        var from: Int64
        /// nil while it rings.
        var to: Int64?
        /// What ends it.
        var end: String

        func happenings(_ id: String) -> [Happening] {
            var all = [
                Happening("interaction.created", from, id, ["channel": .text(channel)]),
                Happening("offer.made", from, id, ["agent": .ref(agent), "offer_id": .ref(id)]),
            ]
            guard let to else { return all }
            all.append(
                Happening(
                    end, to, id,
                    ["agent": .ref(agent), "offer_id": .ref(id), "phase": .text("offer")]))
            return all
        }
    }

    /// How many contacts of a channel an agent takes.
    struct Slots {
        var at: Int64
        var agent: String
        var channel: String
        var capacity: Int64
        var group: String?
    }

    /// A day with what is known of it.
    struct Day {
        var contacts: [Contact] = []
        var presence: [(at: Int64, agent: String, word: String)] = []
        var teams: [(at: Int64, agent: String, team: String)] = []
        /// Offers that did not come to a contact.
        var offers: [(at: Int64, agent: String, word: String)] = []
        var rings: [Ring] = []
        var slots: [Slots] = []
        /// Until when the log reaches.
        var end: Int64 = 0

        /// How many slots an agent has in use, and how many there are.
        func use(of agent: String, at moment: Int64) -> (used: Int64, offered: Int64) {
            guard ["available", "break", "meeting"].contains(presence(of: agent, at: moment)) else {
                return (0, 0)
            }
            func count(_ channel: String) -> Int64 {
                let own = contacts.count { contact in
                    contact.agent == agent && contact.channel == channel
                        && (contact.isServed(at: moment) || contact.isWrapped(at: moment)
                            || contact.rings(at: moment))
                }
                let rung = rings.count {
                    $0.agent == agent && $0.channel == channel && $0.from <= moment
                        && moment < $0.to ?? .max
                }
                return Int64(own + rung)
            }
            let told = slots.filter { $0.agent == agent && $0.at <= moment }
            var profile: [Slots] = []
            for channel in ["voice", "chat"] {
                let last = told.filter { $0.channel == channel }.max { $0.at < $1.at }
                if let last, last.capacity > 0 { profile.append(last) }
            }
            var (used, offered): (Int64, Int64) = (0, 0)
            if told.isEmpty {
                (used, offered) = (min(1, count("voice") + count("chat")), 1)
            }
            for slot in profile where slot.group == nil {
                used += min(count(slot.channel), slot.capacity)
                offered += slot.capacity
            }
            let shared = profile.filter { $0.group != nil }
            let most = shared.map(\.capacity).max() ?? 0
            used += min(
                most,
                shared.reduce(0) {
                    $0 + min(count($1.channel), $1.capacity) * (most / $1.capacity)
                })
            offered += most
            return (isUnanswered(agent, at: moment) ? min(offered, used + 1) : used, offered)
        }

        func presence(of agent: String, at moment: Int64) -> String {
            presence.filter { $0.agent == agent && $0.at <= moment }
                .max { $0.at < $1.at }?.word ?? "offline"
        }

        /// Whether the last that was heard of an agent is an offer that they did not answer.
        func isUnanswered(_ agent: String, at moment: Int64) -> Bool {
            var heard: [(at: Int64, isAnswer: Bool)] = []
            for one in offers where one.agent == agent {
                heard.append((one.at, one.word == "rejected"))
            }
            for one in presence where one.agent == agent { heard.append((one.at, true)) }
            for one in contacts where one.agent == agent {
                if let left = one.left { heard.append((left, true)) }
            }
            let last = heard.filter { $0.at <= moment }.max { $0.at < $1.at }
            return last.map { !$0.isAnswer } ?? false
        }

        func team(of agent: String, at moment: Int64) -> String {
            teams.filter { $0.agent == agent && $0.at <= moment }.max { $0.at < $1.at }?.team ?? ""
        }
    }

    static func random(_ random: inout SeededGenerator) -> Day {
        func draw(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }
        /// Moments before the window too, so that levels do not begin at 0.
        func moment() -> Int64 { start + draw(-360...hours * 360) * tick }
        var day = Day()
        for number in 0..<40 {
            var contact = Contact(
                id: "c\(number)", queue: ["billing", "care"][Int(draw(0...1))],
                channel: ["voice", "chat"][Int(draw(0...1))], entered: moment())
            if draw(0...9) > 0 {
                let wait = draw(1...90)
                let left = contact.entered + wait * tick
                contact.left = left
                if draw(0...4) > 0 {
                    if draw(0...1) > 0 { contact.made = left - draw(0...wait) * tick }
                    contact.agent = agents[Int(draw(0...2))]
                    if draw(0...9) > 0 {
                        let talkEnd = left + draw(1...200) * tick
                        contact.talkEnd = talkEnd
                        if draw(0...9) > 0 { contact.wrapEnd = talkEnd + draw(1...40) * tick }
                    }
                }
            }
            day.contacts.append(contact)
        }
        for agent in agents {
            var taken: Set<Int64> = []
            for _ in 0..<draw(0...14) {
                let at = moment()
                guard taken.insert(at).inserted else { continue }
                let words = ["offline", "available", "break", "custom", "available", "meeting"]
                day.presence.append((at, agent, words[Int(draw(0...5))]))
            }
            taken.formUnion(day.contacts.compactMap { $0.agent == agent ? $0.left : nil })
            for _ in 0..<draw(0...10) {
                let at = moment()
                guard taken.insert(at).inserted else { continue }
                let words = ["missed", "missed", "failed", "rejected"]
                day.offers.append((at, agent, words[Int(draw(0...3))]))
            }
            for _ in 0..<draw(0...6) {
                let from = moment()
                let to = draw(0...3) > 0 ? from + draw(1...60) * tick : nil
                day.rings.append(
                    Ring(
                        agent: agent, channel: ["voice", "chat"][Int(draw(0...1))], from: from,
                        to: to,
                        end: [
                            "offer.rescinded", "interaction.abandoned", "interaction.expired",
                        ][Int(draw(0...2))]))
            }
            var said: Set<Int64> = []
            for _ in 0..<draw(0...6) {
                let at = moment()
                guard said.insert(at).inserted else { continue }
                let isVoice = draw(0...1) > 0
                day.slots.append(
                    Slots(
                        at: at, agent: agent, channel: isVoice ? "voice" : "chat",
                        capacity: (isVoice ? [1, 2] : [0, 2, 4])[
                            Int(draw(0...(isVoice ? 1 : 2)))], group: draw(0...1) > 0 ? "g" : nil))
            }
            var assigned: Set<Int64> = []
            for _ in 0..<draw(0...3) {
                let at = moment()
                guard assigned.insert(at).inserted else { continue }
                day.teams.append((at, agent, ["t0", "t1"][Int(draw(0...1))]))
            }
        }
        return day
    }

    static func folded(
        _ day: inout Day, _ random: inout SeededGenerator
    ) throws -> (log: MemoryLog, rows: MemoryRows) {
        var events = day.contacts.flatMap(\.happenings)
        for (number, one) in day.presence.enumerated() {
            // Logging in and out says the same as the words.
            let isLogin = number % 2 == 0
            switch one.word {
            case "available" where isLogin:
                events.append(
                    Happening("agent.loggedIn", one.at, nil, ["agent": .ref(one.agent)]))
            case "offline" where isLogin:
                events.append(
                    Happening("agent.loggedOut", one.at, nil, ["agent": .ref(one.agent)]))
            default:
                events.append(
                    Happening(
                        "agent.presence", one.at, nil,
                        ["agent": .ref(one.agent), "presence": .text(one.word)]))
            }
        }
        for one in day.teams {
            events.append(
                Happening(
                    "agent.assigned", one.at, nil,
                    ["agent": .ref(one.agent), "team": .ref(one.team)]))
        }
        for (number, one) in day.rings.enumerated() {
            events += one.happenings("r\(number)")
        }
        for one in day.slots {
            var event = Happening(
                "agent.slots", one.at, nil,
                [
                    "agent": .ref(one.agent), "channel": .text(one.channel),
                    "capacity": .integer(one.capacity),
                ])
            if let group = one.group { event.attributes.append(("exclusive_group", .text(group))) }
            events.append(event)
        }
        for (number, one) in day.offers.enumerated() {
            events.append(
                Happening(
                    "offer.\(one.word)", one.at, "o\(number)", ["agent": .ref(one.agent)]))
        }
        let order = ArrivalOrder.late(
            events.map(\.occurred), atMost: 7_200_000, using: &random)
        // The log ends in the fifth of six hours, on a tick.
        day.end = start + 5 * 3_600_000 - 40 * tick
        var log = MemoryLog(clock: day.end)
        log.step = 0
        // What happens later has not been told.
        log.append(order.map { events[$0] }.filter { [end = day.end] in $0.occurred <= end })
        var run = FoldRun<MetricsProjection>()
        try run.run(log) { $0.rawValue % 23 == 0 ? .take : .none }
        return (log, run.rows)
    }
}
