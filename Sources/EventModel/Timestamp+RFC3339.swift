/// Reading and writing RFC 3339, section 5.6, without a calendar library: these run once per
/// event on the append path and once per time in every view document.
extension Timestamp {
    /// Reads `2026-11-27T14:32:08.120Z`, with or without fraction, `Z` or a numeric offset.
    ///
    /// Digits of the fraction beyond milliseconds are cut off. Returns nil for anything else,
    /// leap second 60 included, and for moments outside `earliest ... latest`.
    public init?(rfc3339 text: RawSpan) {
        var reader = DigitReader(text)
        guard let year = reader.number(4), reader.take(UInt8(ascii: "-")),
            let month = reader.number(2), reader.take(UInt8(ascii: "-")),
            let day = reader.number(2),
            reader.take(UInt8(ascii: "T")) || reader.take(UInt8(ascii: "t"))
                || reader.take(UInt8(ascii: " ")),
            let hour = reader.number(2), reader.take(UInt8(ascii: ":")),
            let minute = reader.number(2), reader.take(UInt8(ascii: ":")),
            let second = reader.number(2), hour < 24, minute < 60, second < 60,
            let fraction = reader.fractionMilliseconds(),
            let offsetMinutes = reader.offsetMinutes(), reader.isAtEnd,
            let days = Timestamp.days(year: year, month: month, day: day)
        else { return nil }
        let seconds = (days * 24 + hour) * 3_600 + (minute - offsetMinutes) * 60 + second
        let moment = Timestamp(milliseconds: Int64(seconds) * 1_000 + Int64(fraction))
        guard moment >= .earliest, moment <= .latest else { return nil }
        self = moment
    }

    /// Reads RFC 3339 text.
    public init?(rfc3339 text: String) {
        unsafe self.init(rfc3339: text.utf8Span.span.bytes)
    }

    /// Returns `2026-11-27T14:32:08.120Z`: always UTC, always milliseconds.
    public var rfc3339: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the 24 bytes of `2026-11-27T14:32:08.120Z`; a moment outside `earliest ... latest`
    /// is written as the nearer of the two, so that a damaged row is shown and not trapped on.
    public func write(to bytes: inout [UInt8]) {
        let milliseconds = clamped.rawValue
        let day = milliseconds.flooredQuotient(86_400_000)
        let rest = Int(milliseconds - day * 86_400_000)
        let date = Timestamp.civil(days: Int(day))
        bytes.appendDigits(date.year, width: 4)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendDigits(date.month, width: 2)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendDigits(date.day, width: 2)
        bytes.append(UInt8(ascii: "T"))
        bytes.appendDigits(rest / 3_600_000, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendDigits(rest / 60_000 % 60, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendDigits(rest / 1_000 % 60, width: 2)
        bytes.append(UInt8(ascii: "."))
        bytes.appendDigits(rest % 1_000, width: 3)
        bytes.append(UInt8(ascii: "Z"))
    }
}

/// The proleptic Gregorian calendar in days, after the algorithms that Howard Hinnant describes
/// in "chrono-Compatible Low-Level Date Algorithms" (days from civil, civil from days).
extension Timestamp {
    /// Returns the days from 1970-01-01 to the date, or nil when there is no such date.
    public static func days(year: Int, month: Int, day: Int) -> Int? {
        guard (1...12).contains(month), day >= 1, day <= daysInMonth(year: year, month: month)
        else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.flooredQuotient(400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// Returns the date that lies so many days after 1970-01-01.
    public static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted.flooredQuotient(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func daysInMonth(year: Int, month: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }
}

/// Walks the digits and separators of a time.
private struct DigitReader: ~Escapable {
    private let text: RawSpan
    private var offset = 0

    @_lifetime(copy text)
    init(_ text: RawSpan) { self.text = text }

    var isAtEnd: Bool { offset == text.byteCount }

    private func peek() -> UInt8? { offset < text.byteCount ? text[offset] : nil }

    @_lifetime(self: copy self)
    mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        offset += 1
        return true
    }

    /// Returns the number written in exactly `width` digits.
    @_lifetime(self: copy self)
    mutating func number(_ width: Int) -> Int? {
        var value = 0
        for _ in 0..<width {
            guard let byte = peek(), byte.isASCIIDigit else { return nil }
            value = value * 10 + Int(byte & 0x0F)
            offset += 1
        }
        return value
    }

    @_lifetime(self: copy self)
    mutating func fractionMilliseconds() -> Int? {
        guard take(UInt8(ascii: ".")) else { return 0 }
        var value = 0
        var weight = 100
        var count = 0
        while let byte = peek(), byte.isASCIIDigit {
            value += Int(byte & 0x0F) * weight
            weight /= 10
            offset += 1
            count += 1
        }
        return count > 0 ? value : nil
    }

    @_lifetime(self: copy self)
    mutating func offsetMinutes() -> Int? {
        if take(UInt8(ascii: "Z")) || take(UInt8(ascii: "z")) { return 0 }
        let sign: Int
        if take(UInt8(ascii: "+")) {
            sign = 1
        } else if take(UInt8(ascii: "-")) {
            sign = -1
        } else {
            return nil
        }
        guard let hours = number(2), take(UInt8(ascii: ":")), let minutes = number(2),
            hours < 24, minutes < 60
        else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
