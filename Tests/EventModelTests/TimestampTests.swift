import EventModel
import Testing

@Suite("a moment")
struct TimestampTests {
    @Test("every day from 1899 to 2101 agrees with counting day by day")
    func everyDay() throws {
        var year = 1899
        var month = 1
        var day = 1
        var days = -25_932  // 1899-01-01
        while year <= 2101 {
            #expect(Timestamp.days(year: year, month: month, day: day) == days)
            let civil = Timestamp.civil(days: days)
            #expect(civil.year == year && civil.month == month && civil.day == day)
            if year >= 1900 {
                let text = "\(year)-\(twoDigits(month))-\(twoDigits(day))"
                let noon = try #require(Timestamp(rfc3339: text + "T12:00:00Z"))
                #expect(noon.rawValue == (Int64(days) * 24 + 12) * 3_600_000)
                #expect(noon.rfc3339 == text + "T12:00:00.000Z")
            }
            days += 1
            day += 1
            if day > length(of: month, in: year) {
                #expect(Timestamp.days(year: year, month: month, day: day) == nil)
                day = 1
                month += 1
            }
            if month > 12 {
                month = 1
                year += 1
            }
        }
        #expect(Timestamp.days(year: 1970, month: 1, day: 1) == 0)
        #expect(Timestamp.days(year: 2000, month: 2, day: 29) == 11_016)
    }

    @Test("every second of a day and every millisecond of a second is written as it is read")
    func everySecond() throws {
        let midnight = try #require(Timestamp(rfc3339: "2026-11-27T00:00:00Z"))
        for second in 0..<86_400 {
            let clock =
                "\(twoDigits(second / 3_600)):\(twoDigits(second / 60 % 60)):"
                + twoDigits(second % 60)
            let moment = midnight.advanced(byMilliseconds: Int64(second) * 1_000)
            #expect(moment.rfc3339 == "2026-11-27T\(clock).000Z")
            #expect(Timestamp(rfc3339: "2026-11-27T\(clock)Z") == moment)
        }
        for millisecond in 0..<1_000 {
            let moment = midnight.advanced(byMilliseconds: Int64(millisecond))
            #expect(Timestamp(rfc3339: moment.rfc3339) == moment)
            #expect(moment.rfc3339.hasSuffix("\(millisecond + 1_000)Z".dropFirst()))
        }
    }

    @Test("an offset is subtracted, over midnight and new year too")
    func offsets() throws {
        let utc = try #require(Timestamp(rfc3339: "2026-12-31T23:30:00Z"))
        for text in [
            "2027-01-01T00:30:00+01:00", "2026-12-31T18:30:00-05:00", "2027-01-01T08:30:00+09:00",
            "2027-01-01T05:15:00+05:45", "2026-12-31T23:30:00+00:00", "2026-12-31T23:30:00-00:00",
            "2027-01-01T23:29:00+23:59", "2026-12-30T23:31:00-23:59",
        ] {
            #expect(Timestamp(rfc3339: text) == utc, "\(text)")
        }
    }

    @Test("a fraction counts to the millisecond, more digits are cut off")
    func fractions() throws {
        let whole = try #require(Timestamp(rfc3339: "2026-11-27T14:32:08Z"))
        let cases: [(String, Int64)] = [
            (".1", 100), (".12", 120), (".120", 120), (".1209", 120), (".999999999", 999),
            (".001", 1), (".0009", 0), (".000", 0), ("." + String(repeating: "9", count: 500), 999),
        ]
        for (fraction, milliseconds) in cases {
            let moment = Timestamp(rfc3339: "2026-11-27T14:32:08\(fraction)Z")
            #expect(moment == whole.advanced(byMilliseconds: milliseconds), "\(fraction)")
        }
        let earlier = try #require(Timestamp(rfc3339: "1969-12-31T23:59:59.250Z"))
        #expect(earlier.rawValue == -750)
        #expect(earlier.rfc3339 == "1969-12-31T23:59:59.250Z")
    }

    @Test("lower-case letters and a blank are read too")
    func variants() {
        let moment = Timestamp(rfc3339: "2026-11-27T14:32:08.120Z")
        #expect(moment != nil)
        #expect(Timestamp(rfc3339: "2026-11-27t14:32:08.120z") == moment)
        #expect(Timestamp(rfc3339: "2026-11-27 14:32:08.120Z") == moment)
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", "2", "2026", "2026-11-27", "2026-11-27T14:32:08", "2026-11-27T14:32Z",
            "2026-11-27T14:32:08.Z", "2026-11-27T14:32:08,120Z", "2026-11-27T14:32:08.12 Z",
            "2026-11-27T24:00:00Z", "2026-11-27T14:60:00Z", "2026-11-27T14:32:60Z",
            "2026-11-27T23:59:60Z", "2026-00-27T14:32:08Z", "2026-13-27T14:32:08Z",
            "2026-11-00T14:32:08Z", "2026-11-31T14:32:08Z", "2026-02-29T14:32:08Z",
            "1900-02-29T14:32:08Z", "2100-02-29T14:32:08Z", "2026-11-27T14:32:08+1:00",
            "2026-11-27T14:32:08+01", "2026-11-27T14:32:08+0100", "2026-11-27T14:32:08+24:00",
            "2026-11-27T14:32:08+01:60", "2026-11-27T14:32:08Z ", " 2026-11-27T14:32:08Z",
            "2026-11-27T14:32:08ZZ", "26-11-27T14:32:08Z", "02026-11-27T14:32:08Z",
            "-2026-11-27T14:32:08Z", "+2026-11-27T14:32:08Z", "2026/11/27T14:32:08Z",
            "2026-11-27_14:32:08Z", "2026-1-27T14:32:08Z", "٢٠٢٦-11-27T14:32:08Z",
            "1764253928", "2026-W48-5T14:32:08Z",
        ])
    func refused(_ text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test("a time cut short anywhere is refused")
    func truncated() {
        let text = "2026-11-27T14:32:08.120+01:00"
        for length in 0..<text.utf8.count {
            #expect(Timestamp(rfc3339: String(text.prefix(length))) == nil, "\(length)")
        }
    }

    @Test("moments outside the bounds are refused, the bounds are not")
    func bounds() {
        #expect(Timestamp(rfc3339: "1900-01-01T00:00:00Z") == .earliest)
        #expect(Timestamp(rfc3339: "9999-12-31T23:59:59.999Z") == .latest)
        #expect(Timestamp(rfc3339: "1899-12-31T23:59:59.999Z") == nil)
        #expect(Timestamp(rfc3339: "1900-01-01T00:00:00+00:01") == nil)
        #expect(Timestamp(rfc3339: "9999-12-31T23:59:59.999-00:01") == nil)
        #expect(Timestamp(rfc3339: "0000-01-01T00:00:00Z") == nil)
        #expect(Timestamp.earliest.rfc3339 == "1900-01-01T00:00:00.000Z")
        #expect(Timestamp.latest.rfc3339 == "9999-12-31T23:59:59.999Z")
    }

    @Test("what is written is read back", arguments: [1, 2, 3] as [UInt64])
    func roundTrip(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<20_000 {
            let span = Timestamp.earliest.rawValue...Timestamp.latest.rawValue
            let moment = Timestamp(milliseconds: .random(in: span, using: &random))
            let text = moment.rfc3339
            #expect(text.utf8.count == 24)
            #expect(Timestamp(rfc3339: text) == moment, "seed \(seed): \(text)")
        }
    }

    @Test("no arithmetic leaves the bounds or traps")
    func saturation() {
        let extremes = [
            Timestamp(rawValue: .min), .earliest, Timestamp(rawValue: 0), .latest,
            Timestamp(rawValue: .max),
        ]
        for left in extremes {
            for right in extremes { #expect((left - right).signum() == compare(left, right)) }
            for milliseconds in [Int64.min, -1, 0, 1, .max] {
                let moved = left.advanced(byMilliseconds: milliseconds)
                #expect(moved >= .earliest && moved <= .latest)
            }
            #expect(Timestamp(rfc3339: left.rfc3339) == left.clamped)
        }
        #expect(Timestamp.latest.advanced(byMilliseconds: .max) == .latest)
        #expect(Timestamp.earliest.advanced(byMilliseconds: .min) == .earliest)
        #expect(Timestamp(rawValue: 5).advanced(byMilliseconds: -7) == Timestamp(rawValue: -2))
        #expect(Timestamp(rawValue: .min) - Timestamp(rawValue: .max) == .min)
    }

    private func compare(_ left: Timestamp, _ right: Timestamp) -> Int64 {
        left < right ? -1 : left == right ? 0 : 1
    }

    private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The calendar as a person would say it.
    private func length(of month: Int, in year: Int) -> Int {
        if [4, 6, 9, 11].contains(month) { return 30 }
        guard month == 2 else { return 31 }
        if year % 400 == 0 { return 29 }
        if year % 100 == 0 { return 28 }
        return year % 4 == 0 ? 29 : 28
    }
}
