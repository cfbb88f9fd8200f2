import ContactCentre
import EventModel
import FoldTesting
import Testing

@testable import Views

/// What sources send wrongly is an anomaly, and never a wrong number.
@Suite struct BadInputTests {
    private static let day: Int64 = 86_400_000

    private func run(_ happenings: [Happening]) throws -> MemoryRows {
        var log = MemoryLog()
        log.append(happenings)
        var run = FoldRun<QueuesProjection>()
        try run.run(log)
        return run.rows
    }

    private func document(
        _ write: (inout JSONWriter) throws -> Bool
    ) throws -> Document {
        var json = JSONWriter()
        #expect(try write(&json))
        return try Document(json)
    }

    private func queue(_ rows: MemoryRows, at now: Int64) throws -> Document {
        try document {
            try QueuesView.writeQueue(
                "billing", now: Timestamp(milliseconds: now), from: rows, to: &$0)
        }
    }

    private func interaction(_ name: String, _ rows: MemoryRows, at now: Int64) throws -> Document {
        try document {
            try InteractionDocument.write(
                name, now: Timestamp(milliseconds: now), from: rows, to: &$0)
        }
    }

    private func talk(_ name: String, _ moment: Int64, with agent: String) -> [Happening] {
        [
            Happening(
                "queue.entered", moment, name,
                ["queue": .ref("billing"), "channel": .text("voice")]),
            Happening("agent.connected", moment + 5_000, name, ["agent": .ref(agent)]),
        ]
    }

    @Test("a feed whose clock is ahead of ours makes no wait and no talk negative")
    func clockAhead() throws {
        let rows = try run(
            [
                Happening(
                    "queue.entered", 60_000, "c-1",
                    ["queue": .ref("billing"), "channel": .text("voice")])
            ] + talk("c-2", 60_000, with: "ana"))
        let now: Int64 = 10_000
        let queue = try queue(rows, at: now)
        #expect(queue.rows("waiting").map { $0.int("wait_ms") } == [0])
        #expect(queue.rows("in_service").map { $0.int("service_ms") } == [0])
        #expect(queue.root.int("oldest.wait_ms") == 0)
        let line = try document {
            try WaitingDocument.write(
                "billing", count: 5, now: Timestamp(milliseconds: now), from: rows, to: &$0)
        }
        #expect(line.rows("waiting").map { $0.int("whole_wait_ms") } == [0])
        #expect(line.rows("waiting").map { $0.int("wait_ms") } == [0])
        let stays = try interaction("c-1", rows, at: now).rows("stays")
        #expect(stays.map { $0.int("wait_ms") } == [0])
        let talks = try interaction("c-2", rows, at: now).rows("connections")
        #expect(talks.map { $0.int("service_ms") } == [0] && talks.map { $0.int("talk_ms") } == [0])
    }

    @Test("a clock that is hours ahead is not believed: what it tells of counts as of now")
    func clockFarAhead() throws {
        let three: Int64 = 3 * 3_600_000
        let now = 1_800_000_000_000 as Int64
        var log = MemoryLog(clock: now)
        let enters = Happening(
            "queue.entered", now + 60_000 + three, "c-1",
            ["queue": .ref("billing"), "channel": .text("voice")])
        log.append(enters, clockAhead: three)
        let recorded = log.clock
        var run = FoldRun<QueuesProjection>()
        try run.run(log)
        let queue = try queue(run.rows, at: recorded + 30_000)
        #expect(queue.rows("waiting").map { $0.int("wait_ms") } == [30_000])
        #expect(queue.rows("sources").map { $0.int("clock_ahead_ms") } == [three])
        #expect(queue.root.string("complete_until") == Timestamp(milliseconds: recorded).rfc3339)
        // Within what clocks may differ it is as they say.
        var close = enters
        close.occurred = log.clock + 1_000 + EventLimits.clockAheadMillisecondsMax
        log.append(close, clockAhead: EventLimits.clockAheadMillisecondsMax)
        try run.run(log)
        let state = try #require(try InteractionRecord.state(of: "c-1", run.rows))
        #expect(state.lastOccurred.rawValue == close.occurred)
        var json = JSONWriter()
        try log.read(Position(1)) { EventDocument.write($0, to: &json) }
        let event = try Document(json)
        #expect(event.root.int("clock_ahead_ms") == three)
        #expect(event.root.string("occurred") == Timestamp(milliseconds: enters.occurred).rfc3339)
    }

    @Test("an acceptance a day after the talk is none: the wait stays as it was")
    func acceptedLate() throws {
        let start: Int64 = 10_000_000
        let happenings =
            talk("c-1", start, with: "ana") + [
                Happening("interaction.disconnected", start + 65_000, "c-1"),
                Happening("interaction.completed", start + 70_000, "c-1"),
            ]
        func accepted(_ after: Int64) -> Happening {
            Happening("offer.accepted", start + 5_000 + after, "c-1", ["agent": .ref("ana")])
        }
        func state(_ late: Happening) throws -> Interaction {
            try #require(try InteractionRecord.state(of: "c-1", run(happenings + [late])))
        }
        let close = try state(accepted(200_000))
        #expect(close.anomalyCount == 0 && close.stays[0].waitMilliseconds == 205_000)
        let day = try state(accepted(Self.day))
        #expect(day.stays[0].waitMilliseconds == 5_000 && day.anomalyCount == 1)
    }

    @Test("who is said to have begun after they entered the queue has waited from there")
    func createdLate() throws {
        func state(_ created: Int64) throws -> Interaction {
            let late = Happening(
                "interaction.created", 60_000 + created, "c-1", ["channel": .text("voice")])
            return try #require(
                try InteractionRecord.state(
                    of: "c-1", run(talk("c-1", 60_000, with: "ana") + [late])))
        }
        let close = try state(240_000)
        #expect(close.created.rawValue == 300_000 && close.anomalyCount == 0)
        #expect(close.customerWaitMilliseconds == 5_000)
        let far = try state(Self.day)
        #expect(far.customerWaitMilliseconds == 5_000)
        #expect(far.anomalies.map(\.kind) == [.createdLate])
    }

    @Test("a queue that has staff and nobody in it yet is known to QUEUE and WAITING")
    func staffAlone() throws {
        let rows = try run([
            Happening(
                "agent.joinedQueue", 1_000, nil, ["agent": .ref("ana"), "queue": .ref("billing")])
        ])
        #expect(try queue(rows, at: 2_000).root.int("waiting_count") == 0)
        let line = try document {
            try WaitingDocument.write(
                "billing", count: 5, now: Timestamp(milliseconds: 2_000), from: rows, to: &$0)
        }
        #expect(line.root.int("waiting_count") == 0 && line.rows("waiting").isEmpty)
    }

    @Test("a second end of any kind is an anomaly, and counts nothing")
    func duplicateEnds() throws {
        let ends = [
            Happening("interaction.disconnected", 30_000, "c-1"),
            Happening("interaction.completed", 30_000, "c-1", ["outcome": .text("resolved")]),
        ]
        let again = [
            Happening("interaction.disconnected", 40_000, "c-1"),
            Happening("interaction.completed", 41_000, "c-1", ["outcome": .text("notResolved")]),
            Happening("interaction.abandoned", 42_000, "c-1", ["phase": .text("queue")]),
            Happening("wrapup.ended", 43_000, "c-1"),
            Happening("interaction.failed", 44_000, "c-1", ["reason": .text("codec")]),
        ]
        let once = try run(talk("c-1", 1_000, with: "ana") + ends)
        let twice = try run(talk("c-1", 1_000, with: "ana") + ends + again)
        let told = try interaction("c-1", twice, at: 50_000)
        #expect(told.root.int("anomaly_count") == Int64(again.count))
        let first = try #require(told.rows("anomalies").first)
        #expect(first.string("event") == "interaction.disconnected")
        #expect(first.string("got") == "completed" && first["expected"] != nil)
        #expect(told.root.string("resolution") == "resolved")
        #expect(
            told.root.string("ended") == Timestamp(milliseconds: 30_000).rfc3339)
        for rows in [once, twice] {
            let totals = try queue(rows, at: 50_000).root
            #expect(totals.int("totals.offered") == 1 && totals.int("totals.answered") == 1)
            #expect(totals.int("totals.abandoned") == 0 && totals.int("totals.failed") == 0)
            #expect(totals.int("in_service_count") == 0 && totals.int("waiting_count") == 0)
        }
    }

    @Test("an agent in two places takes both slots, is free nowhere, and counts as one")
    func twoPlaces() throws {
        let rows = try run(
            [
                Happening(
                    "agent.presence", 500, nil,
                    ["agent": .ref("ana"), "presence": .text("available")]),
                Happening(
                    "agent.joinedQueue", 500, nil,
                    ["agent": .ref("ana"), "queue": .ref("billing")]),
            ] + talk("c-1", 1_000, with: "ana") + talk("c-2", 2_000, with: "ana"))
        let agent = try document {
            try AgentDocument.write(
                "ana", now: Timestamp(milliseconds: 50_000), from: rows, to: &$0)
        }
        let slot = try #require(agent.rows("slots").first)
        #expect(slot.int("capacity") == 1 && slot.int("used") == 2 && slot.int("free") == 0)
        #expect(agent.rows("contacts").map { $0.string("interaction") } == ["c-1", "c-2"])
        let staff = try queue(rows, at: 50_000).root
        #expect(staff.int("agents.members") == 1 && staff.int("in_service_count") == 2)
        let ended = try run(
            talk("c-1", 1_000, with: "ana") + talk("c-2", 2_000, with: "ana")
                + [Happening("interaction.failed", 9_000, "c-1", ["reason": .text("codec")])])
        let still = try document {
            try AgentDocument.write(
                "ana", now: Timestamp(milliseconds: 50_000), from: ended, to: &$0)
        }
        #expect(still.rows("contacts").map { $0.string("interaction") } == ["c-2"])
    }

    @Test("clocks a day apart: the step that cannot be is an anomaly, and no time is negative")
    func clocksApart() throws {
        // The queue's clock is a day ahead of the agent's: the talk ends before the wait begins.
        let rows = try run([
            Happening("queue.entered", Self.day, "c-1", ["queue": .ref("billing")]),
            Happening("agent.connected", 5_000, "c-1", ["agent": .ref("ana")]),
            Happening("interaction.disconnected", 65_000, "c-1"),
            Happening("interaction.completed", 65_000, "c-1"),
        ])
        let told = try interaction("c-1", rows, at: 2 * Self.day)
        #expect(told.root.int("anomaly_count") == 1)
        #expect(told.rows("anomalies").first?.string("event") == "queue.entered")
        #expect(told.rows("stays").isEmpty)
        #expect(told.rows("connections").map { $0.int("talk_ms") } == [60_000])
        var json = JSONWriter()
        #expect(
            try !QueuesView.writeQueue(
                "billing", now: Timestamp(milliseconds: 2 * Self.day), from: rows, to: &json))
    }

    @Test("a wait announced as negative counts as 0")
    func negative() throws {
        let rows = try run(
            [
                Happening("queue.entered", 1_000, "c-1", ["queue": .ref("billing")]),
                Happening(
                    "wait.announced", 2_000, "c-1",
                    ["expected_ms": .integer(-9_000), "high_ms": .integer(-1)]),
            ])
        let stay = try #require(try interaction("c-1", rows, at: 50_000).rows("stays").first)
        #expect(stay.int("announced.expected_ms") == 0 && stay.int("announced.high_ms") == 0)
    }
}
