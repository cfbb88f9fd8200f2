internal import ContactCentre
internal import EventModel

/// The grid that figures are kept in: quarters of an hour and days, UTC, numbered from 1970.
enum MetricInterval {
    static let quarterMilliseconds: Int64 = 900_000
    static let dayMilliseconds: Int64 = 86_400_000

    static func quarter(of moment: Timestamp) -> Int32 {
        Int32(clamping: moment.rawValue.flooredQuotient(quarterMilliseconds))
    }

    static func day(of moment: Timestamp) -> Int32 {
        Int32(clamping: moment.rawValue.flooredQuotient(dayMilliseconds))
    }

    static let quartersOfDay = 96

    static func start(ofDay day: Int32) -> Timestamp {
        Timestamp(milliseconds: Int64(day) * dayMilliseconds)
    }

    /// The day that a quarter lies on, and which of that day's it is.
    static func dayAndQuarter(of quarter: Int32) -> (day: Int32, quarter: Int) {
        let day = Int64(quarter).flooredQuotient(Int64(quartersOfDay))
        return (Int32(day), Int(Int64(quarter) - day * Int64(quartersOfDay)))
    }

    /// The number of a quarter of a day, counted from 1970.
    static func quarter(_ quarter: Int, ofDay day: Int32) -> Int32 {
        Int32(clamping: Int(day) * quartersOfDay + quarter)
    }

    static func start(ofQuarter quarter: Int32) -> Timestamp {
        Timestamp(milliseconds: Int64(quarter) * quarterMilliseconds)
    }
}
