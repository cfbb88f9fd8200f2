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
    /// Six days; the whole month where time does not matter.
    private static let rows = isLong ? Int.max : 6_000
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

    init(onlyRows most: Int) throws {
        let file = try #require(Places.bankTables) + "/1999-01-january.txt.zst"
        let mapping = try Mapping(file: Places.bankMapping)
        var lines = LineReader(try InputFile(path: file))
        #expect(try lines.next())
        var mapper = RowMapper(try RowProgram(mapping, columns: mapping.table.columns))
        var batch = RowBatch()
        var intake = EventIntake()
        let now = try #require(Timestamp(rfc3339: "2026-01-01T00:00:00Z"))
        var events: [(moment: Int64, record: [UInt8])] = []
        while try lines.next(), rows.count < most {
            let row = try #require(BankRow(lines.line.text()))
            rows.append(row)
            if let customer = row.customer { entries[customer, default: []].append(row.entry) }
            batch.removeAll()
            _ = try mapper.map(lines.line, file: 0, line: lines.lineNumber, into: &batch)
            for words in batch.texts() {
                let occurred = try #require(words["occurred"].flatMap { Timestamp(rfc3339: $0) })
                let record = try BankCalls.record(words, &intake, now: now)
                events.append((occurred.rawValue, record))
            }
        }
        // Stable, as positions are.
        let order = events.indices.sorted {
            (events[$0].moment, $0) < (events[$1].moment, $1)
        }
        for index in order {
            log.append(record: events[index].record)
            moments.append(events[index].moment)
        }
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
