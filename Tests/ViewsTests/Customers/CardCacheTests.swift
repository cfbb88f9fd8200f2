import ContactCentre
import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// A card that was kept is the card that would be written.
@Suite struct CardCacheTests {
    private static func card(
        _ rows: MemoryRows, now: Int64, _ cache: CardCache?, file: UInt64 = 1
    ) throws -> [UInt8] {
        var json = JSONWriter()
        let isFound = try CustomerDocument.write(
            ana, now: Timestamp(milliseconds: now), from: rows,
            keptIn: cache.map { ($0, ViewState(file: file, position: rows.position)) }, to: &json)
        #expect(isFound)
        return json.bytes
    }

    private static let ana = [CustomerID(rawValue: 1)]

    private static let definitions = [
        Happening(
            "thresholds.published", 0, nil,
            [
                "key": .text("default"), "version": .text("1"),
                "values": .text(
                    #"{"active_days":60,"monetary_top":9000,"churn_permille":300,"#
                        + #""recency_days":[30,90],"frequency":[2],"monetary":[5000]}"#),
            ]),
        Happening(
            "definition.set", 0, nil,
            [
                "kind": .text("season"), "key": .text("all"), "version": .text("1"),
                "body": .text(
                    #"{"from":"1970-01-01T00:00:00Z","to":"1971-06-01T00:00:00Z"}"#),
            ]),
    ]

    private static func life(_ count: Int, _ random: inout SeededGenerator) -> [Happening] {
        var happenings = definitions + RandomLife.happenings(count, &random)
        for number in 1...count {
            let moment = Int64.random(in: 0..<Int64(count) * 3 * Card.day, using: &random)
            let name = "c-\(number)"
            happenings.append(
                Card.ana(
                    "interaction.created", moment, name,
                    [
                        "channel": .text(number % 2 == 0 ? "voice" : "chat"),
                        "direction": .text("inbound"),
                    ]))
            happenings.append(
                Happening(
                    "message.received", moment + 9, name,
                    ["author": .text("customer"), "text": .text("word \(number)")]))
            happenings.append(
                Card.ana(
                    "note.added", moment + 10, nil,
                    ["note_id": .ref(name), "text": .text("note \(number)")]))
            if number % 3 > 0 {
                happenings.append(
                    Happening(
                        number % 3 == 1 ? "interaction.completed" : "interaction.abandoned",
                        moment + 5_000, name))
            }
        }
        for _ in 1...4 {
            // No event of theirs, and yet it changes what their card says.
            happenings.append(
                Happening(
                    "stage.inferred", Int64.random(in: 0..<300, using: &random) * Card.day, nil,
                    [
                        "customer_id": .ref("c_1"), "rule": .text("gap"),
                        "stage": .text(Bool.random(using: &random) ? "atRisk" : "lapsed"),
                    ]))
        }
        // A warehouse names no person.
        for index in happenings.indices where happenings[index].type.hasPrefix("delivery.") {
            if Bool.random(using: &random) { happenings[index].identifiers = [] }
        }
        return happenings.shuffled(using: &random)
    }

    @Test(
        "whatever the clock says, and whatever has happened since",
        arguments: 1...12 as ClosedRange<UInt64>)
    func sameBytes(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var log = MemoryLog()
        log.append(Card.known)
        let life = Self.life(40, &random)
        var run = FoldRun<CustomersProjection>()
        let cache = CardCache()
        var now: Int64 = 0
        for (round, start) in stride(from: 0, to: life.count, by: 8).enumerated() {
            var next = Array(life[start..<min(start + 8, life.count)])
            if round % 2 == 0 {
                // An event that concerns somebody else.
                next.append(
                    Happening("note.taken", 0, nil, [:], [Identifier(kind: "email", value: "b")]))
            }
            log.append(next)
            try run.run(log)
            for _ in 1...20 {
                // Steps of a millisecond to half a year, now and then back.
                let step = Int64(1) << Int64.random(in: 0..<34, using: &random)
                now = max(0, now + (Int.random(in: 0..<8, using: &random) == 0 ? -step : step))
                if now > 600 * Card.day { now = 0 }
                let kept = try Self.card(run.rows, now: now, cache)
                let fresh = try Self.card(run.rows, now: now, nil)
                #expect(kept == fresh, "seed \(seed) at \(now) behind \(log.head)")
                var json = JSONWriter()
                let state = ViewState(file: 1, position: run.rows.position)
                let isKnown = CustomerDocument.writeKnown(
                    Self.ana, now: Timestamp(milliseconds: now), in: state, of: cache, to: &json)
                #expect(isKnown && json.bytes == fresh, "seed \(seed) at \(now), known")
            }
        }
    }

    @Test("is used, and only for the view it was written from")
    func used() throws {
        let card = try Card([
            Card.ana("interaction.created", 1_000, "c-1", ["channel": .text("voice")])
        ])
        let rows = try CustomerRows([CustomerID(rawValue: 1)], [], card.rows)
        let definitions = try CardDefinitions.read(card.rows)
        let cache = CardCache()
        let state = ViewState(file: 1, position: card.rows.position)
        func isKept(now: Int64, file: UInt64 = 1) -> Bool {
            cache.entry(
                rows, definitions, in: ViewState(file: file, position: state.position.next),
                now: Timestamp(milliseconds: now)) != nil
        }
        func isKnown(
            now: Int64, in state: ViewState, of members: [CustomerID] = Self.ana,
            _ ends: [IdentifierEnd] = []
        ) -> Bool {
            cache.entry(members, ends, in: state, now: Timestamp(milliseconds: now)) != nil
        }
        #expect(!isKnown(now: 2_000, in: state) && !isKept(now: 2_000))
        _ = try Self.card(card.rows, now: 2_000, cache)
        #expect(isKnown(now: 2_000, in: state) && isKnown(now: 2_001, in: state))
        #expect(!isKnown(now: 1_999, in: state))
        #expect(!isKnown(now: 2_000, in: state, of: Self.ana + [CustomerID(rawValue: 2)]))
        #expect(!isKnown(now: 2_000, in: ViewState(file: 2, position: state.position)))
        let next = ViewState(file: 1, position: state.position.next)
        #expect(!isKnown(now: 2_000, in: next))
        // Their number was given back: that changes no row of theirs.
        let end = IdentifierEnd(
            customer: Self.ana[0], position: state.position, reason: .released)
        #expect(!isKnown(now: 2_000, in: state, of: Self.ana, [end]))
        let given = try CustomerRows(Self.ana, [end], card.rows)
        #expect(
            cache.entry(given, definitions, in: next, now: Timestamp(milliseconds: 2_000)) == nil)
        // Looked at again, it is known of that state, too.
        #expect(isKept(now: 2_000) && isKnown(now: 2_000, in: next))
        #expect(!isKept(now: 1_999) && !isKept(now: 2_000, file: 2))
        _ = try Self.card(card.rows, now: 2_000, cache, file: 2)
        #expect(isKept(now: 2_000, file: 2) && !isKept(now: 2_000))
    }

    @Test("is bounded")
    func bounded() throws {
        let card = try Card([Card.ana("note.taken", 1_000)])
        let definitions = try CardDefinitions.read(card.rows)
        let cache = CardCache(bytesMax: 40_000)
        for number in 1...1_000 as ClosedRange<UInt64> {
            let entry = CardCache.Entry(
                state: ViewState(file: 1, position: card.rows.position),
                rows: try CustomerRows([CustomerID(rawValue: number)], [], card.rows),
                definitions: definitions, written: .earliest, changes: .latest,
                body: [UInt8](repeating: 1, count: 800), ages: [])
            cache.keep(entry)
            #expect(cache.count <= 40)
        }
        #expect(cache.count >= 15)
        let last = cache.entry(
            [CustomerID(rawValue: 1_000)], [], in: ViewState(file: 1, position: card.rows.position),
            now: Timestamp(milliseconds: 0))
        #expect(last != nil)
    }
}
