import EventModel
import FoldTesting
import Testing

@testable import Views

/// Call backs that are still to come, and feeds that are live, silent or over.
extension SilenceSweepTests {
    @Test("who asked for a call back tomorrow is not silent today, nor lost by a restart")
    func callbackPending() throws {
        let due = Self.start + 24 * Self.hour
        let asked =
            call("c-1", at: Self.start) + [
                Happening(
                    "callback.requested", Self.start + 5_000, "c-1",
                    [
                        "callback_id": .ref("b-1"),
                        "due_to": .time(Timestamp(milliseconds: due)),
                    ]),
                Happening("source.restarted", Self.start + 9_000),
            ]
        #expect(try sweep(live(asked), at: Self.start + 5 * Self.hour).isEmpty)
        #expect(try sweep(live(asked), at: due + Self.hour).map(\.type) == ["callback.expired"])
        // Without a time for it the channel's own silence counts.
        let open =
            call("c-1", at: Self.start) + [
                Happening(
                    "callback.requested", Self.start + 5_000, "c-1", ["callback_id": .ref("b-1")])
            ]
        #expect(
            try sweep(live(open), at: Self.start + 5 * Self.hour).map(\.type)
                == ["interaction.inferredEnd"])
    }

    @Test("a call back that expired and was scheduled anew is due again, whichever is told first")
    func scheduledAnew() throws {
        func at(_ hours: Int64) -> AttributeValue {
            .time(Timestamp(milliseconds: Self.start + hours * Self.hour))
        }
        let words = [
            Happening(
                "callback.requested", Self.start, nil,
                ["callback_id": .ref("b"), "queue": .ref("billing"), "due_to": at(1)]),
            Happening(
                "callback.expired", Self.start + 2 * Self.hour, nil,
                ["callback_id": .ref("b"), "reason": .text("silence")]),
            Happening(
                "callback.scheduled", Self.start + 3 * Self.hour, nil,
                ["callback_id": .ref("b"), "due_from": at(5), "due_to": at(6)]),
        ]
        for order in [words, [words[0], words[2], words[1]]] {
            var log = MemoryLog(clock: Self.start + 4 * Self.hour)
            log.append(order)
            let rows = try rows(log)
            var due = 0
            try rows.rows(from: [DueRow.prefix], below: [DueRow.prefix + 1]) {
                _, _ throws(ViewFault) in
                due += 1
                return true
            }
            #expect(due == 1)
            log.append(
                Happening(
                    "callback.reached", Self.start + 5 * Self.hour, nil,
                    ["callback_id": .ref("b")]))
            #expect(
                try sweep(log, at: Self.start + 9 * Self.hour).allSatisfy {
                    $0.type != "callback.expired"
                })
        }
    }

    @Test("a call back asked for when it was due already has its time from then")
    func dueBefore() throws {
        let asked = Self.start + 3 * Self.hour
        let log = live([
            Happening(
                "callback.requested", asked, nil,
                [
                    "callback_id": .ref("b"), "queue": .ref("billing"),
                    "due_to": .time(Timestamp(milliseconds: Self.start + Self.hour)),
                ])
        ])
        #expect(try sweep(log, at: asked + Self.hour - 1).isEmpty)
        let found = try sweep(log, at: asked + Self.hour)
        #expect(found.map(\.type) == ["callback.expired"])
        #expect(found.first?.occurred.rawValue == asked + Self.hour)
    }

    @Test("what ends a feed's silence is not said of its calls in the same sweep")
    func discovered() throws {
        let log = live(
            call("c-1", at: Self.start) + [
                Happening(
                    "source.heartbeat", Self.start + 5_000, nil,
                    [
                        "covered_until": .time(Timestamp(milliseconds: Self.start + 5_000)),
                        "expected_gap_ms": .integer(60_000),
                    ])
            ])
        #expect(
            try sweep(log, at: Self.start + 9 * Self.hour).map(\.type) == ["source.silent"])
    }

    @Test("an import that was never finished holds back its own call backs alone")
    func otherImport() throws {
        var log = live([
            Happening("interaction.created", Self.start, "c-1", ["channel": .text("voice")]),
            Happening(
                "callback.requested", Self.start + 5_000, "c-1",
                [
                    "callback_id": .ref("b-1"),
                    "due_to": .time(Timestamp(milliseconds: Self.start + Self.hour)),
                ]),
        ])
        log.append(
            Happening("interaction.created", Self.start - 999 * Self.hour, "old"), source: "csv")
        let found = try sweep(log, at: Self.start + 2 * Self.hour)
        #expect(found.map(\.type) == ["callback.expired"])
    }

    @Test("one late event is no import: a feed that beats is live, and known to be silent")
    func lateEvent() throws {
        let late = Happening("interaction.created", Self.start - 5 * Self.hour, "c-1")
        let beat = { (moment: Int64) in
            Happening(
                "source.heartbeat", moment, nil,
                [
                    "covered_until": .time(Timestamp(milliseconds: moment)),
                    "expected_gap_ms": .integer(60_000),
                ])
        }
        var log = MemoryLog(clock: Self.start)
        log.append([beat(Self.start), late, beat(Self.start + 10_000)])
        #expect(
            try sweep(log, at: Self.start + 120_000).map(\.type) == ["source.silent"])
    }

    @Test("a finished import does not hold back how far a queue is complete")
    func finishedImport() throws {
        var log = MemoryLog(clock: Self.start)
        let old = Self.start - 400 * 24 * Self.hour
        let enters = { (moment: Int64, call: String) in
            Happening("queue.entered", moment, call, ["queue": .ref("billing")])
        }
        log.append(enters(old, "c-1"), source: "csv")
        #expect(try FeedState.read("billing", rows(log)).complete?.rawValue == old)
        log.append(
            Happening(
                "import.completed", log.clock, nil,
                ["covered_until": .time(Timestamp(milliseconds: old))]), source: "csv")
        #expect(try FeedState.read("billing", rows(log)).complete?.rawValue == old)
        log.append(enters(Self.start + 9_000, "c-2"), source: "acd")
        #expect(
            try FeedState.read("billing", rows(log)).complete?.rawValue == Self.start + 9_000)
    }
}
