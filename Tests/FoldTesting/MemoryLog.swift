public import EventModel
public import Views

/// A log in memory: records by position, from 1.
public struct MemoryLog: Sendable {
    private var records: [[UInt8]] = []
    /// The recorded time of the next event, in milliseconds since 1970.
    public var clock: Int64
    /// How far the clock goes on with each event, in milliseconds.
    public var step: Int64 = 1_000

    /// Makes an empty log whose clock starts at a moment.
    public init(clock: Int64 = 1_800_000_000_000) { self.clock = clock }

    /// The last position.
    public var head: Position { Position(UInt64(records.count)) }

    /// Appends an event; the clock goes on by a step, and to when it happened, if that is later.
    ///
    /// - Parameter clockAhead: By how much the source's clock runs ahead of the log's.
    public mutating func append(
        _ happening: Happening, source: String = "test", clockAhead: Int64 = 0
    ) {
        clock = max(clock + step, happening.occurred - clockAhead)
        records.append(
            happening.record(
                at: head.next, recorded: Timestamp(milliseconds: clock), source: source))
    }

    /// Appends an event's stored form; the clock goes on by a step, and to when it happened, if that
    /// is later.
    public mutating func append(record: [UInt8]) throws {
        let event = unsafe try EventView(checking: record.span.bytes)
        clock = max(clock + step, event.saysWhen ? event.saidOccurred.rawValue : .min)
        var record = record
        EventCodec.stamp(
            &record, at: 0, position: head.next, recorded: Timestamp(milliseconds: clock))
        records.append(record)
    }

    /// Appends events.
    public mutating func append(_ happenings: [Happening]) {
        for happening in happenings { append(happening) }
    }

    /// The log as an erasure or a redaction leaves it.
    public func removing(_ removals: [Position: PartRemoval]) throws -> MemoryLog {
        var log = self
        for (position, removal) in removals {
            var record: [UInt8] = []
            try read(position) { event in
                event.writeRest(removing: removal, to: &record)
                // The trailer: what stands in it beside the reason and the position is not read here.
                record.append(removal.takesAll ? 1 : 2)
                for byte in 0..<8 { record.append(UInt8(position.rawValue >> (8 * byte) & 255)) }
                record.append(contentsOf: [UInt8](repeating: 0, count: EventRemnant.byteCount - 9))
            }
            log.records[Int(position.rawValue) - 1] = record
        }
        return log
    }

    /// Shows the event at a position.
    public func read(
        _ position: Position, _ body: (borrowing EventView) throws(ViewFault) -> Void
    ) throws(ViewFault) {
        let record = records[Int(position.rawValue) - 1]
        do {
            let event = unsafe try EventView(checking: record.span.bytes)
            do throws(ViewFault) { try body(event) } catch { throw error }
        } catch let error as ViewFault {
            throw error
        } catch {
            throw .storage("a record of the test log is malformed")
        }
    }
}
