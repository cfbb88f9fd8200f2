import ContactCentre
import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// SCORECARD against plain loops.
@Suite struct ScorecardTests {
    private static let day: Int64 = 86_400_000
    private static let from = SimulatedContact.start + 7 * day
    private static let to = from + 7 * day

    private static let targets: [Happening] = [
        .definition("target", "asa", #"{"metric":"asa","at_most":15000,"weight":2}"#),
        .definition("target", "asa care", #"{"metric":"asa","at_most":1000,"queue":"care"}"#),
        .definition(
            "target", "sl", #"{"metric":"sl_offered","at_least":0.9,"within_ms":30000}"#),
        .definition(
            "target", "sl care",
            #"{"metric":"sl_answered","at_least":0.95,"queue":"care","within_ms":10000}"#),
        .definition("target", "csat", #"{"metric":"csat","at_least":0.75,"weight":0.5}"#),
        .definition("target", "hold", #"{"metric":"hold_rate","at_most":0.05}"#),
        .definition("target", "other", #"{"metric":"aht","at_most":1,"queue":"elsewhere"}"#),
    ]

    private static func document(
        _ rows: MemoryRows, against: PeriodName? = .periodBefore, per: MetricsDimension? = .queue
    ) throws -> Document {
        var json = JSONWriter()
        try ScorecardDocument.write(
            .times(Timestamp(milliseconds: from), Timestamp(milliseconds: to)),
            MetricsConditions(), per: per, against: against, zone: UTCOffsets(), from: rows,
            to: &json)
        return try Document(json)
    }

    /// A metric by plain loops over the contacts whose moment of its anchor lies in a window.
    private static func naive(
        _ name: String, _ contacts: [SimulatedContact], from: Int64, to: Int64
    ) throws -> Double? {
        let definition = try #require(MetricDefinition.named(name))
        let counted = contacts.filter { contact in
            let moment: Int64?
            switch definition.anchor {
            case .created: moment = contact.created
            case .offered: moment = contact.isQueued ? contact.entered : nil
            case .ended: moment = contact.ended
            // Time has no moment; none of it is asked for here.
            case .overlap: moment = nil
            }
            return moment.map { $0 >= from && $0 < to } ?? false
        }
        return NaiveMetrics(counted).values[name] ?? nil
    }

    @Test(
        "value, earlier value and change equal plain loops",
        arguments: 1...4 as ClosedRange<UInt64>)
    func naive(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let contacts = SimulatedContact.random(300, &random)
        let rows = try SimulatedContact.folded(contacts, &random, also: Self.targets)
        var compared = 0
        for row in try Self.document(rows).rows("rows") {
            let queue = try #require(row.string("queue"))
            let own = contacts.filter { $0.queue == queue }
            for line in row["metrics"] as? [[String: Any]] ?? [] {
                let metric = try #require(line.string("metric"))
                guard
                    ["asa", "long_abandon_rate", "transfer_rate", "csat", "hold_rate"]
                        .contains(metric)
                else { continue }
                let value = try Self.naive(metric, own, from: Self.from, to: Self.to)
                let before = try Self.naive(
                    metric, own, from: 2 * Self.from - Self.to, to: Self.from)
                let what = "\(metric) of \(queue), seed \(seed)"
                #expect(
                    Self.equal(line.double("value") ?? line.double("value_ms"), value), "\(what)")
                #expect(
                    Self.equal(
                        line.double("before.value") ?? line.double("before.value_ms"), before),
                    "\(what) before")
                if let value, let before {
                    let change = line.double("change") ?? line.double("change_ms")
                    #expect(Self.equal(change, value - before), "\(what) change")
                }
                compared += 1
            }
        }
        #expect(compared == 10)
    }

    private static func equal(_ left: Double?, _ right: Double?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        return abs(left - right) < 1e-9 * max(1, abs(right))
    }

    @Test("the nearest target holds, and chooses the headline of service level")
    func nearest() throws {
        var random = SeededGenerator(seed: 5)
        let rows = try SimulatedContact.folded(
            SimulatedContact.random(300, &random), &random, also: Self.targets)
        func line(_ queue: String, _ name: String) throws -> [String: Any] {
            let row = try #require(
                try Self.document(rows).rows("rows").first { $0.string("queue") == queue })
            let lines = row["metrics"] as? [[String: Any]] ?? []
            return try #require(lines.first { $0.string("name") == name })
        }
        #expect(try line("billing", "sl").string("metric") == "sl_offered")
        #expect(try line("billing", "sl").int("within_ms") == 30_000)
        #expect(try line("care", "sl").string("metric") == "sl_answered")
        #expect(try line("care", "sl").int("within_ms") == 10_000)
        #expect(try line("billing", "asa").double("target_ms") == 15_000)
        #expect(try line("care", "asa").double("target_ms") == 1_000)
        #expect(try line("care", "asa").string("direction") == "down")
        #expect(try line("care", "hold_rate").double("target") == 0.05)
        #expect(try line("care", "aht").double("target_ms") == nil)
    }

    @Test(
        "improve first is gap × n × weight, the greatest first", arguments: [1, 2, 3] as [UInt64])
    func improving(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let rows = try SimulatedContact.folded(
            SimulatedContact.random(300, &random), &random, also: Self.targets)
        let document = try Self.document(rows)
        var expected: [String: Double] = [:]
        for row in document.rows("rows") {
            let queue = try #require(row.string("queue"))
            for line in row["metrics"] as? [[String: Any]] ?? [] {
                let name = try #require(line.string("name"))
                guard let target = line.double("target") ?? line.double("target_ms"),
                    let value = line.double("value") ?? line.double("value_ms"),
                    let n = line.int("n")
                else { continue }
                var short =
                    line.string("direction") == "up" ? target - value : value - target
                if line.double("target_ms") != nil { short /= target }
                let weight = name == "csat" ? 0.5 : name == "asa" && queue == "billing" ? 2 : 1
                if short > 0 { expected["\(queue) \(name)"] = short * Double(n) * weight }
            }
        }
        let found = document.rows("improve_first")
        #expect(found.count == expected.count && !found.isEmpty, "seed \(seed)")
        var last = Double.infinity
        for gap in found {
            let name = "\(gap.string("queue") ?? "") \(gap.string("name") ?? "")"
            let score = try #require(gap.double("score"))
            #expect(Self.equal(score, expected[name]), "\(name) seed \(seed)")
            #expect(score <= last)
            last = score
        }
    }

    @Test("a target holds from when it takes effect; before the first one that holds")
    func versions() throws {
        var random = SeededGenerator(seed: 9)
        let later = Happening.definition(
            "target", "asa", #"{"metric":"asa","at_most":9000}"#, at: Self.to + Self.day)
        let rows = try SimulatedContact.folded(
            SimulatedContact.random(50, &random), &random, also: Self.targets + [later])
        let row = try #require(try Self.document(rows, per: nil).rows("rows").first)
        let lines = row["metrics"] as? [[String: Any]] ?? []
        let asa = try #require(lines.first { $0.string("name") == "asa" })
        #expect(asa.double("target_ms") == 15_000)
    }

    @Test("a year before is the same weekday and the same time of day, over a change of clocks")
    func yearBefore() throws {
        let moment = try #require(CalendarDate("2026-11-01"))
        let zone = JumpingZone(
            jump: try #require(CalendarDate("2026-02-01")).moment(0, UTCOffsets()))
        let start = moment.moment(0, zone)
        let earlier = try PeriodName.yearBefore.resolved(
            before: (start, start.advanced(byMilliseconds: Self.day)), zone, in: MemoryRows())
        let date = CalendarDate(of: earlier.from, zone)
        #expect(date.text == "2025-11-02" && date.weekday == moment.weekday)
        #expect(date.moment(0, zone) == earlier.from)
        #expect(earlier.to - earlier.from == Self.day)
    }

    @Test("what nobody can read is refused, and says what it must be")
    func refused() throws {
        func refusal(_ kind: String, _ body: String) -> String? {
            let (kind, key, body) = (Array(kind.utf8), Array("k".utf8), Array(body.utf8))
            do throws(DefinitionFault) {
                try unsafe DefinitionBody.check(
                    kind: kind.span.bytes, key: key.span.bytes, body: body.span.bytes,
                    knowsZone: { $0 == "UTC" || $0 == "Europe/Madrid" })
                return nil
            } catch {
                return error.expected
            }
        }
        let bad = [
            ("target", "x"), ("target", "[]"), ("target", #"{"metric":"asa"}"#),
            ("target", #"{"metric":"nothing","at_most":1}"#),
            ("target", #"{"metric":"asa","at_most":1,"at_least":1}"#),
            ("target", #"{"metric":"asa","at_most":0}"#),
            ("target", #"{"metric":"csat","at_least":75}"#),
            ("target", #"{"metric":"asa","at_most":1,"weight":-1}"#),
            ("target", #"{"metric":"asa","at_most":1,"channel":"pigeon"}"#),
            ("target", #"{"metric":"asa","at_most":1,"colour":"red"}"#),
            ("season", #"{"from":"2026-01-01T00:00:00Z"}"#),
            ("season", #"{"from":"2026-01-02T00:00:00Z","to":"2026-01-01T00:00:00Z"}"#),
            ("season", #"{"from":"2026-01-01T00:00:01Z","to":"2026-02-01T00:00:00Z"}"#),
            (
                "season",
                #"{"from":"2026-01-01T00:00:00Z","to":"2026-02-01T00:00:00Z","closed":["2026-02-30"]}"#
            ),
            ("target", #"{"metric":"asa","at_most":1e999}"#),
            (
                "season",
                #"{"from":"2026-01-01T00:00:00Z","to":"2026-02-01T00:00:00Z","zone":"Europe/Madird"}"#
            ),
            ("calendar", #"{"hours":{},"zone":"Europe/Madird"}"#),
            ("calendar", #"{"hours":{},"exceptions":["2026-12-25"]}"#),
            ("calendar", #"{"hours":{"mon":["-09:00--18:00"]}}"#),
            ("calendar", #"{"hours":{"mon":["+9:00-18:00"]}}"#),
            ("calendar", "{\"hours\":{}" + String(repeating: " ", count: 16_384) + "}"),
            ("calendar", "{}"), ("calendar", #"{"hours":{"monday":[]}}"#),
            ("calendar", #"{"hours":{"mon":["18:00-09:00"]}}"#),
            ("calendar", #"{"hours":{"mon":["09:00-12:00","11:00-13:00"]}}"#),
        ]
        for (kind, body) in bad {
            let text = refusal(kind, body)
            #expect(text?.contains("kind \(kind)") == true, "\(kind) \(body)")
        }
        let good = [
            ("target", #"{"metric":"nps","at_least":-5.5,"channel":"voice"}"#),
            (
                "season",
                #"{"from":"2026-01-01T00:00:00Z","to":"2026-02-01T00:00:00Z","closed_weekdays":[7]}"#
            ),
            (
                "calendar",
                #"{"hours":{"mon":["09:00-14:00","16:00-24:00"]},"exceptions":{"2026-12-25":[]}}"#
            ),
            ("stages", "anything"),
        ]
        for (kind, body) in good { #expect(refusal(kind, body) == nil, "\(kind) \(body)") }
    }
}
