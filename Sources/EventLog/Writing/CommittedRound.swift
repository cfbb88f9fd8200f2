internal import EventModel
internal import LMDB

/// The events of one round, committed and not yet in a segment. It never changes: any number of
/// threads read it.
final class CommittedRound: Sendable {
    let first: Position
    /// Where each record starts.
    let starts: [Int]
    let records: [UInt8]
    /// The seeds of groups of positions that began in this round.
    let seeds: [SaltSeed]
    /// Whether a segment begins with it, however few events are in the one before.
    let beginsSegment: Bool

    init(
        first: Position, starts: [Int], records: [UInt8], seeds: [SaltSeed], beginsSegment: Bool
    ) {
        precondition(!starts.isEmpty, "a round has events")
        self.first = first
        self.starts = starts
        self.records = records
        self.seeds = seeds
        self.beginsSegment = beginsSegment
    }

    var last: Position { Position(first.rawValue + UInt64(starts.count) - 1) }

    /// Finds where each record starts; nil when they do not fill the bytes exactly.
    static func starts(of records: [UInt8]) -> [Int]? {
        var starts: [Int] = []
        return findStarts(of: records, into: &starts) ? starts : nil
    }

    /// Finds where each record starts; false when they do not fill the bytes exactly.
    static func findStarts(of records: [UInt8], into starts: inout [Int]) -> Bool {
        starts.removeAll(keepingCapacity: true)
        let bytes = records.rawSpan
        var offset = 0
        while offset + 8 <= records.count {
            let length = Int(bytes.load(littleEndian: UInt32.self, at: offset))
            guard length >= EventCodec.recordBytesMin, length <= records.count - offset else {
                return false
            }
            starts.append(offset)
            offset += length
        }
        return offset == records.count
    }
}
