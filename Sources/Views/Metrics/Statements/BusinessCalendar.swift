internal import EventModel
internal import JSON

/// When somebody is there to answer: `definition.set` of kind `calendar`, key a queue's name, or
/// `default` for all that have none of their own.
///
///     {"zone":"Europe/Madrid","hours":{"mon":["09:00-14:00","16:00-20:00"],"sat":["10:00-14:00"]},
///      "exceptions":{"2026-12-25":[],"2026-12-24":["09:00-14:00"]}}
///
/// Hours are local, `24:00` is the end of a day; days without hours are closed. An exception takes
/// the place of its date's hours.
struct BusinessCalendar: Equatable {
    static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    static let byDefault = "default"

    /// A stretch of a local day, in milliseconds since midnight.
    struct Hours: Equatable {
        var from: Int64
        var to: Int64
    }

    let zone: String
    /// By weekday, Monday first; in order, none overlapping.
    private let week: [[Hours]]
    private let exceptions: [CalendarDate: [Hours]]

    init(_ body: RawSpan) throws(DefinitionFault) {
        let value = try DefinitionBody.object(body, of: "calendar")
        try value.only(["zone", "hours", "exceptions"], of: "calendar")
        zone = try value.optionalText("zone", of: "calendar") ?? "UTC"
        guard let hours = value["hours"], let members = hours.members,
            members.allSatisfy({ Self.days.contains($0.name) })
        else { throw Self.fault }
        var week: [[Hours]] = []
        for day in Self.days { week.append(try hours[day].map(Self.read) ?? []) }
        self.week = week
        var exceptions: [CalendarDate: [Hours]] = [:]
        let dated = value["exceptions"].map(\.members) ?? []
        guard let dated else { throw Self.fault }
        for member in dated {
            guard let date = CalendarDate(member.name) else { throw Self.fault }
            exceptions[date] = try Self.read(member.value)
        }
        self.exceptions = exceptions
    }

    private static let fault = DefinitionFault(
        expected: "a JSON object for kind calendar with hours by day (mon … sun) and exceptions by "
            + "date, each an array of stretches like \"09:00-18:00\" in their order")

    private static func read(_ value: JSONValue) throws(DefinitionFault) -> [Hours] {
        guard let elements = value.elements else { throw fault }
        var all: [Hours] = []
        for element in elements {
            let ends = (element.text ?? "").split(separator: "-", omittingEmptySubsequences: false)
                .map { time(String($0)) }
            guard ends.count == 2, let from = ends[0], let to = ends[1], from < to,
                from >= all.last?.to ?? 0
            else { throw fault }
            all.append(Hours(from: from, to: to))
        }
        return all
    }

    private static func time(_ text: String) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard text.utf8.count == 5, parts.count == 2,
            parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }),
            let hours = Int64(parts[0]),
            let minutes = Int64(parts[1]), (0...24).contains(hours), (0...59).contains(minutes),
            hours < 24 || minutes == 0
        else { return nil }
        return (hours * 60 + minutes) * 60_000
    }

    func hours(on date: CalendarDate) -> [Hours] {
        exceptions[date] ?? week[date.weekday - 1]
    }

    /// How much of a stretch of time lies within business hours, in milliseconds.
    ///
    /// Complexity: O(days between).
    func business(from: Timestamp, to: Timestamp, _ zone: some ZoneOffsets) -> Int64 {
        guard from < to else { return 0 }
        var sum: Int64 = 0
        let last = CalendarDate(of: to, zone)
        var date = CalendarDate(of: from, zone)
        while date <= last {
            for hours in hours(on: date) {
                let start = max(from, date.moment(hours.from, zone))
                let end = min(to, date.moment(hours.to, zone))
                if start < end { sum += end - start }
            }
            date.day += 1
        }
        return sum
    }
}
