internal import EventModel

/// Reads a row of `ClosedFigures`, column by column and part by part.
struct ClosedFiguresReader: ~Escapable {
    private var reader: ByteReader
    private(set) var column: UInt8 = 0
    /// The parts of the column that are still to come.
    private var parts: UInt8 = 0
    /// The part at hand: 0 is what all anchors share, the others are by anchor.
    private(set) var part = -1
    /// The distributions that are read, a bit each; others are passed over.
    private let wanted: UInt64

    @_lifetime(copy row)
    init(_ row: RawSpan, wanting wanted: UInt64 = .max) throws(MalformedBytes) {
        self.wanted = wanted
        reader = ByteReader(row, of: "closed figures")
        guard try reader.byte() == ClosedFigures.version else {
            throw MalformedBytes("closed figures version", at: 0)
        }
    }

    /// Goes on to the next part that is read and returns its entries; nil at the end.
    @_lifetime(self: copy self)
    @_lifetime(copy self)
    mutating func next() throws(MalformedBytes) -> RawSpan? {
        while true {
            if parts == 0 {
                guard !reader.isAtEnd else { return nil }
                column = try reader.byte()
                parts = try reader.byte()
                guard parts > 0, parts < 1 << UInt8(ClosedFigures.partCount) else {
                    throw MalformedBytes("closed figures", at: reader.offset)
                }
            }
            part = parts.trailingZeroBitCount
            parts &= parts - 1
            let entries = try reader.span(try reader.count())
            if column < ClosedFigures.firstDistribution
                || wanted >> UInt64(column & ~ClosedFigures.firstDistribution) & 1 == 1
            {
                return entries
            }
        }
    }
}

/// Reads the entries of a count, quarter by quarter.
struct ClosedCounts: ~Escapable {
    private var reader: ByteReader
    /// Of all quarters.
    let sum: Int64
    private(set) var quarter: UInt64 = 0

    @_lifetime(copy entries)
    init(_ entries: RawSpan) throws(MalformedBytes) {
        reader = ByteReader(entries, of: "closed counts")
        sum = try reader.zigzag()
    }

    /// The sum of all quarters, and nothing else of the entries.
    static func sum(of entries: RawSpan) throws(MalformedBytes) -> Int64 {
        var reader = ByteReader(entries, of: "closed counts")
        return try reader.zigzag()
    }

    /// Returns the count of the next quarter that has one; nil at the end.
    @_lifetime(self: copy self)
    mutating func next() throws(MalformedBytes) -> Int64? {
        guard !reader.isAtEnd else { return nil }
        let head = try reader.varint()
        quarter = try reader.quarter(quarter, after: head >> 1)
        return head & 1 == 0 ? 1 : try reader.zigzag()
    }
}

/// Reads the entries of a distribution, quarter by quarter.
struct ClosedNumbers: ~Escapable {
    private var reader: ByteReader
    private(set) var quarter: UInt64 = 0

    @_lifetime(copy entries)
    init(_ entries: RawSpan) { reader = ByteReader(entries, of: "closed numbers") }

    /// Goes on to the next quarter and returns the form of its entries; nil at the end.
    @_lifetime(self: copy self)
    mutating func next() throws(MalformedBytes) -> UInt64? {
        guard !reader.isAtEnd else { return nil }
        let head = try reader.varint()
        quarter = try reader.quarter(quarter, after: head >> 2)
        return head & 3
    }

    /// Appends the numbers of the quarter at hand.
    @_lifetime(self: copy self)
    mutating func read(
        _ form: UInt64, into runs: inout [Distribution.Run]
    ) throws(MalformedBytes) {
        switch form {
        case 0: runs.append(Distribution.Run(milliseconds: try reader.zigzag(), count: 1))
        case 1:
            let count = try reader.count()
            var number = try reader.zigzag()
            runs.append(Distribution.Run(milliseconds: number, count: 1))
            for _ in 1..<max(1, count) {
                number &+= Int64(bitPattern: try reader.varint())
                runs.append(Distribution.Run(milliseconds: number, count: 1))
            }
        case 2:
            var number: Int64 = 0
            for _ in 0..<(try reader.count()) {
                number &+= try reader.zigzag()
                runs.append(Distribution.Run(milliseconds: number, count: try reader.zigzag()))
            }
        default:
            runs.append(
                Distribution.Run(
                    milliseconds: MetricDistribution.never, count: try reader.zigzag()))
        }
    }
}

extension ByteReader {
    /// Returns the quarter that comes so far behind another of the same day.
    fileprivate func quarter(
        _ last: UInt64, after gap: UInt64
    ) throws(MalformedBytes) -> UInt64 {
        let quarters = UInt64(MetricInterval.quartersOfDay)
        guard gap < quarters, last + gap < quarters else {
            throw MalformedBytes("quarter of a day", at: offset)
        }
        return last + gap
    }
}
