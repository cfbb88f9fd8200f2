import Importing
import JSON

/// The disk that a rate of events needs.
struct DiskPlan: Equatable {
    /// Bytes an event takes up in the log, in its indexes, in the views.
    struct Rates: Equatable {
        var log: Double
        var index: Double
        var views: Double
        /// Whether they come from this store, or from the bench.
        var isMeasured: Bool

        var all: Double { log + index + views }

        /// Of fewer events the fixed parts of the files would be most of what is counted.
        static let eventsMin: UInt64 = 50_000

        /// What the reference events of the bench take up, sealed (bench/README.md).
        static let reference = Rates(log: 83, index: 23, views: 392, isMeasured: false)

        /// The rates of a store, where it is large enough to tell them.
        static func of(_ sizes: StoreSizes, events: UInt64) -> Rates {
            guard events >= eventsMin else { return reference }
            let count = Double(events)
            return Rates(
                log: Double(sizes.log) / count, index: Double(sizes.index) / count,
                views: Double(sizes.views) / count, isMeasured: true)
        }
    }

    let perDay: Int64
    let rates: Rates
    let sizes: StoreSizes
    let room: DiskRoom?

    /// A line of the plan: a span, and what the store takes up after it.
    struct Line: Equatable {
        let days: Int64
        let log: Int64
        let index: Int64
        let views: Int64
        /// What sealing a segment and folding a view anew need beside.
        let reserve: Int64
        /// A copy of the log, which is what a backup holds.
        let backup: Int64

        var all: Int64 { log + index + views + reserve }
    }

    /// The store after so many days.
    func line(days: Int64) -> Line {
        let events = Double(perDay) * Double(days)
        func grown(_ now: Int64, _ rate: Double) -> Int64 {
            now + Int64(min(events * rate, 9e17))
        }
        let views = grown(sizes.views, rates.views)
        // The customers view is the largest: more than half of all.
        let rebuild = Int64(Double(views) * 0.7)
        let log = grown(sizes.log, rates.log)
        return Line(
            days: days, log: log, index: grown(sizes.index, rates.index), views: views,
            reserve: max(Self.segmentBytes, sizes.largestSegment) + rebuild, backup: log)
    }

    /// The size at which a segment ends, with its index.
    private static let segmentBytes: Int64 = 320 << 20

    /// The days until the disk is full, the reserve left free; nil where it never is, or cannot be
    /// told.
    var daysLeft: Int64? {
        guard let room, perDay > 0 else { return nil }
        var (low, high): (Int64, Int64) = (0, 36_525)
        func fits(_ days: Int64) -> Bool { line(days: days).all - sizes.all <= room.free }
        guard !fits(high) else { return nil }
        guard fits(0) else { return 0 }
        while high - low > 1 {
            let middle = (low + high) / 2
            if fits(middle) { low = middle } else { high = middle }
        }
        return low
    }

    private static let spans: [(String, Int64)] = [
        ("a day", 1), ("a month", 30), ("a year", 365), ("5 years", 1_825),
    ]

    var text: String {
        var table = TextTable(
            titles: ["after", "log", "indexes", "views", "reserve", "disk", "a backup"],
            isNumeric: [false, true, true, true, true, true, true])
        for (name, days) in Self.spans {
            let line = line(days: days)
            table.add(
                [name]
                    + [line.log, line.index, line.views, line.reserve, line.all, line.backup]
                    .map(ByteText.text))
        }
        let origin = rates.isMeasured ? "as this store has it" : "as the bench's events have it"
        var text =
            "\(Int(perDay).grouped) events a day, \(Int(rates.all)) bytes an event (log "
            + "\(Int(rates.log)), indexes \(Int(rates.index)), views \(Int(rates.views))), \(origin)\n"
        text += table.lines(indentation: "  ").map { $0 + "\n" }.joined()
        if let room {
            let left = daysLeft.map { "\(Int($0).grouped) days" } ?? "over a hundred years"
            text += "  \(ByteText.text(room.free)) are free: enough for \(left)\n"
        }
        return text
    }

    var document: JSONValue {
        func integer(_ name: String, _ value: Int64) -> JSONValue.Member {
            JSONValue.Member(name, .integer(value))
        }
        let lines = Self.spans.map { _, days in
            let line = line(days: days)
            return JSONValue.object([
                integer("days", days), integer("log_bytes", line.log),
                integer("index_bytes", line.index), integer("view_bytes", line.views),
                integer("reserve_bytes", line.reserve), integer("disk_bytes", line.all),
                integer("backup_bytes", line.backup),
            ])
        }
        return .object([
            integer("events_per_day", perDay), integer("bytes_per_event", Int64(rates.all)),
            JSONValue.Member("measured", .boolean(rates.isMeasured)),
            JSONValue.Member("spans", .array(lines)),
            JSONValue.Member("days_left", daysLeft.map { .integer($0) } ?? .null),
        ])
    }
}
