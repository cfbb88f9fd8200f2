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

    static func start(ofQuarter quarter: Int32) -> Timestamp {
        Timestamp(milliseconds: Int64(quarter) * quarterMilliseconds)
    }
}
