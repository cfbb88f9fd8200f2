import EventModel
import FoldTesting
import Foundation
import Testing

@testable import Importing
@testable import Views

/// QUEUE and WAITING at many moments of the bank's January against the rows of its table.
@Suite("RealData: a bank's queues, moment by moment")
struct BankQueueTests {
    private static let isThere = Places.bankTables != nil
    private static let isLong = ProcessInfo.processInfo.environment["THROUGHLINE_LONG"] == "yes"
    /// A fifth of the month's calls; all of them where time does not matter.
    private static let rows = isLong ? Int.max : 6_000
    /// All calls up to this day, so that it is known how many there were at a time.
    private static let lastDay = isLong ? "1999-01-31" : "1999-01-03"
    private static let step: Int64 = 23 * 60_000

    @Test(
        "who waits and who is served is what the rows say",
        .enabled(
            if: isThere,
            "the bank's tables are not in $THROUGHLINE_DATA/anonymous-bank; nothing is compared"))
    func moments() throws {
        let month = try Month(onlyRows: Self.rows)
        let queues = Set(month.rows.map(\.queue)).sorted()
        let byQueue = Dictionary(grouping: month.rows, by: \.queue)
        var run = FoldRun<QueuesProjection>()
        var compared = 0
        var moment = try #require(month.moments.first) + 6 * 3_600_000
        let last = try #require(month.moments.last)
        while moment < last {
            try run.run(month.log, to: month.position(at: moment))
            for queue in queues {
                compared += try compare(queue, byQueue[queue] ?? [], month, run.rows, moment)
            }
            moment += Self.step
        }
        #expect(compared > 100, "waits were compared")
        print("\(month.rows.count) rows, \(month.log.head) events, \(compared) waits compared")
    }

    @Test(
        "the most who wait and who are served on each day, summed over QUEUE, are the truth's",
        .enabled(
            if: isThere,
            "the bank's tables are not in $THROUGHLINE_DATA/anonymous-bank; nothing is compared"))
    func maxima() throws {
        let month = try Month(onlyRows: .max, to: Self.lastDay)
        let truth = try #require(try Self.truth())
        let queues = Set(month.rows.map(\.queue)).sorted()
        var asked: [(moment: Int64, most: Int, name: String)] = []
        for (day, peaks) in truth where day <= Self.lastDay {
            for (interval, most, name) in [
                (\BankRow.queued, peaks[0], "waiting_count"),
                (\BankRow.talk, peaks[1], "in_service_count"),
            ] as [(KeyPath<BankRow, Range<Int64>?>, Int, String)] {
                let peak = month.peak(of: day, interval)
                #expect(peak.count == most, "\(day) \(name), by the rows")
                if let moment = peak.moment { asked.append((moment, most, name)) }
            }
        }
        #expect(asked.count > 4)
        var run = FoldRun<QueuesProjection>()
        for (moment, most, name) in asked.sorted(by: { $0.moment < $1.moment }) {
            try run.run(month.log, to: month.position(at: moment))
            let now = Timestamp(milliseconds: moment)
            let counts = try queues.compactMap { queue in
                try document({ json throws(ViewFault) in
                    try QueuesView.writeQueue(queue, now: now, from: run.rows, to: &json)
                })?[name] as? Int
            }
            #expect(counts.reduce(0, +) == most, "\(name) \(now.rfc3339)")
        }
    }

    /// The most who wait and are served on each day, as computed independently.
    private static func truth() throws -> [String: [Int]]? {
        let path = try #require(Places.bankTables) + "/truth-jan-jul.json"
        let file = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(fileURLWithPath: path)))
        let scope = (file as? [String: Any])?["scope"] as? [String: Any]
        return (scope?["max_simultaneous"] as? [String: Any])?["per_day"] as? [String: [Int]]
    }

    /// Returns how many wait.
    private func compare(
        _ queue: String, _ rows: [BankRow], _ month: Month, _ view: MemoryRows, _ moment: Int64
    ) throws -> Int {
        let now = Timestamp(milliseconds: moment)
        let waiting = rows.filter { $0.wait?.contains(moment) ?? false }.sorted {
            ($1.priority, $0.wait?.lowerBound ?? 0, $0.name)
                < ($0.priority, $1.wait?.lowerBound ?? 0, $1.name)
        }
        let place = "\(queue) \(now.rfc3339)"
        guard
            let told = try document({ json throws(ViewFault) in
                try WaitingDocument.write(queue, count: 1_000, now: now, from: view, to: &json)
            }),
            let shown = try document({ json throws(ViewFault) in
                try QueuesView.writeQueue(queue, now: now, from: view, to: &json)
            })
        else {
            #expect(waiting.isEmpty, "\(place)")
            return 0
        }
        let lines = told["waiting"] as? [[String: Any]] ?? []
        #expect(lines.map { $0["interaction"] as? String } == waiting.map(\.name), "\(place)")
        for (line, row) in zip(lines, waiting) {
            let start = Timestamp(milliseconds: row.wait?.lowerBound ?? 0)
            #expect(line["entered"] as? String == start.rfc3339, "\(place)")
            #expect(
                (line["whole_wait_ms"] as? NSNumber)?.int64Value == now - start, "\(place)")
            #expect((line["priority"] as? NSNumber)?.int64Value == row.priority, "\(place)")
            guard let customer = row.customer else { continue }
            let tries = month.entries[customer]?.count {
                $0 <= moment && $0 >= moment - 86_400_000
            }
            #expect((line["attempts_24h"] as? NSNumber)?.intValue == tries, "\(place)")
        }
        #expect((shown["waiting_count"] as? NSNumber)?.intValue == waiting.count, "\(place)")
        let oldest = (shown["oldest"] as? [String: Any])?["entered"] as? String
        let first = waiting.compactMap { $0.wait?.lowerBound }.min()
        #expect(oldest == first.map { Timestamp(milliseconds: $0).rfc3339 }, "\(place)")
        try compareServed(queue, rows, view, moment)
        return waiting.count
    }

    /// Who is served, but for rows whose clocks do not agree about the moment.
    private func compareServed(
        _ queue: String, _ rows: [BankRow], _ view: MemoryRows, _ moment: Int64
    ) throws {
        let unsure = Set(rows.filter { $0.isUnsure(at: moment) }.map(\.name))
        let expected = rows.filter { $0.talk?.contains(moment) ?? false }.map(\.name)
        let served = try QueuesView.served(in: queue, view, atMost: 1_000).map(\.interaction)
        #expect(
            Set(served).subtracting(unsure) == Set(expected).subtracting(unsure),
            "\(queue) \(Timestamp(milliseconds: moment).rfc3339)")
    }

    private func document(
        _ write: (inout JSONWriter) throws(ViewFault) -> Bool
    ) throws -> [String: Any]? {
        var json = JSONWriter()
        guard try write(&json) else { return nil }
        return try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any]
    }
}

/// A month's rows, and the events that the mapping makes of them, in the order of time.
private struct Month {
    private(set) var rows: [BankRow] = []
    /// When each customer called.
    private(set) var entries: [String: [Int64]] = [:]
    private(set) var log = MemoryLog()
    /// When the event at each position happened, from the first on.
    private(set) var moments: [Int64] = []

    init(onlyRows most: Int, to lastDay: String = "1999-01-31") throws {
        let file = try #require(Places.bankTables) + "/1999-01-january.txt.zst"
        var rows: [BankRow] = []
        let mapped = try MappedEvents(of: file, by: Places.bankMapping, onlyRows: most) { line in
            let row = try #require(BankRow(line))
            if row.day <= lastDay { rows.append(row) }
            return row.day <= lastDay
        }
        for row in rows {
            if let customer = row.customer { entries[customer, default: []].append(row.entry) }
        }
        self.rows = rows
        log = try mapped.log()
        moments = mapped.moments
    }

    /// How many intervals of the rows there are at most at one moment of a day, and such a moment at
    /// which every row says with whom its caller is; nil where there is none.
    ///
    /// Ends come before begins of the same second.
    func peak(
        of day: String, _ interval: KeyPath<BankRow, Range<Int64>?>
    ) -> (count: Int, moment: Int64?) {
        guard let midnight = Timestamp(rfc3339: day + "T00:00:00Z")?.rawValue else {
            return (0, nil)
        }
        // The bank's clocks are two hours ahead.
        let today = midnight - 2 * 3_600_000..<midnight + 22 * 3_600_000
        let intervals = rows.compactMap { $0[keyPath: interval] }.filter { $0.overlaps(today) }
        var most = (count: 0, moment: Int64?.none)
        for moment in Set(intervals.map { max($0.lowerBound, today.lowerBound) }).sorted() {
            let count = intervals.count { $0.contains(moment) }
            guard count > most.count || count == most.count && most.moment == nil else { continue }
            let isSure = !rows.contains { $0.isHandedOver(at: moment) }
            most = (count, isSure ? moment : nil)
        }
        return most
    }

    /// The last event that had happened by a moment.
    func position(at moment: Int64) -> Position {
        var (low, high) = (0, moments.count)
        while low < high {
            let middle = (low + high) / 2
            if moments[middle] <= moment { low = middle + 1 } else { high = middle }
        }
        return Position(UInt64(low))
    }
}
