import EventModel
import FoldTesting
import Testing

@testable import Views

/// Who has more of something than one look reads, and a centre that has more than one answer tells.
@Suite("signals and stages where there is much") struct ManyThingsTests {
    private static let day = Card.day

    private static func invited(_ name: String, _ moment: Int64) -> Happening {
        Card.ana(
            "survey.invited", moment, nil, ["invitation_id": .ref(name), "kind": .text("nps")])
    }

    private static func answered(_ name: String, _ score: Int64, _ moment: Int64) -> Happening {
        Happening(
            "survey.answered", moment, nil,
            ["invitation_id": .ref(name), "score": .integer(score)])
    }

    /// A bad answer, and invitations behind it to which nobody answers.
    private static func unhappy(_ unanswered: Int64) -> [Happening] {
        [invited("bad", 3 * day), answered("bad", 0, 3 * day + 1)]
            + (1...unanswered).map { invited("v-\($0)", 3 * day + 10 * $0) }
    }

    @Test("a bad answer counts, however many invitations nobody answers come behind it")
    func invitations() throws {
        let orders = (0..<4).flatMap { number in
            [
                Card.ana(
                    "order.placed", number * Self.day, nil,
                    ["order": .ref("o-\(number)"), "total": .euros(5_000)]),
                Card.ana("order.paid", number * Self.day, nil, ["order": .ref("o-\(number)")]),
            ]
        }
        let card = try Card(orders + Self.unhappy(12))
        let document = try card.document(now: 4 * Self.day)
        #expect(document.root.string("stage.stage") == "building")
        #expect((document.root["stage"] as? [String: Any])?["loyalty_at_risk"] != nil)
        #expect(document.root.int("satisfaction.answer.score") == 0)
        #expect(try card.signals(now: 4 * Self.day).contains("badSurvey"))
        #expect(try pop(card, now: 4 * Self.day).int("standing.score.score") == 0)
    }

    @Test("a promise that is due is found among many that are not")
    func promises() throws {
        let due = Card.ana(
            "promise.made", 1, nil, ["promise_id": .ref("due"), "due": .at(5_000)])
        let others = (1...12).map { number in
            Card.ana(
                "promise.made", 10 + number, nil,
                ["promise_id": .ref("p-\(number)"), "due": .at(30 * Self.day)])
        }
        let card = try Card([due] + others)
        #expect(try card.list(.signals, now: Self.day).map { $0.string("promise") } == ["due"])
        let promises = try pop(card, now: Self.day)["last"] as? [String: Any]
        let first = (promises?["promises"] as? [[String: Any]])?.first
        #expect(first?.string("due") == Timestamp(milliseconds: 5_000).rfc3339)
    }

    @Test("a pinned note is told, however many notes come behind it")
    func notes() throws {
        func note(_ name: String, _ moment: Int64, isPinned: Bool) -> Happening {
            Card.ana(
                "note.added", moment, nil,
                [
                    "note_id": .ref(name), "text": .text(name), "pinned": .boolean(isPinned),
                ])
        }
        let card = try Card(
            [note("pinned", 1, isPinned: true)]
                + (1...6).map { note("n-\($0)", 10 + $0, isPinned: false) })
        #expect(try pop(card, now: Self.day).string("last.note") == "pinned")
    }

    private func pop(_ card: Card, now: Int64) throws -> [String: Any] {
        var json = JSONWriter()
        let isFound = try PopDocument.write(
            PopDocument.Question(members: [CustomerID(rawValue: 1)]),
            now: Timestamp(milliseconds: now), zone: { _ in nil }, from: card.rows, to: &json)
        #expect(isFound)
        return try Document(json).root
    }

    /// A centre in which many have one open contact each, and the last one two.
    private static func busyCentre() throws -> MemoryRows {
        func contact(_ person: Int64, _ name: String, _ channel: String) -> [Happening] {
            let phone = Identifier(kind: "phone", value: "+3460000\(person)", strength: .line)
            return [
                Happening(
                    "interaction.created", person, name,
                    ["channel": .text(channel), "direction": .text("inbound")], [phone]),
                Happening("queue.entered", person, name, ["queue": .ref("q")]),
            ]
        }
        var log = MemoryLog()
        for person in 1_000..<1_600 as Range<Int64> {
            log.append(contact(person, "c-\(person)", "voice"))
        }
        log.append(contact(2_000, "c-a", "voice") + contact(2_000, "c-b", "chat"))
        var run = FoldRun<CustomersProjection>()
        try run.run(log) { _ in .none }
        return run.rows
    }

    @Test("who waits on two channels is told behind any number of others")
    func waitingTwice() throws {
        let rows = try Self.busyCentre()
        var json = JSONWriter()
        try SignalsDocument.write(
            [.waitingTwice], olderMilliseconds: 0, count: 20, now: Timestamp(milliseconds: 3_000),
            members: { [$0] }, from: rows, to: &json)
        let listed = try Document(json)
        #expect(listed.rows("signals").map { $0.string("interaction") } == ["c-a", "c-b"])
        #expect(listed.root["incomplete"] == nil && listed.root.int("looked_at") == 2)
        #expect(listed.root["next"] == nil)
    }

    @Test("a follow goes on behind its last row, and keeps what it has found")
    func followed() throws {
        let rows = try Self.busyCentre()
        var scan = SignalScan([.waitingTwice])
        var (shown, fingerprints): ([Int], [Int]) = ([], [])
        for _ in 0..<40 {
            var json = JSONWriter()
            fingerprints.append(
                try SignalsDocument.write(
                    following: &scan, olderMilliseconds: 0, count: 20,
                    now: Timestamp(milliseconds: 3_000), rowsMax: 4, members: { [$0] },
                    from: rows, to: &json))
            let told = try Document(json)
            shown.append(told.rows("signals").count)
            #expect((told.root["incomplete"] == nil) == (shown.last == 2))
        }
        // 602 rows, 32 of which without more than one contact are one round.
        #expect(shown.firstIndex(of: 1) == 18 && shown.firstIndex(of: 2) == 19)
        #expect(shown[19...].allSatisfy { $0 == 2 })
        #expect(Set(fingerprints[19...]).count == 1 && fingerprints[0] != fingerprints[19])
    }

    @Test("an answer that stops names where the next one goes on")
    func pages() throws {
        let card = try Card(
            (1...5).map { number in
                Card.ana(
                    "promise.made", 1, nil,
                    ["promise_id": .ref("p-\(number)"), "due": .at(1_000 * number)])
            })
        var (page, told): (SignalPage?, [[String?]]) = (nil, [])
        repeat {
            var json = JSONWriter()
            try SignalsDocument.write(
                [.promiseDue], olderMilliseconds: 0, count: 2, page: page,
                now: Timestamp(milliseconds: 9_000), members: { [$0] }, from: card.rows, to: &json)
            let document = try Document(json)
            told.append(document.rows("signals").map { $0.string("promise") })
            page = document.root.string("next").flatMap { SignalPage($0, of: .promiseDue) }
        } while page != nil && told.count < 9
        #expect(told == [["p-1", "p-2"], ["p-3", "p-4"], ["p-5"]])
        #expect(SignalPage("0g", of: .promiseDue) == nil)
        #expect(SignalPage("00", of: .promiseDue) == nil)
    }
}
