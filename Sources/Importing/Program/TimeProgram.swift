internal import EventModel

/// The compiled time rules: reads a row's date, clocks and stamps into moments.
struct TimeProgram {
    /// The names of the time columns: clocks, then stamps.
    let names: [String]
    private let columns: [Int]
    private let clockCount: Int
    private let dateColumn: Int
    private let datePattern: TimePattern?
    private let clockPattern: TimePattern?
    private let stampPattern: StampPattern?
    private let century: Int
    /// The time column whose clock others are compared with, or -1.
    private let reference: Int
    private let earlierBySeconds: Int
    private let zone: Zone
    private let dateName: String

    init(_ rules: TimeRules, columns: [String]) throws(ImportError) {
        guard let zone = Zone(named: rules.zone) else {
            throw .mapping(place: "[time] zone", problem: "is no IANA time zone")
        }
        func number(_ name: String) throws(ImportError) -> Int {
            guard let index = columns.firstIndex(of: name) else {
                throw .mapping(place: "[time]", problem: "there is no column `\(name)`")
            }
            return index
        }
        self.zone = zone
        names = rules.clockColumns + rules.stampColumns
        var indices: [Int] = []
        for name in names { indices.append(try number(name)) }
        self.columns = indices
        clockCount = rules.clockColumns.count
        dateName = rules.dateColumn ?? ""
        dateColumn = try rules.dateColumn.map { name throws(ImportError) in try number(name) } ?? -1
        datePattern = rules.datePattern
        clockPattern = rules.clockPattern
        stampPattern = rules.stampPattern
        century = rules.century
        let rollover = rules.rollover
        reference = rollover.flatMap { rules.clockColumns.firstIndex(of: $0.reference) } ?? -1
        earlierBySeconds = rollover?.earlierBySeconds ?? 0
        guard Set(names).count == names.count else {
            throw .mapping(place: "[time]", problem: "names one column twice")
        }
    }

    /// Returns the number of a time column.
    func index(of name: String) -> Int? { names.firstIndex(of: name) }

    func isClock(_ name: String) -> Bool { names[..<clockCount].contains(name) }

    /// Reads a clock out of a mapping, in milliseconds of the day.
    func clock(_ text: String) -> Int64? {
        unsafe clockPattern?.read(text.utf8Span.span.bytes, century: 0)
            .map { Int64($0.secondOfDay * 1_000 + $0.millisecond) }
    }

    /// Makes room for the moments of a row.
    func emptyTimes() -> RowTimes { RowTimes(count: names.count, zone: zone) }

    /// Reads all times of a row.
    ///
    /// - Throws: `badTime`.
    func read(_ row: borrowing Row, into times: inout RowTimes) throws(RowFault) {
        if dateColumn >= 0 { try readDate(row.field(dateColumn), &times) }
        for index in 0..<clockCount {
            times.written[index] = try readClock(row.field(columns[index]), names[index])
        }
        let referenceSeconds = reference >= 0 ? times.written[reference] : RowTimes.absent
        for index in 0..<clockCount {
            let written = times.written[index]
            guard written != RowTimes.absent else {
                times.moments[index] = RowTimes.absent
                continue
            }
            let isNextDay =
                referenceSeconds != RowTimes.absent
                && referenceSeconds - written > Int64(earlierBySeconds) * 1_000
            let local = times.dateSeconds * 1_000 + Int(written) + (isNextDay ? 86_400_000 : 0)
            times.moments[index] = times.moment(localMilliseconds: local)
        }
        for index in clockCount..<names.count { try readStamp(row, index, &times) }
    }

    private func readDate(_ field: RawSpan, _ times: inout RowTimes) throws(RowFault) {
        // Rows of one day mostly follow each other.
        guard unsafe field.byteCount == 0 || !times.dateText.span.bytes.equals(field) else {
            return
        }
        guard let numbers = datePattern?.read(field, century: century),
            let days = Timestamp.days(
                year: numbers.year, month: numbers.month, day: numbers.day)
        else { throw .badTime(column: dateName, pattern: datePattern?.text ?? "") }
        times.dateSeconds = days * 86_400
        times.dateText.removeAll(keepingCapacity: true)
        times.dateText.append(field)
    }

    private func readClock(_ field: RawSpan, _ name: String) throws(RowFault) -> Int64 {
        guard field.byteCount > 0 else { return RowTimes.absent }
        guard let numbers = clockPattern?.read(field, century: 0) else {
            throw .badTime(column: name, pattern: clockPattern?.text ?? "")
        }
        return Int64(numbers.secondOfDay * 1_000 + numbers.millisecond)
    }

    private func readStamp(
        _ row: borrowing Row, _ index: Int, _ times: inout RowTimes
    ) throws(RowFault) {
        let field = row.field(columns[index])
        times.written[index] = RowTimes.absent
        times.moments[index] = RowTimes.absent
        guard field.byteCount > 0, let stampPattern else { return }
        guard let moment = moment(field, stampPattern, &times),
            moment >= Timestamp.earliest.rawValue, moment <= Timestamp.latest.rawValue
        else { throw .badTime(column: names[index], pattern: stampPattern.text) }
        times.moments[index] = moment
    }

    private func moment(
        _ field: RawSpan, _ pattern: StampPattern, _ times: inout RowTimes
    ) -> Int64? {
        switch pattern {
        case .rfc3339: return Timestamp(rfc3339: field)?.rawValue
        case .epochSeconds:
            guard let seconds = field.integer() else { return nil }
            let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
            return overflow ? nil : milliseconds
        case .epochMilliseconds: return field.integer()
        case .local(let pattern):
            guard let numbers = pattern.read(field, century: century),
                let days = Timestamp.days(
                    year: numbers.year, month: numbers.month, day: numbers.day)
            else { return nil }
            return times.moment(
                localMilliseconds: (days * 86_400 + numbers.secondOfDay) * 1_000
                    + numbers.millisecond)
        }
    }
}

/// The times of one row; it keeps its memory from row to row.
struct RowTimes {
    static let absent = Int64.min

    /// Each clock as it stands in the row, in milliseconds of its day; absent where it is blank.
    var written: [Int64]
    /// Each time column's moment, in milliseconds UTC.
    var moments: [Int64]
    /// The row's date: its text, and its first second on the zone's clocks.
    var dateText: [UInt8] = []
    var dateSeconds = 0
    private var zone: Zone

    init(count: Int, zone: Zone) {
        written = [Int64](repeating: Self.absent, count: count)
        moments = written
        self.zone = zone
    }

    mutating func moment(localMilliseconds: Int) -> Int64 {
        let seconds = localMilliseconds.flooredQuotient(1_000)
        return Int64(zone.utcSeconds(local: seconds)) * 1_000
            + Int64(localMilliseconds - seconds * 1_000)
    }
}
