import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// SEASON against plain loops.
@Suite struct SeasonTests {
    private static let day: Int64 = 86_400_000
    private static let start = Timestamp(milliseconds: SimulatedContact.start)

    private static func time(_ days: Int64) -> String {
        start.advanced(byMilliseconds: days * day).rfc3339
    }

    private static let seasons: [Happening] = [
        .definition(
            "season", "last", #"{"from":"\#(time(0))","to":"\#(time(6))","closed_weekdays":[7]}"#),
        .definition(
            "season", "this",
            #"{"from":"\#(time(6))","to":"\#(time(13))","closed":["2025-07-09"]}"#),
        .definition(
            "season", "local", #"{"from":"\#(time(0))","to":"\#(time(3))","zone":"Test/Jump"}"#),
    ]

    private static func document(
        _ question: SeasonQuestion, _ rows: MemoryRows, only: [String] = ["offered", "asa"],
        now: Timestamp = .latest
    ) throws -> Document {
        var json = JSONWriter()
        var conditions = MetricsConditions()
        conditions.only = only
        conditions.zones = { name in
            name == "UTC"
                ? UTCOffsets() as any ZoneOffsets
                : JumpingZone(jump: start.advanced(byMilliseconds: day + day / 2))
        }
        try SeasonDocument.write(question, conditions, now: now, from: rows, to: &json)
        return try Document(json)
    }

    private static func offered(
        _ contacts: [SimulatedContact], _ from: Int64, _ to: Int64
    ) -> [SimulatedContact] {
        let base = SimulatedContact.start
        return contacts.filter {
            !$0.isTest && $0.isQueued && $0.entered >= base + from * day
                && $0.entered < base + to * day
        }
    }

    @Test("days and sums equal plain loops", arguments: 1...3 as ClosedRange<UInt64>)
    func naive(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let contacts = SimulatedContact.random(300, &random)
        let rows = try SimulatedContact.folded(contacts, &random, also: Self.seasons)
        let question = SeasonQuestion(
            name: "this", against: "last", alignment: .day, likeForLike: nil)
        let document = try Self.document(question, rows)
        let days = document.rows("days")
        #expect(days.count == 7)
        for (index, row) in days.enumerated() {
            let day = Int64(index)
            let own = Self.offered(contacts, 6 + day, 7 + day)
            #expect(row.int("metrics.offered.value") == Int64(own.count), "day \(day) \(seed)")
            let asa = NaiveMetrics(own).values["asa"] ?? nil
            #expect(abs((row.double("metrics.asa.value_ms") ?? -1) - (asa ?? -1)) < 1e-6)
            let before: Int64? =
                day < 6 ? Int64(Self.offered(contacts, day, day + 1).count) : nil
            #expect(row.int("metrics.offered.before.value") == before)
            #expect((row.string("against") == nil) == (before == nil))
        }
        // 2025-07-01 was a Tuesday: the sixth is a Sunday, the ninth is closed.
        #expect(days[0].string("date") == "2025-07-07" && days[0].int("weekday") == 1)
        #expect(document.root.int("season.trading_days") == 6)
        #expect(document.root.int("against.trading_days") == 5)
        // The seventh day lies beside none: it is held against nothing.
        let six = Int64(Self.offered(contacts, 6, 12).count)
        let before = Int64(Self.offered(contacts, 0, 6).count)
        #expect(document.root.int("to_date.days") == 6)
        #expect(document.root.int("to_date.metrics.offered.value") == six)
        #expect(document.root.int("to_date.metrics.offered.before.value") == before)
        #expect(document.root.double("to_date.metrics.offered.change") == Double(six - before))
        #expect(
            document.root.double("to_date.per_trading_day.offered.value") == Double(six) / 5)
        #expect(
            document.root.double("to_date.per_trading_day.offered.before") == Double(before) / 5)
        let alone = try Self.document(
            SeasonQuestion(name: "this", against: nil, alignment: .day, likeForLike: nil), rows)
        let all = Int64(Self.offered(contacts, 6, 13).count)
        #expect(alone.root.int("to_date.metrics.offered.value") == all)
        #expect(alone.root.double("to_date.per_trading_day.offered.value") == Double(all) / 6)
        // Of trading days only trading days are summed, on both sides.
        let trading = try Self.document(
            SeasonQuestion(name: "this", against: "last", alignment: .trading, likeForLike: nil),
            rows)
        let opened = [6, 7, 9, 10, 11].reduce(0) {
            $0 + Self.offered(contacts, Int64($1), Int64($1) + 1).count
        }
        let others = (0..<5).reduce(0) {
            $0 + Self.offered(contacts, Int64($1), Int64($1) + 1).count
        }
        #expect(trading.root.int("to_date.metrics.offered.value") == Int64(opened))
        #expect(trading.root.int("to_date.metrics.offered.before.value") == Int64(others))
    }

    @Test("a season that is not over is held against as much of the other")
    func toDate() throws {
        var random = SeededGenerator(seed: 4)
        let contacts = SimulatedContact.random(200, &random)
        let rows = try SimulatedContact.folded(contacts, &random, also: Self.seasons)
        let document = try Self.document(
            SeasonQuestion(name: "this", against: "last", alignment: .day, likeForLike: nil),
            rows, now: Self.start.advanced(byMilliseconds: 8 * Self.day + 5))
        // The third day has just begun: two are over.
        #expect(document.root.int("to_date.days") == 2)
        #expect(
            document.root.int("to_date.metrics.offered.value")
                == Int64(Self.offered(contacts, 6, 8).count))
        #expect(
            document.root.int("to_date.metrics.offered.before.value")
                == Int64(Self.offered(contacts, 0, 2).count))
    }

    @Test("days are laid side by side as asked")
    func aligned() {
        func days(_ from: Int, _ count: Int, closed: Set<Int> = []) -> [SeasonFigures.Day] {
            (0..<count).map {
                SeasonFigures.Day(
                    date: CalendarDate(day: from + $0), isTrading: !closed.contains($0))
            }
        }
        // For every distance of two seasons, weekdays fall together and no other shift is nearer.
        for start in 0..<14 {
            let (these, others) = (days(start, 10), days(20_000, 10))
            let beside = SeasonComparison.aligned(these, others, .weekday)
            for (index, other) in beside.enumerated() {
                guard let other else { continue }
                #expect(these[index].date.weekday == others[other].date.weekday)
                #expect(abs(other - index) <= 3)
            }
            #expect(beside.count { $0 != nil } >= 7)
        }
        let trading = SeasonComparison.aligned(
            days(0, 5, closed: [1]), days(9, 4, closed: [0]), .trading)
        #expect(trading == [1, nil, 2, 3, nil])
        #expect(SeasonComparison.aligned(days(0, 3), days(5, 2), .day) == [0, 1, nil])
        #expect(SeasonComparison.aligned(days(0, 2), [], .day) == [nil, nil])
    }

    @Test("like for like counts only what both seasons have")
    func like() throws {
        var random = SeededGenerator(seed: 6)
        var contacts = SimulatedContact.random(200, &random)
        for index in contacts.indices {
            // A queue that was opened between the seasons.
            let isLate = contacts[index].entered >= SimulatedContact.start + 6 * Self.day
            if isLate, index % 3 == 0 { contacts[index].queue = "new" }
        }
        let rows = try SimulatedContact.folded(contacts, &random, also: Self.seasons)
        let document = try Self.document(
            SeasonQuestion(name: "this", against: "last", alignment: .day, likeForLike: .queue),
            rows)
        #expect(
            (document.root["like"] as? [String: Any])?["names"] as? [String] == ["billing", "care"])
        let expected = Self.offered(contacts, 6, 12).count { $0.queue != "new" }
        #expect(document.root.int("to_date.metrics.offered.value") == Int64(expected))
        // Contacts of which nobody told the brand are not alike for that.
        let branded = try Self.document(
            SeasonQuestion(name: "this", against: "last", alignment: .day, likeForLike: .brand),
            rows)
        #expect((branded.root["like"] as? [String: Any])?["names"] as? [String] == ["north"])
        let north = Self.offered(contacts, 6, 12).count { $0.brand == "north" }
        #expect(branded.root.int("to_date.metrics.offered.value") == Int64(north))
    }

    @Test("days are local: one has 25 hours")
    func local() throws {
        var random = SeededGenerator(seed: 7)
        let rows = try SimulatedContact.folded(
            SimulatedContact.random(20, &random), &random, also: Self.seasons)
        let days = try Self.document(
            SeasonQuestion(name: "local", against: nil, alignment: .day, likeForLike: nil), rows
        ).rows("days")
        #expect(days.map { $0.string("date") }.prefix(2) == ["2025-07-01", "2025-07-02"])
        #expect(days.first?.string("from") == "2025-07-01T00:00:00.000Z")
        #expect(days.dropFirst().first?.string("to") == "2025-07-02T23:00:00.000Z")
    }

    @Test("a name that no season has is refused")
    func unknown() throws {
        var random = SeededGenerator(seed: 8)
        let rows = try SimulatedContact.folded([], &random, also: Self.seasons)
        for (name, against) in [("that", nil), ("this", "that")] as [(String, String?)] {
            let question = SeasonQuestion(
                name: name, against: against, alignment: .day, likeForLike: nil)
            do {
                _ = try Self.document(question, rows)
                Issue.record("\(name) was answered")
            } catch let error as MetricsFault {
                guard case .refused(.unknownSeason) = error else {
                    Issue.record("\(error)")
                    return
                }
            }
        }
    }
}
