import EventModel
import FoldTesting
import Testing

@testable import Importing

/// The events that a mapping makes of a table, in the order of time.
struct MappedEvents {
    /// When each happened, and its stored form without position and recorded time.
    private(set) var events: [(moment: Int64, record: [UInt8])] = []

    /// Maps a table.
    ///
    /// - Parameters:
    ///   - attributes: What is left out of every event.
    ///   - takes: Is shown every line, and says whether it is mapped.
    init(
        of table: String, by mapping: String, onlyRows most: Int = .max,
        without attributes: Set<String> = [], takes: (String) throws -> Bool = { _ in true }
    ) throws {
        let mapping = try Mapping(file: mapping)
        var lines = LineReader(try InputFile(path: table))
        #expect(try lines.next())
        var mapper = RowMapper(try RowProgram(mapping, columns: mapping.table.columns))
        var batch = RowBatch()
        var intake = EventIntake()
        let now = try #require(Timestamp(rfc3339: "2026-01-01T00:00:00Z"))
        var rows = 0
        while rows < most, try lines.next() {
            guard try takes(lines.line.text()) else { continue }
            rows += 1
            batch.removeAll()
            _ = try mapper.map(lines.line, file: 0, line: lines.lineNumber, into: &batch)
            for words in batch.texts() {
                let occurred = try #require(words["occurred"].flatMap { Timestamp(rfc3339: $0) })
                let kept = words.without(attributes)
                let record = try BankCalls.record(kept, &intake, now: now)
                events.append((occurred.rawValue, record))
            }
        }
        // Stable, as positions are.
        let order = events.indices.sorted { (events[$0].moment, $0) < (events[$1].moment, $1) }
        events = order.map { events[$0] }
    }

    /// When each event happened, from the first on.
    var moments: [Int64] { events.map(\.moment) }

    /// The log that got the events in some order; in that of time without one.
    func log(_ order: [Int]? = nil) throws -> MemoryLog {
        var log = MemoryLog()
        for number in order ?? Array(events.indices) {
            try log.append(record: events[number].record)
        }
        return log
    }
}

extension [String] {
    /// An event's words without some attributes.
    fileprivate func without(_ names: Set<String>) -> [String] {
        var kept = Array(prefix(1))
        for index in stride(from: 1, to: count - 1, by: 2) where !names.contains(self[index]) {
            kept += self[index...index + 1]
        }
        return kept
    }
}
