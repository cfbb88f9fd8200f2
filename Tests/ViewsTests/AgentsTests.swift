import ContactCentre
import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Agents: what the view says against plain loops over the same days.
@Suite struct AgentsTests {
    private static let now = Timestamp(milliseconds: 1_751_900_000_000)

    private func agent(_ name: String, _ rows: MemoryRows) throws -> Document? {
        var json = JSONWriter()
        guard try AgentDocument.write(name, now: Self.now, from: rows, to: &json) else {
            return nil
        }
        return try Document(json)
    }

    private func free(
        _ queue: String, _ channel: Channel?, _ rows: MemoryRows,
        skills: [(skill: String, level: Int64)] = [], language: String? = nil, count: Int = 100
    ) throws -> Document {
        try #require(
            try freeIfKnown(
                queue, channel, rows, skills: skills, language: language, count: count))
    }

    private func freeIfKnown(
        _ queue: String, _ channel: Channel?, _ rows: MemoryRows,
        skills: [(skill: String, level: Int64)] = [], language: String? = nil, count: Int = 100
    ) throws -> Document? {
        var json = JSONWriter()
        let query = FreeAgentsQuery(
            queue: queue, channel: channel, skills: skills, language: language, count: count)
        guard try FreeAgentsDocument.write(query, now: Self.now, from: rows, to: &json) else {
            return nil
        }
        return try Document(json)
    }

    private func run(_ happenings: [Happening], drains: (Position) -> Drain = { _ in .none }) throws
        -> MemoryRows
    {
        var log = MemoryLog()
        log.append(happenings)
        var run = FoldRun<QueuesProjection>()
        try run.run(log, drains: drains)
        return run.rows
    }

    @Test(
        "every agent is as a plain recomputation says, in whatever order the events come",
        arguments: 1...12 as ClosedRange<UInt64>)
    func model(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let model = AgentModel(steps: 400, &random)
        var happenings = model.happenings
        if seed % 2 == 0 { happenings.shuffle(using: &random) }
        // At one moment the order of arrival counts: those keep theirs.
        let order = happenings.enumerated().sorted {
            ($0.element.occurred / 60_000, $0.offset) < ($1.element.occurred / 60_000, $1.offset)
        }
        let rows = try run(seed % 2 == 0 ? order.map(\.element) : model.happenings)
        try compare(model, rows, seed)
    }

    @Test(
        "after every event every agent is as a plain recomputation says",
        arguments: 1...3 as ClosedRange<UInt64>)
    func everyEvent(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var model = AgentModel()
        var log = MemoryLog()
        var run = FoldRun<QueuesProjection>()
        for _ in 0..<250 {
            let known = model.happenings.count
            model.step(&random)
            log.append(Array(model.happenings[known...]))
            try run.run(log)
            try compare(model, run.rows, seed)
        }
        #expect(model.happenings.count > 200)
    }

    private func compare(_ model: AgentModel, _ rows: MemoryRows, _ seed: UInt64) throws {
        for (name, expected) in model.agents {
            guard let document = try agent(name, rows) else {
                #expect(expected.version == 0, "\(name) seed \(seed)")
                continue
            }
            #expect(document.root.int("version") == Int64(expected.version), "\(name) seed \(seed)")
            #expect(
                document.root.string("activity") == expected.activity, "\(name) seed \(seed)")
            let contacts = document.rows("contacts").map {
                "\($0.string("interaction") ?? "") \($0.string("state") ?? "")"
            }
            #expect(
                Set(contacts) == Set(expected.contacts.map { "\($0.key) \($0.value.state)" }),
                "\(name) seed \(seed)")
        }
        for queue in AgentModel.queues {
            for channel in [Channel.voice, .chat] {
                try compare(queue, channel, model, rows, seed)
            }
        }
    }

    /// AGENTS FREE and the counts of QUEUE for one queue and channel.
    private func compare(
        _ queue: String, _ channel: Channel, _ model: AgentModel, _ rows: MemoryRows, _ seed: UInt64
    ) throws {
        let word = "\(channel.word)"
        let members = model.agents.filter { $0.value.queues.contains(queue) }
        let expected = members.filter { $0.value.freeChannels(in: queue).contains(word) }
            .sorted { ($0.value.idleSince, $0.key) < ($1.value.idleSince, $1.key) }.map(\.key)
        guard let document = try freeIfKnown(queue, channel, rows) else {
            #expect(members.isEmpty, "\(queue) seed \(seed)")
            return
        }
        #expect(
            document.rows("agents").map { $0.string("agent") } == expected,
            "\(queue) \(word) seed \(seed)")
        var json = JSONWriter()
        guard try QueuesView.writeQueue(queue, now: Self.now, from: rows, to: &json) else {
            #expect(members.isEmpty)
            return
        }
        let counts = try Document(json)
        #expect(counts.root.int("agents.members") == Int64(members.count), "seed \(seed)")
        #expect(
            counts.root.int("agents.online")
                == Int64(members.values.count { $0.presence != "offline" }), "seed \(seed)")
        let line = (counts.root["agents"] as? [String: Any])
            .flatMap { $0["channels"] as? [[String: Any]] }?
            .first { $0.string("channel") == word }
        let told = ["staffed", "eligible", "free"].map { line?.int($0) ?? 0 }
        let plain = [
            members.values.count { $0.isStaffed(word) },
            members.values.count { $0.isEligible(in: queue, word) }, expected.count,
        ].map(Int64.init)
        #expect(told == plain, "\(queue) \(word) seed \(seed)")
    }

    @Test("when changes are taken changes no row", arguments: 1...4 as ClosedRange<UInt64>)
    func draining(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let happenings = AgentModel(steps: 300, &random).happenings.shuffled(using: &random)
        let whole = try run(happenings)
        let every = try run(happenings) { _ in .restart }
        #expect(every.holdsSameRows(as: whole), "seed \(seed)")
    }

    private func available(_ name: String, _ moment: Int64) -> [Happening] {
        [
            Happening(
                "agent.presence", moment, nil,
                ["agent": .ref(name), "presence": .text("available")]),
            Happening(
                "agent.joinedQueue", moment, nil, ["agent": .ref(name), "queue": .ref("billing")]),
            Happening(
                "agent.skill", moment, nil,
                ["agent": .ref(name), "skill": .ref("cards"), "level": .integer(4)]),
        ]
    }

    @Test("skills have levels and an end; who lacks them is not offered work that needs them")
    func skills() throws {
        let rows = try run(
            available("ana", 1_000) + available("bea", 2_000) + [
                Happening(
                    "agent.skill", 3_000, nil,
                    [
                        "agent": .ref("bea"), "skill": .ref("cards"), "level": .integer(5),
                        "valid_until": .time(Timestamp(milliseconds: 9_000)),
                    ])
            ])
        let names = { (document: Document) in document.rows("agents").map { $0.string("agent") } }
        #expect(try names(free("billing", .voice, rows)) == ["ana", "bea"])
        #expect(try names(free("billing", .voice, rows, skills: [("cards", 4)])) == ["ana"])
        #expect(try names(free("billing", .voice, rows, skills: [("cards", 5)])) == [])
        #expect(try names(free("billing", .voice, rows, count: 1)) == ["ana"])
        #expect(try free("billing", .voice, rows, count: 1).root["truncated"] as? Bool == true)
        #expect(try names(free("billing", .chat, rows)) == [])
    }

    @Test("who speaks a language at a level above 0, by tag or by a skill that names it, is found")
    func languages() throws {
        func speaks(
            _ name: String, _ skill: String, _ level: Int64, language: String? = nil,
            until: Int64? = nil
        ) -> Happening {
            var told = Happening(
                "agent.skill", 3_000, nil,
                ["agent": .ref(name), "skill": .ref(skill), "level": .integer(level)])
            if let language { told.attributes.append(("language", .text(language))) }
            if let until {
                told.attributes.append(("valid_until", .time(Timestamp(milliseconds: until))))
            }
            return told
        }
        let names = ["ana", "bea", "cai", "dov", "eva"]
        let there = names.enumerated().flatMap { available($1, Int64($0 + 1) * 100) }
        let rows = try run(
            there + [
                speaks("ana", "es-MX", 3), speaks("bea", "letters", 2, language: "es"),
                speaks("cai", "est", 5), speaks("dov", "es", 0),
                speaks("eva", "es", 4, until: 9_000),
            ])
        func found(_ language: String?, _ skills: [(skill: String, level: Int64)] = []) throws
            -> [String?]
        {
            try free("billing", .voice, rows, skills: skills, language: language).rows("agents")
                .map { $0.string("agent") }
        }
        #expect(try found(nil) == names)
        #expect(try found("es") == ["ana", "bea"])
        #expect(try found("ES-mx") == ["ana", "bea"])
        #expect(try found("es", [("cards", 4)]) == ["ana", "bea"])
        #expect(try found("es", [("letters", 2)]) == ["bea"])
        #expect(try found("et") == [])
    }

    @Test("an agent with more contacts than fit is said to be so while it lasts")
    func inTwoPlaces() throws {
        func connects(_ call: String, _ moment: Int64, _ channel: String) -> [Happening] {
            [
                Happening("interaction.created", moment, call, ["channel": .text(channel)]),
                Happening("agent.connected", moment, call, ["agent": .ref("ana")]),
            ]
        }
        let calls = available("ana", 1_000) + connects("c-1", 2_000, "voice")
        let one = try #require(try agent("ana", run(calls)))
        #expect(one.root["anomalies"] == nil)
        let both = calls + connects("c-2", 3_000, "voice")
        let two = try #require(try agent("ana", run(both)))
        let told = try #require(two.rows("anomalies").first)
        #expect(two.rows("anomalies").count == 1 && told.string("kind") == "overCapacity")
        #expect(told.string("channel") == "voice")
        #expect(told.int("expected") == 1 && told.int("got") == 2)
        let ends = Happening("interaction.disconnected", 4_000, "c-1")
        #expect(try agent("ana", run(both + [ends]))?.root["anomalies"] == nil)
        // One call or two chats: a chat beside a call is one too many of each.
        func slots(_ channel: String, _ capacity: Int64) -> Happening {
            Happening(
                "agent.slots", 1_500, nil,
                [
                    "agent": .ref("ana"), "channel": .text(channel),
                    "capacity": .integer(capacity), "exclusive_group": .text("g"),
                ])
        }
        let mixed = calls + [slots("voice", 1), slots("chat", 2)]
        #expect(try agent("ana", run(mixed))?.root["anomalies"] == nil)
        let over = try #require(try agent("ana", run(mixed + connects("c-2", 3_000, "chat"))))
        #expect(over.rows("anomalies").map { $0.string("channel") } == ["voice", "chat"])
        #expect(over.rows("anomalies").map { $0.int("expected") } == [0, 0])
    }

    @Test("an offer missed keeps the agent from further offers until they are heard of")
    func notResponding() throws {
        let events =
            available("ana", 1_000) + [
                Happening("queue.entered", 5_000, "c-1", ["queue": .ref("billing")]),
                Happening(
                    "offer.made", 6_000, "c-1", ["agent": .ref("ana"), "offer_id": .ref("o-1")]),
                Happening(
                    "offer.missed", 7_000, "c-1", ["agent": .ref("ana"), "offer_id": .ref("o-1")]),
            ]
        let missed = try run(events)
        #expect(try agent("ana", missed)?.root.string("activity") == "notResponding")
        #expect(try free("billing", .voice, missed).rows("agents").isEmpty)
        let back = try run(
            events + [
                Happening(
                    "agent.presence", 9_000, nil,
                    ["agent": .ref("ana"), "presence": .text("available")])
            ])
        #expect(try agent("ana", back)?.root.string("activity") == "idle")
        #expect(try free("billing", .voice, back).rows("agents").count == 1)
    }

    @Test("where it rings at several, each outcome is its own agent's")
    func ringAll() throws {
        let rings = { (name: String) in
            Happening(
                "offer.made", 6_000, "c-1", ["agent": .ref(name), "offer_id": .ref("o-" + name)])
        }
        let start =
            available("ana", 1_000) + available("bea", 2_000)
            + [Happening("queue.entered", 5_000, "c-1", ["queue": .ref("billing")])]
            + [rings("ana"), rings("bea")]
        let rejected = try run(
            start + [Happening("offer.rejected", 7_000, "c-1", ["agent": .ref("ana")])])
        #expect(try agent("ana", rejected)?.root.string("activity") == "idle")
        #expect(try agent("bea", rejected)?.root.string("activity") == "offering")
        let accepted = try run(
            start + [Happening("offer.accepted", 7_000, "c-1", ["agent": .ref("bea")])])
        #expect(try agent("ana", accepted)?.root.string("activity") == "idle")
        #expect(try agent("bea", accepted)?.root.string("activity") == "onContact")
    }

    @Test("who belongs to which team and site is what was said of then, whenever it was said")
    func assignments() throws {
        func assigned(_ team: String, _ site: String, _ moment: Int64) -> Happening {
            Happening(
                "agent.assigned", moment, nil,
                ["agent": .ref("ana"), "team": .ref(team), "site": .ref(site)])
        }
        let steps = [assigned("blue", "madrid", 1_000), assigned("green", "seoul", 9_000)]
        let belongs = { (rows: MemoryRows) in
            let document = try #require(try agent("ana", rows))
            return [document.root.string("team"), document.root.string("site")]
        }
        #expect(try belongs(run([steps[0]])) == ["blue", "madrid"])
        #expect(try belongs(run(steps)) == ["green", "seoul"])
        // Told late of before: nothing changes by now.
        #expect(try belongs(run(steps.reversed())) == ["green", "seoul"])
        let between = assigned("red", "bilbao", 5_000)
        #expect(try belongs(run(steps + [between])) == ["green", "seoul"])
        #expect(try belongs(run([steps[0], between])) == ["red", "bilbao"])
    }
}
