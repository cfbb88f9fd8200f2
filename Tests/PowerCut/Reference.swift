import EventLog
import EventModel
import Foundation

/// What the whole log is once everything is appended: each event's record, and where requests end.
struct Reference {
    let records: [[UInt8]]
    /// The last positions of requests.
    let ends: Set<Int>
    /// What was there until it was erased.
    let erasable: [Erasable]
    /// The positions between which an erasure is asked for and carried out; nil for none.
    let erasing: ClosedRange<Int>?
    /// Positions that a consumer has acknowledged, each answered once it was on disk.
    let acknowledged: [Int]

    /// An event that has a text until that is erased.
    struct Erasable: Codable {
        let index: Int
        let text: String
    }

    private struct Stored: Codable {
        let records: Data
        let ends: [Int]
        let erasable: [Erasable]
        let erasing: [Int]
        let acknowledged: [Int]
    }

    init(
        records: [[UInt8]], ends: [Int], erasable: [Erasable] = [],
        erasing: ClosedRange<Int>? = nil, acknowledged: [Int] = []
    ) {
        self.records = records
        self.ends = Set(ends)
        self.erasable = erasable
        self.erasing = erasing
        self.acknowledged = acknowledged
    }

    /// Whether a record may be at a place: as it is in the end, or as it was before it was erased.
    func mayBe(_ record: [UInt8], at index: Int) -> Bool {
        guard index < records.count else { return false }
        if record.isSame(as: records[index]) { return true }
        return erasable.contains { $0.index == index && record.ends(with: $0.text) }
    }

    init(path: String) throws {
        let stored = try PropertyListDecoder().decode(
            Stored.self, from: try Data(contentsOf: URL(fileURLWithPath: path)))
        var records: [[UInt8]] = []
        var rest = [UInt8](stored.records)[...]
        while let begin = rest.indices.first {
            // A record begins with its own length.
            let length = rest[begin..<begin + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
            records.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        let bounds = stored.erasing
        self.init(
            records: records, ends: stored.ends, erasable: stored.erasable,
            erasing: bounds.isEmpty ? nil : bounds[0]...bounds[1],
            acknowledged: stored.acknowledged)
    }

    func write(to path: String) throws {
        let stored = Stored(
            records: Data(records.flatMap { $0 }), ends: ends.sorted(), erasable: erasable,
            erasing: erasing.map { [$0.lowerBound, $0.upperBound] } ?? [],
            acknowledged: acknowledged)
        try PropertyListEncoder().encode(stored).write(to: URL(fileURLWithPath: path))
    }
}

/// A store's log, opened as a daemon opens it.
struct OpenedLog {
    let folder: StoreFolder
    let log: EventLog
    let writer: LogWriter

    /// Segments of sixteen events, a journal of 64 pages.
    static let sizes: LogSizes = {
        var sizes = LogSizes()
        sizes.segmentEvents = 16
        sizes.strideBytes = 1
        sizes.journalBytes = 262_144
        return sizes
    }()
    /// 2030-01-01T00:00:00Z: after whatever a daemon has recorded.
    static let now = Timestamp(milliseconds: 1_893_456_000_000)

    init(_ store: String) throws {
        folder = try StoreFolder(path: store, now: Self.now) { .random(in: .min ... .max) }
        (log, writer) = try EventLog.open(folder: folder, options: .init(sizes: Self.sizes))
    }

    /// The records of all events, in order.
    func records() throws -> [[UInt8]] {
        var reader = try log.makeReader()
        var records: [[UInt8]] = []
        try reader.events(from: Position(1)) { (event) throws(Never) in
            records.append(unsafe event.record.withUnsafeBytes { unsafe Array($0) })
            return true
        }
        return records
    }

    /// Appends one event of a producer that nobody else is.
    func append(id: String) throws -> LogWriter.Outcome {
        let outcome = try writer.stage { (records) throws(Never) in
            let (type, source, id) = (Array("note.added".utf8), Array("after".utf8), Array(id.utf8))
            var encoder = EventEncoder()
            unsafe encoder.begin(type: type.span.bytes)
            unsafe encoder.set(source: source.span.bytes)
            unsafe encoder.set(id: id.span.bytes)
            encoder.finish(into: &records)
        }
        while try writer.commit(now: Self.now) == .waitsForStride { log.settle() }
        return outcome
    }
}
