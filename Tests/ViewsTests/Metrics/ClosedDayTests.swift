import ContactCentre
import EventModel
import FoldTesting
import TestSupport
import Testing

@testable import Views

/// Rows of days of recording that are over.
@Suite struct ClosedDayTests {
    private static let day: Int64 = 86_400_000

    /// What is counted of one number of a measure in a quarter under an anchor.
    private struct Place: Hashable {
        let anchor: Int
        let column: UInt8
        let quarter: Int
        let number: Int64
    }

    /// Reads all of a row.
    private static func read(_ row: RawSpan) throws -> [Place: Int64] {
        var found: [Place: Int64] = [:]
        var reader = try ClosedFiguresReader(row)
        while let entries = try reader.next() {
            let anchors = reader.part == 0 ? [0, 1, 2] : [reader.part - 1]
            let column = reader.column
            func add(_ quarter: UInt64, _ number: Int64, _ count: Int64) {
                for anchor in anchors {
                    let place = Place(
                        anchor: anchor, column: column, quarter: Int(quarter), number: number)
                    found[place, default: 0] += count
                }
            }
            if column < ClosedFigures.firstDistribution {
                var counts = try ClosedCounts(entries)
                var sum: Int64 = 0
                while let count = try counts.next() {
                    add(counts.quarter, 0, count)
                    sum += count
                }
                #expect(counts.sum == sum)
            } else {
                var numbers = ClosedNumbers(entries)
                while let form = try numbers.next() {
                    var runs: [Distribution.Run] = []
                    try numbers.read(form, into: &runs)
                    for run in runs { add(numbers.quarter, run.milliseconds, run.count) }
                }
            }
        }
        return found.filter { $0.value != 0 }
    }

    @Test(
        "a closed row says what the cells said, under each anchor",
        arguments: 1...40 as ClosedRange<UInt64>)
    func rows(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var expected: [Place: Int64] = [:]
        var builder = ClosedFigures.Builder()
        let numbers: [Int64] = [
            0, 1, 1, 2, 700, 40_000, -3, 1 << 40, MetricDistribution.never, 1 << 61,
        ]
        for quarter in Set((0..<8).map { _ in Int.random(in: 0..<96, using: &random) }).sorted() {
            var cells = [MetricCell](repeating: MetricCell(), count: 3)
            for _ in 0..<Int.random(in: 1...30, using: &random) {
                let measure: MetricMeasure
                let column: UInt8
                let number: Int64
                if Bool.random(using: &random) {
                    let which: MetricCount = [.offered, .handled, .refused].randomElement(
                        using: &random)!
                    (measure, column, number) = (.count(which, 1), which.rawValue, 0)
                } else {
                    let which: MetricDistribution = [.talk, .reopenGap, .esatAnswers]
                        .randomElement(using: &random)!
                    number = numbers.randomElement(using: &random)!
                    measure = .distribution(which, number)
                    column = ClosedFigures.column(of: which)
                }
                let sign: Int64 = Int.random(in: 0..<5, using: &random) == 0 ? -1 : 1
                // Mostly under all anchors, as figures are.
                let anchors =
                    Int.random(in: 0..<3, using: &random) > 0
                    ? [0, 1, 2] : [Int.random(in: 0...2, using: &random)]
                for anchor in anchors {
                    cells[anchor].add(measure, sign: sign)
                    let place = Place(
                        anchor: anchor, column: column, quarter: quarter, number: number)
                    expected[place, default: 0] += sign
                }
            }
            builder.add(cells.map(\.figures), quarter: quarter)
        }
        var row: [UInt8] = []
        builder.encode(into: &row)
        let found = unsafe try Self.read(row.span.bytes)
        #expect(found == expected.filter { $0.value != 0 }, "seed \(seed)")
        for length in 0..<row.count {
            // What is cut off is found, or ends where a part does.
            _ = unsafe try? Self.read(row.span.bytes.extracting(0..<length))
        }
    }

    private static func queries(_ start: Int64, _ end: Int64) throws -> [MetricsQuery] {
        let (from, to) = (Timestamp(milliseconds: start), Timestamp(milliseconds: end))
        var queries: [MetricsQuery] = []
        for step in [MetricsStep.none, .quarter, .hour, .day] {
            for grouping in [nil, MetricsDimension.queue, .channel] {
                for anchor in MetricAnchor.filed {
                    queries.append(
                        try MetricsQuery(
                            from: from, to: to, anchor: anchor, step: step, grouping: grouping))
                }
                queries.append(
                    try MetricsQuery(
                        from: from, to: to, step: step, grouping: grouping,
                        only: [
                            "asa", "sl_offered", "aht", "talk", "repeat_rate", "fcr_repeat_any",
                            "transfer_rate", "reopen_rate",
                        ]))
            }
        }
        return queries
    }

    private static func documents(_ rows: MemoryRows, _ start: Int64) throws -> [[UInt8]] {
        // A window that begins and ends within days.
        try queries(start + 9 * 3_600_000, start + 3 * day + 900_000 * 50).map { query in
            var json = JSONWriter()
            try MetricsDocument.write(query, zone: UTCOffsets(), from: rows, to: &json)
            let text = String(decoding: json.bytes, as: UTF8.self)
            // How far the view has come is the one thing that differs.
            return Array(text.drop { $0 != "," }.utf8)
        }
    }

    @Test(
        "documents say the same before and after days are closed",
        arguments: 1...6 as ClosedRange<UInt64>)
    func documents(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let calls = SimulatedCall.random(150, &random)
        var log = SimulatedCall.log(of: calls, .shuffled, &random)
        var open = FoldRun<MetricsProjection>()
        try open.run(log) { $0.rawValue % 13 == 0 ? .take : .none }
        #expect(open.rows.all.contains { $0.key.first == MetricCell.prefix })
        #expect(!open.rows.all.contains { $0.key.first == ClosedFigures.prefix })
        let start = (calls.map(\.entry).min() ?? 0).flooredQuotient(Self.day) * Self.day
        let before = try Self.documents(open.rows, start)
        // One event of the next day, which is about nothing.
        log.clock += Self.day
        log.append(Happening("note.added", start, nil, ["text": .text("x")]))
        try open.run(log)
        #expect(!open.rows.all.contains { $0.key.first == MetricCell.prefix })
        #expect(!open.rows.all.contains { $0.key.first == LevelRow.prefix })
        #expect(open.rows.all.contains { $0.key.first == ClosedFigures.prefix })
        #expect(open.rows.all.contains { $0.key.first == ClosedLevels.prefix })
        #expect(try Self.documents(open.rows, start) == before, "seed \(seed)")
    }

    @Test(
        "what was recorded on a day that is over stays as it was",
        arguments: 1...3 as ClosedRange<UInt64>)
    func days(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let calls = SimulatedCall.random(80, &random)
        // Days end between the events, so that most are late and correct what was recorded before.
        let log = SimulatedCall.log(of: calls, .shuffled, &random, step: 7 * 3_600_000)
        var run = FoldRun<MetricsProjection>()
        var closed: [[UInt8]: [UInt8]] = [:]
        for position in 1...log.head.rawValue {
            try run.run(log, to: Position(position))
            for (key, row) in run.rows.all
            where key.first == ClosedFigures.prefix || key.first == ClosedLevels.prefix {
                if let known = closed[key] { #expect(known == row, "seed \(seed)") }
                closed[key] = row
            }
        }
        for (key, row) in closed { #expect(try run.rows.row(key) == row) }
        #expect(closed.count > 50)
        // All that is open was recorded on the last day.
        var days: Set<Int32> = []
        for (key, _) in run.rows.all
        where key.first == MetricCell.prefix || key.first == LevelRow.prefix {
            days.insert(unsafe try MetricPlace(key: key.span.bytes).recordedDay)
        }
        #expect(days.count == 1)
    }
}
