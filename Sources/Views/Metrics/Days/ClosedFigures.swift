internal import EventModel

/// The figures of all quarters of one day, of a queue and channel, as recorded on one day that is
/// over, so that nothing changes them any more: measure by measure, so that a question reads those
/// that it asks for and passes over the others.
///
///     key  'f', u8 0, text queue, u8 channel, i32 day, i32 recorded day
///     row  u8 version = 1; then by rising column, each:
///          u8 column: a count's raw value, or 40h and a distribution's; u8 parts that follow, a bit
///          each; then each part: num bytes, entries
///
/// Part 0 are figures that stand in the same quarter under all three anchors, as most do: a call is
/// mostly over in the quarter in which it began. The other parts are what each anchor has beside
/// these, in the order of `MetricAnchor.filed`. Entries rise by quarter:
///
///     of a count         int sum of all; each: num quarters since the one before << 1 | 0 for a
///                        count of 1, else 1; then int count
///     of a distribution  each: num quarters since the one before << 2 | form, then
///                        form 0: int number, which occurred once
///                        form 1: num how many; int first number; num distance of each from the one
///                                before: each occurred once
///                        form 2: num how many; each: int distance from the one before, int count
///                        form 3: int how often `MetricDistribution.never` occurred
enum ClosedFigures {
    static let prefix = UInt8(ascii: "f")
    static let version: UInt8 = 1
    /// From here on columns are distributions.
    static let firstDistribution: UInt8 = 0x40
    static let partCount = 4

    static func column(of which: MetricDistribution) -> UInt8 {
        firstDistribution | which.rawValue
    }

    /// A count, or how often a number of a distribution occurred; never 0.
    struct Figure {
        let column: UInt8
        /// 0 of a count.
        let number: Int64
        var count: Int64
    }

    /// A figure in its place within the row.
    fileprivate struct Entry {
        /// Column, part and quarter, in the order of the row.
        let place: UInt32
        let number: Int64
        let count: Int64

        init(_ figure: Figure, part: Int, quarter: Int, count: Int64) {
            place = UInt32(figure.column) << 16 | UInt32(part) << 8 | UInt32(quarter)
            number = figure.number
            self.count = count
        }

        var column: UInt8 { UInt8(truncatingIfNeeded: place >> 16) }
        var part: UInt8 { UInt8(truncatingIfNeeded: place >> 8) }
        var quarter: UInt64 { UInt64(place & 0xFF) }
    }

    /// A row that is being made.
    struct Builder: RowRecord {
        private var entries: [Entry] = []

        init() {}

        /// Rows are read by `ClosedFiguresReader`, measure by measure, and never changed.
        init(row: RawSpan) throws(MalformedBytes) {
            throw MalformedBytes("closed figures", at: 0)
        }

        var isEmpty: Bool { entries.isEmpty }

        /// Takes what the cells of one quarter say, by anchor.
        mutating func add(_ figures: [[Figure]], quarter: Int) {
            var next = [Int](repeating: 0, count: figures.count)
            var counts = [Int64](repeating: 0, count: figures.count)
            while let first = Self.first(figures, next) {
                for anchor in figures.indices {
                    counts[anchor] = 0
                    guard next[anchor] < figures[anchor].count,
                        Self.isSame(figures[anchor][next[anchor]], first)
                    else { continue }
                    counts[anchor] = figures[anchor][next[anchor]].count
                    next[anchor] += 1
                }
                // What is below 0 takes back what another day says: it is shared by none.
                let shared = max(0, counts.min() ?? 0)
                if shared > 0 { add(first, part: 0, quarter, shared) }
                for anchor in figures.indices where counts[anchor] != shared {
                    add(first, part: anchor + 1, quarter, counts[anchor] - shared)
                }
            }
        }

        private mutating func add(
            _ figure: Figure, part: Int, _ quarter: Int, _ count: Int64
        ) {
            entries.append(Entry(figure, part: part, quarter: quarter, count: count))
        }

        private static func first(_ figures: [[Figure]], _ next: [Int]) -> Figure? {
            var first: Figure?
            for anchor in figures.indices where next[anchor] < figures[anchor].count {
                let figure = figures[anchor][next[anchor]]
                if let least = first,
                    (least.column, least.number) <= (figure.column, figure.number)
                {
                    continue
                }
                first = figure
            }
            return first
        }

        private static func isSame(_ left: Figure, _ right: Figure) -> Bool {
            left.column == right.column && left.number == right.number
        }

        func encode(into row: inout [UInt8]) {
            let sorted = entries.sorted { ($0.place, $0.number) < ($1.place, $1.number) }
            row.append(ClosedFigures.version)
            var bytes: [UInt8] = []
            var start = 0
            var maskPlace = 0
            var column: UInt8?
            while start < sorted.count {
                let first = sorted[start]
                let end =
                    sorted[start...].firstIndex {
                        $0.column != first.column || $0.part != first.part
                    } ?? sorted.count
                if column != first.column {
                    column = first.column
                    row.append(first.column)
                    maskPlace = row.count
                    row.append(0)
                }
                row[maskPlace] |= 1 << first.part
                bytes.removeAll(keepingCapacity: true)
                if first.column < ClosedFigures.firstDistribution {
                    sorted[start..<end].encodeCounts(into: &bytes)
                } else {
                    sorted[start..<end].encodeNumbers(into: &bytes)
                }
                row.append(varint: UInt64(bytes.count))
                row.append(contentsOf: bytes)
                start = end
            }
        }
    }
}

extension ArraySlice<ClosedFigures.Entry> {
    fileprivate func encodeCounts(into bytes: inout [UInt8]) {
        bytes.append(zigzag: reduce(0) { $0 &+ $1.count })
        var last: UInt64 = 0
        for entry in self {
            let isOne = entry.count == 1
            bytes.append(varint: (entry.quarter - last) << 1 | (isOne ? 0 : 1))
            if !isOne { bytes.append(zigzag: entry.count) }
            last = entry.quarter
        }
    }

    fileprivate func encodeNumbers(into bytes: inout [UInt8]) {
        var last: UInt64 = 0
        var start = startIndex
        while start < endIndex {
            let quarter = self[start].quarter
            var end = start
            while end < endIndex, self[end].quarter == quarter,
                self[end].number != MetricDistribution.never
            {
                end += 1
            }
            if end > start {
                self[start..<end].encodeQuarter(after: quarter - last, into: &bytes)
                last = quarter
            }
            // `never` is greater than any other number.
            if end < endIndex, self[end].quarter == quarter {
                bytes.append(varint: (quarter - last) << 2 | 3)
                bytes.append(zigzag: self[end].count)
                last = quarter
                end += 1
            }
            start = end
        }
    }

    private func encodeQuarter(after gap: UInt64, into bytes: inout [UInt8]) {
        guard allSatisfy({ $0.count == 1 }) else {
            bytes.append(varint: gap << 2 | 2)
            bytes.append(varint: UInt64(count))
            var last: Int64 = 0
            for entry in self {
                bytes.append(zigzag: entry.number &- last)
                bytes.append(zigzag: entry.count)
                last = entry.number
            }
            return
        }
        bytes.append(varint: gap << 2 | (count == 1 ? 0 : 1))
        if count > 1 { bytes.append(varint: UInt64(count)) }
        var last: Int64 = 0
        for (index, entry) in enumerated() {
            if index == 0 {
                bytes.append(zigzag: entry.number)
            } else {
                bytes.append(varint: UInt64(bitPattern: entry.number &- last))
            }
            last = entry.number
        }
    }
}
