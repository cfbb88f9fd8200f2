public import EventModel

/// Reads the positions of a stream from the customers view: what TIMELINE walks.
public enum Timeline {
    /// Whose events.
    public enum Stream: Hashable, Sendable {
        /// Events of a person: those that name one of their identifiers, and those of interactions
        /// that were known to concern them.
        case customer(CustomerID)
        /// Events of an interaction.
        case interaction(String)
    }

    /// Returns up to `count` positions below `before`, the newest first.
    ///
    /// Complexity: one look-up, and one row per 64 positions.
    public static func positions<Reader: ViewReader & ~Copyable>(
        of stream: Stream, before: Position? = nil, count: Int, _ reader: borrowing Reader
    ) throws(ViewFault) -> [Position] {
        guard count > 0 else { return [] }
        let bound = before?.rawValue ?? .max
        let start = start(of: stream)
        var found: [Position] = []
        func take(_ chunk: TimelineChunk) -> Bool {
            for position in chunk.positions.reversed() where position < bound {
                found.append(Position(position))
                if found.count == count { return false }
            }
            return true
        }
        if let chunk = try growing(stream, reader), !take(chunk) { return found }
        var end = start
        end.append(bigEndian: bound)
        try reader.rowsBackward(from: start, below: end) { _, row throws(ViewFault) in
            take(try TimelineChunk.decoded(row))
        }
        return found
    }

    /// Returns up to `count` positions from `first` on, the oldest first.
    ///
    /// Complexity: two look-ups, and one row per 64 positions.
    public static func positions<Reader: ViewReader & ~Copyable>(
        of stream: Stream, from first: Position, count: Int, _ reader: borrowing Reader
    ) throws(ViewFault) -> [Position] {
        guard count > 0, first.rawValue < TimelineChunk.growing else { return [] }
        let start = start(of: stream)
        var found: [Position] = []
        func take(_ chunk: TimelineChunk) -> Bool {
            for position in chunk.positions where position >= first.rawValue {
                found.append(Position(position))
                if found.count == count { return false }
            }
            return true
        }
        // The chunk that begins at or before the first position, then those that follow.
        var behind = start
        behind.append(bigEndian: first.rawValue + 1)
        var goesOn = true
        try reader.rowsBackward(from: start, below: behind) { _, row throws(ViewFault) in
            goesOn = take(try TimelineChunk.decoded(row))
            return false
        }
        var growing = start
        growing.append(bigEndian: TimelineChunk.growing)
        guard goesOn else { return found }
        try reader.rows(from: behind, below: growing) { _, row throws(ViewFault) in
            goesOn = take(try TimelineChunk.decoded(row))
            return goesOn
        }
        if goesOn, let chunk = try Self.growing(stream, reader) { _ = take(chunk) }
        return found
    }

    /// Returns the positions of events about a customer's things from before anybody was known whom
    /// those concern: they stand in no timeline of a customer. In no order.
    ///
    /// Complexity: one row for each of their things.
    public static func early<Reader: ViewReader & ~Copyable>(
        of customer: CustomerID, _ reader: borrowing Reader
    ) throws(ViewFault) -> [Position] {
        try things(of: customer, reader).flatMap(\.early)
    }

    /// The things of a customer.
    static func things<Reader: ViewReader & ~Copyable>(
        of customer: CustomerID, _ reader: borrowing Reader
    ) throws(ViewFault) -> [SubjectRecord] {
        var names: [(kind: SubjectKind, name: KeyName)] = []
        let start = CustomerKey.start(customer, PlaceRow.kind)
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, _ throws(ViewFault) in
            guard key.byteCount > PlaceRow.nameOffset,
                let kind = SubjectKind(rawValue: key[start.count])
            else { throw .damaged(MalformedBytes("place of a thing", at: 0)) }
            let name = key.extracting(PlaceRow.nameOffset..<key.byteCount).copied()
            names.append((kind, try KeyName(checking: name[...])))
            return true
        }
        var found: [SubjectRecord] = []
        for (kind, name) in names {
            guard let record = try Person.record(kind, name, reader) else { continue }
            found.append(record)
        }
        return found
    }

    /// The positions that no full chunk holds yet; nil where there are none.
    private static func growing<Reader: ViewReader & ~Copyable>(
        _ stream: Stream, _ reader: borrowing Reader
    ) throws(ViewFault) -> TimelineChunk? {
        switch stream {
        case .customer(let customer):
            let row = try reader.row(CustomerRecord.key(customer))
            return try CustomerRecord.decoded(row)?.growing
        case .interaction:
            var key = start(of: stream)
            key.append(bigEndian: TimelineChunk.growing)
            return try TimelineChunk.decoded(try reader.row(key))
        }
    }

    /// The start of a stream's keys.
    private static func start(of stream: Stream) -> [UInt8] {
        var start: [UInt8] = []
        switch stream {
        case .customer(let customer): TimelineChunk.writeStart(customer, to: &start)
        case .interaction(let name):
            unsafe TimelineChunk.writeStart(name.utf8Span.span.bytes, to: &start)
        }
        return start
    }
}
