internal import EventModel

/// A feed: when it was heard of, how far it has told, and whether it is silent.
///
///     key  'z', text source
///     row  u8 version = 2; num position of its last event; int recorded of that, ms UTC;
///          int highest occurred; int lag of the last event in ms, below 0 by as much as its clock
///          ran too far ahead;
///          num covered until by heartbeats, by other words: each 0, or 1 and int ms UTC;
///          num expected gap in ms plus one, or 0;
///          num positions of the last: silent, resumed, restarted, import completed;
///          stamp of the word on the gap
///
/// Only what is told of a feed orders it by position: these are words about now.
struct SourceRecord: RowRecord, Equatable {
    static let prefix = UInt8(ascii: "z")
    private static let version: UInt8 = 2

    var lastPosition = Position.zero
    var heard = Timestamp.earliest
    var highestOccurred = Timestamp.earliest
    /// From when the last event happened to when it was recorded; below 0 where its clock ran so
    /// far ahead that it was not believed.
    var lagMilliseconds: Int64 = 0
    /// What its heartbeats say again and again: as far as this it has told everything.
    var beatenUntil: Timestamp?
    /// What it said on another occasion: at the end of an import, after a restart.
    var coveredUntil: Timestamp?
    var expectedGapMilliseconds: Int64?
    var gapStamp = Stamp()
    var silent = Position.zero
    var resumed = Position.zero
    var restarted = Position.zero
    var imported = Position.zero

    /// Whose events come later than this after they happened tells of the past: it imports.
    static let liveLagMax: Int64 = 3_600_000

    init() {}

    var isEmpty: Bool { self == SourceRecord() }

    /// Whether its waits are unknown: said to be silent, and not heard of since.
    var isSilent: Bool { silent > resumed && silent > lastPosition }

    /// How far its clock runs ahead, in milliseconds, where that is too far to be believed.
    var clockAheadMilliseconds: Int64? { lagMilliseconds < 0 ? -lagMilliseconds : nil }

    /// Whether it tells of the past and has not said that this is all.
    var isImporting: Bool { lagMilliseconds > Self.liveLagMax && imported < lastPosition }

    /// Whether its last word was that its import is over: nothing more is expected of it.
    var isOver: Bool { imported != .zero && imported == lastPosition }

    /// How far everything has been told: as far as its heartbeats say, and no further, whatever
    /// has come since; without heartbeats, by the last thing that it told.
    var complete: Timestamp {
        let said = coveredUntil ?? .earliest
        return max(said, beatenUntil ?? highestOccurred)
    }

    /// Against what silence is measured: the clock for a live feed, the highest time seen for one
    /// that imports, so that a year of old calls ends none of them early.
    func watermark(_ now: Timestamp) -> Timestamp { isImporting ? highestOccurred : now }

    /// Takes note of an event of the feed's own.
    mutating func hear(_ event: borrowing EventView, saysOfFeed: Bool) {
        lastPosition = event.position
        heard = event.recorded
        // What it says of itself is of now, and tells nothing of how far it has come.
        guard !saysOfFeed else { return }
        let said = event.saidOccurred
        let occurred = event.believed(said)
        highestOccurred = max(highestOccurred, occurred)
        lagMilliseconds = occurred == said ? max(0, heard - occurred) : heard - said
    }

    /// Takes what an event says about the feed itself.
    mutating func take(_ event: borrowing EventView) {
        let type = event.type
        // What the daemon says of a feed it has from this very record.
        if let said = event.time("covered_until"), !Reserved.isSource(event.source) {
            let until = event.believed(said)
            if type.equals("source.heartbeat") {
                beatenUntil = max(beatenUntil ?? until, until)
            } else {
                coveredUntil = max(coveredUntil ?? until, until)
            }
        }
        if type.equals("source.heartbeat") {
            takeGap(event)
            // One late event is no import: it has told everything up to just now.
            if let said = event.time("covered_until") {
                let lag = event.recorded - said
                lagMilliseconds = event.believed(said) == said ? max(0, lag) : lag
            }
        } else if type.equals("source.silent") {
            silent = event.position
        } else if type.equals("source.resumed") {
            resumed = event.position
        } else if type.equals("source.restarted") {
            restarted = event.position
        } else if type.equals("import.completed") {
            imported = event.position
        }
    }

    private mutating func takeGap(_ event: borrowing EventView) {
        guard let gap = event.integer("expected_gap_ms"), gap > 0, gapStamp < Stamp(event) else {
            return
        }
        expectedGapMilliseconds = min(gap, ViewLimits.expectedGapMillisecondsMax)
        gapStamp = Stamp(event)
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "source row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("source row version", at: 0)
        }
        lastPosition = Position(try reader.varint())
        heard = try reader.moment()
        highestOccurred = try reader.moment()
        lagMilliseconds = try reader.zigzag()
        beatenUntil = try reader.optionalMoment()
        coveredUntil = try reader.optionalMoment()
        let gap = try reader.varint()
        guard gap <= UInt64(ViewLimits.expectedGapMillisecondsMax) + 1 else {
            throw MalformedBytes("source row", at: reader.offset)
        }
        expectedGapMilliseconds = gap == 0 ? nil : Int64(gap) - 1
        silent = Position(try reader.varint())
        resumed = Position(try reader.varint())
        restarted = Position(try reader.varint())
        imported = Position(try reader.varint())
        gapStamp = try Stamp(from: &reader)
        guard reader.isAtEnd else { throw MalformedBytes("source row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(varint: lastPosition.rawValue)
        row.append(zigzag: heard.rawValue)
        row.append(zigzag: highestOccurred.rawValue)
        row.append(zigzag: lagMilliseconds)
        row.append(optionalMoment: beatenUntil)
        row.append(optionalMoment: coveredUntil)
        row.append(varint: expectedGapMilliseconds.map { UInt64($0) + 1 } ?? 0)
        for position in [silent, resumed, restarted, imported] {
            row.append(varint: position.rawValue)
        }
        gapStamp.encode(into: &row)
    }

    static func writeKey(_ source: RawSpan, to key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keyText: source)
    }
}

/// A feed that has told of waits in a queue.
///
///     key  'y', text queue, text source
///     row  u8 version = 1
struct QueueSourceRow: RowRecord {
    static let prefix = UInt8(ascii: "y")
    private static let version: UInt8 = 1

    /// Whether the row is there.
    var isThere = false

    init() {}

    var isEmpty: Bool { !isThere }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "queue's source row")
        guard try reader.byte() == Self.version, reader.isAtEnd else {
            throw MalformedBytes("queue's source row", at: 0)
        }
        isThere = true
    }

    func encode(into row: inout [UInt8]) { row.append(Self.version) }
}
