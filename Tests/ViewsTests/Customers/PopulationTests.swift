import ContactCentre
import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// What the daemon says of the whole customer base, against figures counted naively.
@Suite struct PopulationTests {
    private static let day = Card.day
    private static let now: Int64 = 2_000 * Card.day

    /// Somebody with orders, under two names where they were merged.
    private struct Buyer {
        var customers: [CustomerID] = []
        var orders: [(placed: Int64, cents: Int64, shop: String)] = []
    }

    /// A base of random buyers: their events, who is who, and what to expect.
    private struct Base {
        var log = MemoryLog()
        var buyers: [Buyer] = []

        init(_ count: Int, _ body: String, _ random: inout SeededGenerator) {
            log.append(Self.definition(body))
            var choice = SeededGenerator(seed: UInt64(count))
            let shops = choice.pick([[""], ["es"], ["es", "fr"], ["", "es", "fr", "pt"]])
            for number in 0..<count {
                var buyer = Buyer()
                let names = random.once(in: 4) ? ["a\(number)", "b\(number)"] : ["a\(number)"]
                for name in names {
                    buyer.customers.append(
                        CustomerID(founded: log.head.next, number: 0))
                    log.append(Self.event("identity.observed", 0, name, [:]))
                }
                var moment = Int64.random(in: 0..<1_900, using: &random) * day
                for order in 0..<Int.random(in: 0...6, using: &random) {
                    let cents = Int64.random(in: 1...900, using: &random) * 10
                    let id: AttributeValue = .ref("o-\(number)-\(order)")
                    let name = random.pick(names)
                    let shop = choice.pick(shops)
                    var placed = Self.event(
                        "order.placed", moment, name, ["order": id, "total": .euros(cents)])
                    if !shop.isEmpty { placed.attributes.append(("shop", .ref(shop))) }
                    log.append(placed)
                    log.append(Self.event("order.paid", moment + 1, name, ["order": id]))
                    if moment <= now { buyer.orders.append((moment, cents, shop)) }
                    moment += Int64.random(in: 1...200, using: &random) * day + 7
                }
                buyers.append(buyer)
            }
        }

        static func definition(_ body: String) -> Happening {
            Happening(
                "definition.set", 0, nil,
                [
                    "kind": .text("stages"), "key": .text("default"), "version": .text("1"),
                    "body": .text(body),
                ])
        }

        private static func event(
            _ type: String, _ moment: Int64, _ name: String,
            _ attributes: KeyValuePairs<String, AttributeValue>
        ) -> Happening {
            Happening(
                type, moment, nil, attributes,
                [Identifier(kind: "crm", value: name, strength: .verified)])
        }

        func members(_ customer: CustomerID) -> [CustomerID]? {
            buyers.first { $0.customers.contains(customer) }?.customers
        }

        func rows() throws -> MemoryRows {
            var run = FoldRun<CustomersProjection>()
            try run.run(log)
            return run.rows
        }

        func look(_ rows: MemoryRows) throws -> PopulationSweep.Look {
            try PopulationSweep.find(
                now: Timestamp(milliseconds: now), members: { members($0) }, from: rows)
        }

        /// Moves, and the figures behind them.
        func found(_ rows: MemoryRows) throws -> [InferredEvent] { try look(rows).events }
    }

    /// The figures, told again from the definitions.
    private static func naive(_ buyers: [Buyer], floor: Int64, window: Int64) -> PopulationFigures {
        var figures = PopulationFigures()
        let all = buyers.map(\.orders).filter { !$0.isEmpty }
        figures.buyers = all.count
        figures.currency = all.isEmpty ? "" : "EUR"
        let gaps = all.flatMap { orders in zip(orders.dropFirst(), orders).map { $0.0 - $1.0 } }
        // The least gap that four fifths do not exceed.
        let gap = gaps.sorted().first { gap in
            gaps.count { $0 <= gap } * 5 >= gaps.count * 4
        }
        figures.gapDays = gap.map { ($0 + day - 1) / day }
        let active = max(figures.gapDays ?? floor, floor) * day
        let current = all.filter { now - $0[$0.count - 1].placed <= active }
        figures.active = current.count
        func cuts(_ values: [Int64], good: (Int64, Int64) -> Bool) -> [Int64] {
            guard !values.isEmpty else { return [] }
            var cuts: [Int64] = []
            for fifth in 1...4 {
                // The worst value such that those who keep it are as few as may be.
                let kept = values.count - (values.count * fifth / 5)
                let cut = values.sorted(by: good).dropFirst(kept - 1).first
                guard let cut, values.contains(where: { good(cut, $0) }), cuts.last != cut else {
                    continue
                }
                cuts.append(cut)
            }
            return cuts
        }
        func quintiles(_ buyers: [[(placed: Int64, cents: Int64, shop: String)]]) -> QuintileCuts {
            var found = QuintileCuts()
            let recencies = buyers.map { (Self.now - $0[$0.count - 1].placed) / day }
            found.recency = cuts(recencies) { $0 < $1 }.reversed()
            let recent = buyers.map { $0.filter { Self.now - $0.placed <= window * day } }
            found.frequency = cuts(recent.map { Int64($0.count) }) { $0 > $1 }
            found.monetary = cuts(recent.map { $0.reduce(0) { $0 + $1.cents } }) { $0 > $1 }
            found.currency = "EUR"
            return found
        }
        figures.cuts = quintiles(current)
        figures.cuts.currency = figures.currency
        let shops = Set(current.map { $0[$0.count - 1].shop })
        if shops.count > 1 {
            for shop in shops.subtracting([""]).sorted() {
                let theirs = current.filter { $0[$0.count - 1].shop == shop }
                figures.shops.append(.init(shop: shop, cuts: quintiles(theirs)))
            }
        }
        let totals = current.map { $0.reduce(0) { $0 + $1.cents } }.sorted()
        figures.monetaryTop = totals.isEmpty ? nil : totals[totals.count * 4 / 5]
        let start = Self.now - 365 * day
        let before = all.filter { orders in
            orders.contains { $0.placed <= start && start - $0.placed <= active }
        }
        let lapsed = before.count { orders in
            orders.indices.contains { index in
                let lapse = orders[index].placed + 2 * active
                return lapse >= start && lapse < Self.now
                    && !orders.contains { $0.placed > orders[index].placed && $0.placed <= lapse }
            }
        }
        if !before.isEmpty {
            let share = Double(lapsed) / Double(before.count)
            figures.churnPermille = Int64((share * 1_000).rounded())
        }
        return figures
    }

    @Test(
        "figures of the base are those that are counted naively",
        arguments: 1...40 as ClosedRange<UInt64>)
    func figures(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let floor = Int64.random(in: 1...200, using: &random)
        let window = Int64.random(in: 30...400, using: &random)
        let base = Base(
            Int.random(in: 1...80, using: &random),
            #"{"publish":"daily","active_floor_days":\#(floor),"window_days":\#(window)}"#, &random)
        let expected = Self.naive(base.buyers, floor: floor, window: window)
        let found = try base.found(base.rows())
        guard expected.buyers > 0 else {
            #expect(found.isEmpty, "seed \(seed)")
            return
        }
        let said = try #require(found.last)
        #expect(said.type == "thresholds.published", "seed \(seed)")
        func attribute(_ name: String) -> String? {
            said.attributes.first { $0.name == name }?.value
        }
        #expect(attribute("values") == expected.values, "seed \(seed)")
        #expect(attribute("n") == "\(expected.buyers)", "seed \(seed)")
        #expect(attribute("version") == "1975-06-24", "seed \(seed)")
    }

    @Test("equal values get one score, and few different ones fewer scores")
    func cuts() {
        func cuts(_ values: [Int64], _ highIsGood: Bool = true) -> [Int64] {
            BuyerSample.cuts(values, highIsGood: highIsGood)
        }
        #expect(cuts([]) == [] && cuts([7]) == [] && cuts([7, 7, 7]) == [])
        #expect(cuts([1, 2, 3, 4, 5]) == [2, 3, 4, 5])
        #expect(cuts([1, 2, 3, 4, 5], false) == [1, 2, 3, 4])
        #expect(cuts([1, 1, 1, 1, 1, 1, 1, 1, 2, 3]) == [2])
        #expect(cuts([9, 9, 9, 9, 1], false) == [1])
    }

    @Test("scores are those of the shop of the last order, where they are published")
    func shops() throws {
        let published = #"""
            {"recency_days":[300,60],"frequency":[2],"monetary":[1000],"monetary_currency":"EUR",
             "shops":{"es":{"recency_days":[9,3],"frequency":[1],"monetary":[10,20,30],
                            "monetary_currency":"EUR"},
                      "uk":{"recency_days":[30],"frequency":[],"monetary":[500],
                            "monetary_currency":"GBP"}}}
            """#
        func value(_ shop: String?) throws -> [String: Any] {
            var placed = Card.ana(
                "order.placed", 0, nil, ["order": .ref("o-1"), "total": .euros(2_500)])
            if let shop { placed.attributes.append(("shop", .ref(shop))) }
            let card = try Card([
                Happening(
                    "thresholds.published", 0, nil,
                    ["version": .text("1"), "values": .text(published)]),
                placed, Card.ana("order.paid", 1, nil, ["order": .ref("o-1")]),
            ])
            let document = try card.document(now: 4 * Card.day, sections: [.value])
            return try #require(document.root["value"] as? [String: Any])
        }
        let spain = try value("es")
        #expect(spain["rfm"] as? [Int] == [2, 2, 4] && spain.string("rfm_shop") == "es")
        let britain = try value("uk")
        let scores = try #require(britain["rfm"] as? [Any])
        // Euros have no score among pounds.
        #expect(scores[0] as? Int == 2 && scores[1] as? Int == 1 && !(scores[2] is Int))
        #expect(britain.string("rfm_shop") == "uk")
        for shop in ["fr", nil] {
            let base = try value(shop)
            #expect(base["rfm"] as? [Int] == [3, 1, 2] && base.string("rfm_shop") == nil)
        }
    }

    @Test(
        "whom time has moved is said once, and again behind the next order",
        arguments: 1...20 as ClosedRange<UInt64>)
    func moves(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var base = Base(50, #"{"publish":"daily","active_days":100}"#, &random)
        let rows = try base.rows()
        let moves = try base.found(rows).dropLast()
        var expected: [String] = []
        for buyer in base.buyers {
            guard let last = buyer.orders.last else { continue }
            let gaps = zip(buyer.orders.dropFirst(), buyer.orders).map { $0.0 - $1.0 }.sorted()
            let own = gaps.isEmpty ? .max : gaps[(gaps.count - 1) / 2]
            let patience = own == .max ? 100 * Self.day : min(own + own / 2, 100 * Self.day)
            let age = Self.now - last.placed
            let word = age > 200 * Self.day ? "lapsed" : age > patience ? "atRisk" : nil
            if let word { expected.append("\(buyer.customers[0]) \(word)") }
        }
        func said(_ events: some Sequence<InferredEvent>) -> [String] {
            events.map { "\($0.attributes[0].value) \($0.attributes[1].value)" }
        }
        #expect(said(moves).sorted() == expected.sorted(), "seed \(seed)")
        // What was said is not said again, whose person they may be by then.
        for move in moves {
            var said = Happening(move.type, move.occurred.rawValue)
            said.attributes = move.attributes.map { ($0.name, .text($0.value)) }
            base.log.append(said)
        }
        #expect(try base.found(base.rows()).count == 1, "seed \(seed)")
    }

    @Test("the base is looked at once a day, and only where a definition says so")
    func due() throws {
        var random = SeededGenerator(seed: 1)
        let now = Timestamp(milliseconds: Self.now)
        let unasked = try Base(3, #"{"active_days":100}"#, &random).rows()
        #expect(try !PopulationSweep().isDue(now: now, from: unasked))
        var base = Base(20, #"{"publish":"daily"}"#, &random)
        var sweep = PopulationSweep()
        #expect(try sweep.isDue(now: now, from: base.rows()))
        let look = try base.look(base.rows())
        sweep.take(look)
        #expect(try !sweep.isDue(now: now, from: base.rows()))
        // Somebody is erased before all is appended: it is looked for again.
        sweep.startOver()
        #expect(try sweep.isDue(now: now, from: base.rows()))
        sweep.take(look)
        var appended: [String] = []
        while case let events = sweep.next(), !events.isEmpty {
            appended += events.map(\.type)
        }
        #expect(appended == look.events.map(\.type))
        #expect(appended.last == "thresholds.published")
        #expect(try !sweep.isDue(now: now, from: base.rows()))
        // What was taken may wait for room when somebody is erased.
        sweep.startOver()
        #expect(try sweep.isDue(now: now, from: base.rows()))
        sweep.take(look)
        while !sweep.next().isEmpty {}
        let tomorrow = now.advanced(byMilliseconds: Self.day)
        #expect(try sweep.isDue(now: tomorrow, from: base.rows()))
        let said = try #require(try base.found(base.rows()).last)
        func value(_ name: String) -> AttributeValue {
            .text(said.attributes.first { $0.name == name }?.value ?? "")
        }
        base.log.append(
            Happening(
                said.type, said.occurred.rawValue, nil,
                ["version": value("version"), "values": value("values")]))
        sweep.startOver()
        #expect(try !sweep.isDue(now: now, from: base.rows()))
        // Another process, which has not looked, finds that it was said.
        #expect(try !PopulationSweep().isDue(now: now, from: base.rows()))
        #expect(try PopulationSweep().isDue(now: tomorrow, from: base.rows()))
        let active = try #require(
            base.buyers.first { ($0.orders.last?.placed ?? 0) > Self.now - 90 * Self.day })
        var json = JSONWriter()
        _ = try CustomerDocument.write(
            active.customers, now: now, options: CardOptions(sections: [.value]),
            from: base.rows(), to: &json)
        #expect(String(decoding: json.bytes, as: UTF8.self).contains(#""rfm":["#))
    }
}
