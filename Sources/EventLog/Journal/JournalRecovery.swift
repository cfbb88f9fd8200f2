internal import EventModel
internal import LMDB

/// Reads the journal's ring when the log is opened.
struct JournalRecovery {
    /// The rounds that the segments do not hold, oldest first.
    private(set) var rounds: [CommittedRound] = []
    private(set) var live: [Journal.Live] = []
    /// The sequence of the next record, and where it goes.
    private(set) var sequence: UInt64 = 1
    private(set) var next = 0
    /// Where records begin that are whole, and before which one is missing that was never known to be
    /// on disk: after a power cut where writes are no flushes, which the disk may take in any order.
    private(set) var dropped: [Int] = []

    private struct Found {
        let record: JournalRecord
        let offset: Int
    }

    /// Finds the rounds behind a position.
    ///
    /// A round that was being written when the machine stopped has no right checksum and is as if
    /// it had never been; nobody was answered. Where commits do not wait for the disk, one may be
    /// missing before others: the log ends there. A round that was on disk and is damaged or missing
    /// is a loss, and told.
    ///
    /// - Parameters:
    ///   - stored: The last position that the segments hold.
    ///   - limit: Records of a greater sequence are passed over: they may be half written.
    /// - Throws: `damagedJournal`.
    init(
        ring: [UInt8], key: UInt64, stored: Position, path: String, through limit: UInt64 = .max
    ) throws(EventLogError) {
        let found = Self.find(ring, key).filter { $0.record.sequence <= limit }
            .sorted { $0.record.sequence < $1.record.sequence }
        let flushed = found.map(\.record.flushed).max() ?? 0
        var expected = stored.next
        var isBehindStored = false
        for (index, entry) in found.enumerated() {
            let record = entry.record
            let isNeeded = record.count > 0 ? record.last > stored : record.first > stored
            let isNext = !isBehindStored || record.sequence == sequence
            if isNeeded, !isNext || record.first > expected {
                guard sequence > flushed else {
                    throw .damagedJournal(path: path, first: expected, last: record.first)
                }
                dropped = found[index...].map(\.offset)
                break
            }
            sequence = record.sequence + 1
            next = entry.offset + Journal.aligned(record.bytes)
            guard isNeeded else { continue }
            isBehindStored = true
            guard record.count > 0 else { continue }
            guard let round = Self.round(entry.record, entry.offset, ring) else {
                throw .damagedJournal(path: path, first: expected, last: record.last.next)
            }
            rounds.append(round)
            live.append(
                .init(
                    offset: entry.offset, end: entry.offset + Journal.aligned(record.bytes),
                    last: record.last))
            expected = record.last.next
        }
    }

    /// Returns the sequence of the newest whole record, or zero when there is none.
    static func newestSequence(_ ring: [UInt8], key: UInt64) -> UInt64 {
        find(ring, key).map(\.record.sequence).max() ?? 0
    }

    private static func find(_ ring: [UInt8], _ key: UInt64) -> [Found] {
        var found: [Found] = []
        var offset = 0
        while offset < ring.count {
            let rest = ring.rawSpan.extracting(offset..<ring.count)
            if let record = JournalRecord(checking: rest, key: key) {
                found.append(Found(record: record, offset: offset))
                offset += Journal.aligned(record.bytes)
            } else {
                offset += Journal.alignment
            }
        }
        return found
    }

    private static func round(
        _ record: JournalRecord, _ offset: Int, _ ring: [UInt8]
    ) -> CommittedRound? {
        var seeds: [SaltSeed] = []
        for index in 0..<Int(record.seedCount) {
            let start = offset + JournalRecord.byteCount + index * JournalRecord.seedBytes
            seeds.append(
                SaltSeed(
                    group: ring.rawSpan.load(littleEndian: UInt64.self, at: start),
                    bytes: Array(ring[start + 8..<start + JournalRecord.seedBytes])))
        }
        let records = Array(ring[offset + record.recordsOffset..<offset + record.bytes])
        guard let starts = CommittedRound.starts(of: records), starts.count == Int(record.count)
        else { return nil }
        return CommittedRound(
            first: record.first, starts: starts, records: records, seeds: seeds,
            beginsSegment: record.beginsSegment)
    }
}
