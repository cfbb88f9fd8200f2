import ContactCentre
import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

@Suite struct CustomersTests {
    private static let now = Timestamp(milliseconds: 1_000_000)
    private let phone = Identifier(kind: "phone", value: "+34911", strength: .line)
    private let email = Identifier(kind: "email", value: "ana@example.com")

    private func run(_ happenings: [Happening]) throws -> MemoryRows {
        var log = MemoryLog()
        log.append(happenings)
        var run = FoldRun<CustomersProjection>()
        try run.run(log) { $0.rawValue % 3 == 0 ? .restart : .none }
        return run.rows
    }

    private func customer(_ id: UInt64, _ rows: MemoryRows) throws -> Document? {
        var json = JSONWriter()
        let found = try CustomerDocument.write(
            [CustomerID(rawValue: id)], now: Self.now,
            options: CardOptions(sections: CardSection.allCases), from: rows, to: &json)
        return found ? try Document(json) : nil
    }

    private func timeline(_ customer: UInt64, _ rows: MemoryRows) throws -> [UInt64] {
        try Timeline.positions(of: .customer(CustomerID(rawValue: customer)), count: 1_000, rows)
            .map(\.rawValue)
    }

    @Test("an identifier says until when it was theirs; what was proved once stays so")
    func validity() throws {
        var proved = email
        proved.strength = .verified
        let rows = try run([
            Happening("session.started", 1_000, nil, ["session_id": .ref("v")], [proved]),
            Happening("order.placed", 2_000, nil, ["order": .ref("o-1")], [email]),
            Happening("interaction.created", 3_000, "c-1", ["channel": .text("voice")], [phone]),
        ])
        let (ana, line) = (CustomerID(rawValue: 1), CustomerID(rawValue: 3))
        func card(_ ends: [IdentifierEnd]) throws -> Document {
            var json = JSONWriter()
            #expect(
                try CustomerDocument.write(
                    [ana, line], ending: ends, now: Self.now,
                    options: CardOptions(sections: [.identifiers, .unknown]), from: rows,
                    to: &json))
            return try Document(json)
        }
        var told = try card([])
        #expect(told.rows("identifiers").map { $0.string("kind") } == ["email", "phone"])
        #expect(told.rows("identifiers")[0].string("strength") == "stated")
        #expect(told.rows("identifiers")[0].int("verified") == 1)
        #expect(told.root["unknown"] as? [String] == ["name", "language", "consent"])
        told = try card([
            IdentifierEnd(customer: ana, position: Position(9), reason: .released)
        ])
        // What is theirs no more comes last, and proves nobody.
        #expect(told.rows("identifiers").map { $0.string("kind") } == ["phone", "email"])
        #expect(told.rows("identifiers")[1].int("until") == 9)
        #expect(told.rows("identifiers")[1].string("ended") == "released")
        #expect(
            told.root["unknown"] as? [String]
                == ["name", "language", "email", "verification", "consent"])
    }

    @Test("given a call with a number, then its later events count without it")
    func remembered() throws {
        let rows = try run([
            Happening("order.placed", 1_000, nil, [:], [email]),
            Happening(
                "interaction.created", 2_000, "c-1", ["channel": .text("voice")], [phone]),
            Happening("queue.entered", 3_000, "c-1", ["queue": .ref("billing")]),
            Happening("note.added", 4_000, "c-1"),
            Happening("interaction.created", 5_000, "c-2", ["channel": .text("chat")]),
        ])
        let document = try #require(try customer(2, rows))
        #expect(document.text.hasPrefix("{\"position\":5,"))
        #expect(document.root.string("customer") == "c_2")
        #expect(document.root.int("contacts") == 1 && document.root.int("channels.voice") == 1)
        #expect(document.root.int("open_count") == 1)
        #expect(document.rows("open").map { $0.string("state") } == ["queued"])
        #expect(document.rows("identifiers").map { $0.string("strength") } == ["line"])
        #expect(document.root.string("last_contact") == "1970-01-01T00:00:04.000Z")
        #expect(try timeline(2, rows) == [4, 3, 2])
        #expect(try timeline(1, rows) == [1])
        #expect(try customer(3, rows) == nil)
        #expect(try InteractionLookup.customers(of: "c-1", rows).map(\.rawValue) == [2])
        #expect(try InteractionLookup.channel(of: "c-2", rows) == .chat)
        #expect(try InteractionLookup.channel(of: "c-9", rows) == nil)
    }

    @Test("who gets known late is given the whole interaction")
    func knownLate() throws {
        let rows = try run([
            Happening("interaction.created", 1_000, "c-1", ["channel": .text("voice")]),
            Happening("queue.entered", 2_000, "c-1", ["queue": .ref("q")]),
            Happening("identity.observed", 3_000, "c-1", [:], [email]),
            Happening("agent.connected", 4_000, "c-1", ["agent": .ref("bea")]),
        ])
        let document = try #require(try customer(3, rows))
        #expect(document.root.int("contacts") == 1 && document.root.int("answered") == 1)
        #expect(document.root.string("first_contact") == "1970-01-01T00:00:01.000Z")
        let touchpoint = try #require(document.rows("touchpoints").first)
        #expect(touchpoint.string("agent") == "bea" && touchpoint.int("wait_ms") == 2_000)
        #expect(touchpoint.string("queue") == "q")
    }

    @Test("identifiers stand with the customer they belong to, however many an event has")
    func identifiers() throws {
        let crm = Identifier(kind: "crm", value: "8812", strength: .verified)
        let rows = try run([
            Happening("order.placed", 5_000, nil, [:], [email]),
            Happening("order.placed", 6_000, nil, [:], [phone, email, crm]),
            Happening("order.placed", 1_000, nil, [:], [crm, phone]),
        ])
        let first = try #require(try customer(1, rows))
        #expect(first.rows("identifiers").map { $0.string("kind") } == ["email"])
        #expect(first.rows("identifiers")[0].int("last_position") == 2)
        let second = try #require(try customer(2, rows))
        let third = try #require(
            try customer(CustomerID(founded: Position(2), number: 1).rawValue, rows))
        for (document, kind) in [(second, "phone"), (third, "crm")] {
            #expect(document.rows("identifiers").map { $0.string("kind") } == [kind])
            #expect(document.rows("identifiers").map { $0.int("first_position") } == [3])
            #expect(document.rows("identifiers").map { $0.int("last_position") } == [2])
        }
        #expect(second.root.string("first_contact") == "1970-01-01T00:00:01.000Z")
    }

    @Test("the last touchpoints, newest first, by when they started")
    func touchpoints() throws {
        var happenings: [Happening] = []
        for index in 0..<15 {
            let start = Int64((index * 7) % 15) * 1_000
            let id = "c-\((index * 7) % 15)"
            happenings.append(
                Happening("interaction.created", start, id, ["channel": .text("chat")], [email]))
            happenings.append(
                Happening("interaction.abandoned", start + 500, id, ["phase": .text("unreplied")]))
        }
        let rows = try run(happenings)
        let document = try #require(try customer(1, rows))
        #expect(document.root.int("contacts") == 15 && document.root.int("open_count") == 0)
        #expect(document.root.int("abandoned") == 15)
        #expect(
            document.rows("touchpoints").map { $0.string("interaction") }
                == (0...14).reversed().map { "c-\($0)" })
        var json = JSONWriter()
        _ = try CustomerDocument.write(
            [CustomerID(rawValue: 1)], now: Self.now, from: rows, to: &json)
        #expect(
            try Document(json).rows("touchpoints").map { $0.string("interaction") }
                == (9...14).reversed().map { "c-\($0)" })
    }

    @Test("a test call is no part of anybody's journey")
    func classified() throws {
        let call = [
            Happening("interaction.created", 1_000, "c-1", ["channel": .text("voice")], [phone])
        ]
        let test = Happening("contact.classified", 2_000, "c-1", ["kind": .text("test")])
        let genuine = Happening("contact.classified", 3_000, "c-1", ["kind": .text("genuine")])
        let hidden = try #require(try customer(1, try run(call + [test])))
        #expect(hidden.root.int("contacts") == 0 && hidden.rows("touchpoints").isEmpty)
        #expect(hidden.rows("open").isEmpty)
        let shown = try #require(try customer(1, try run(call + [test, genuine])))
        #expect(shown.root.int("contacts") == 1 && shown.rows("open").count == 1)
    }

    @Test(
        "a timeline is read backward and forward in pages, over any number of chunks",
        arguments: [1, 63, 64, 65, 128, 200, 333])
    func pages(count: Int) throws {
        var happenings: [Happening] = []
        for index in 0..<count {
            happenings.append(Happening("note.added", Int64(index), "c", [:], [email]))
            happenings.append(Happening("note.added", Int64(index), "cc", [:], [phone]))
        }
        let rows = try run(happenings)
        let all = (0..<count).map { UInt64(2 * $0 + 1) }
        #expect(try timeline(1, rows) == all.reversed())
        let customer = CustomerID(rawValue: 1)
        var before: Position?
        var read: [UInt64] = []
        while true {
            let page = try Timeline.positions(
                of: .customer(customer), before: before, count: 7, rows)
            read += page.map(\.rawValue)
            guard page.count == 7, let last = page.last else { break }
            before = last
        }
        #expect(read == all.reversed())
        #expect(try forward(customer, rows) == all)
        for first in all.suffix(70) + [0, all[0] + 1] {
            let page = try Timeline.positions(
                of: .customer(customer), from: Position(first), count: 3, rows)
            #expect(page.map(\.rawValue) == Array(all.filter { $0 >= first }.prefix(3)))
        }
        let none = try Timeline.positions(
            of: .customer(customer), from: Position(.max), count: 3, rows)
        #expect(none.isEmpty)
        #expect(try Timeline.positions(of: .customer(customer), count: 0, rows).isEmpty)
        #expect(
            try Timeline.positions(of: .customer(CustomerID(rawValue: 99_999)), count: 5, rows)
                .isEmpty)
        let chunks = rows.all.filter {
            unsafe RowKind.word(ofKey: $0.key.span.bytes, in: "customers") == "timelines"
        }
        #expect(!chunks.isEmpty)
        for chunk in chunks {
            let positions = try TimelineChunk.decoded(chunk.row)?.positions ?? []
            #expect(positions.count <= ViewLimits.timelineChunkPositionsMax)
        }
    }

    private func forward(_ customer: CustomerID, _ rows: MemoryRows) throws -> [UInt64] {
        var read: [UInt64] = []
        while true {
            let first = Position((read.last ?? 0) + 1)
            let page = try Timeline.positions(of: .customer(customer), from: first, count: 7, rows)
            read += page.map(\.rawValue)
            if page.count < 7 { return read }
        }
    }

    @Test(
        "counts equal a naive count over simulated calls", arguments: 1...5 as ClosedRange<UInt64>)
    func counts(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let calls = SimulatedCall.random(100, &random)
        let log = SimulatedCall.log(of: calls, .byTime, &random)
        var run = FoldRun<CustomersProjection>()
        try run.run(log) { _ in .take }
        var identity = FoldRun<IdentityProjection>()
        try identity.run(log)
        for (caller, own) in Dictionary(grouping: calls.filter { $0.caller != nil }, by: \.caller) {
            let text = Array("crm:\(caller ?? "")".utf8)
            let found = unsafe try IdentityView.customer(of: text.span.bytes, identity.rows)
            let id = try #require(found)
            let document = try #require(try customer(id.rawValue, run.rows))
            let genuine = own.filter { !$0.isTest }
            let abandoned = genuine.count { $0.outcome == .abandoned || $0.outcome == .left }
            #expect(document.root.int("contacts") == Int64(genuine.count), "seed \(seed)")
            #expect(document.root.int("abandoned") == Int64(abandoned), "seed \(seed)")
            #expect(
                document.root.int("answered") == Int64(genuine.count - abandoned), "seed \(seed)")
            let events = own.reduce(0) { $0 + $1.happenings.count }
            let positions = try Timeline.positions(of: .customer(id), count: 10_000, run.rows)
            // Events before the one with the identifier are the interaction's alone.
            #expect(positions.count <= events && positions.count >= own.count, "seed \(seed)")
        }
    }

    @Test("damaged rows are errors", arguments: 1...20 as ClosedRange<UInt64>)
    func damage(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let log = SimulatedCall.log(of: SimulatedCall.random(10, &random), .byCall, &random)
        var run = FoldRun<CustomersProjection>()
        try run.run(log)
        for (key, row) in run.rows.all {
            var damaged = row
            damaged[Int.random(in: 0..<row.count, using: &random)] ^= UInt8.random(
                in: 1...255, using: &random)
            if Bool.random(using: &random) { damaged.removeLast() }
            var rows = run.rows
            rows.apply(key, damaged)
            // Read or refused: either way the process lives.
            var json = JSONWriter()
            for id in 1...20 {
                _ = try? CustomerDocument.write(
                    [CustomerID(rawValue: UInt64(id))], now: Self.now, from: rows, to: &json)
                _ = try? Timeline.positions(
                    of: .customer(CustomerID(rawValue: UInt64(id))), count: 9, rows)
            }
        }
    }
}
