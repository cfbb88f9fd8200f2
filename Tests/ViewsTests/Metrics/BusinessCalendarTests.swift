import EventModel
import TestSupport
import Testing

@testable import Views

/// Business time against a loop over minutes.
@Suite struct BusinessCalendarTests {
    private static let body = """
        {"zone":"Test/Jump","hours":{"mon":["09:00-14:00","16:00-20:00"],"tue":["00:00-24:00"],
        "wed":["22:15-24:00"],"thu":["00:00-06:00"],"fri":["09:00-17:30"],"sun":["01:00-05:00"]},
        "exceptions":{"2026-10-26":[],"2026-10-24":["10:00-11:00"]}}
        """

    private static func calendar() throws -> BusinessCalendar {
        let bytes = Array(body.utf8)
        return try unsafe BusinessCalendar(bytes.span.bytes)
    }

    /// Open minutes by the text above, written out once more.
    private static func isOpen(_ moment: Timestamp, _ zone: JumpingZone) -> Bool {
        let local = moment.rawValue + zone.offsetMilliseconds(at: moment)
        let date = Timestamp.civil(days: Int(local / 86_400_000))
        let minute = local % 86_400_000 / 60_000
        if date == (2026, 10, 26) { return false }
        if date == (2026, 10, 24) { return minute >= 600 && minute < 660 }
        // 1970-01-01 was a Thursday.
        switch (local / 86_400_000 + 3) % 7 {
        case 0: return minute >= 540 && minute < 840 || minute >= 960 && minute < 1_200
        case 1: return true
        case 2: return minute >= 1_335
        case 3: return minute < 360
        case 4: return minute >= 540 && minute < 1_050
        case 6: return minute >= 60 && minute < 300
        default: return false
        }
    }

    @Test(
        "time within hours equals a loop over minutes, over both changes of clocks",
        arguments: [(2, 1), (1, 2)] as [(Int64, Int64)])
    func minutes(offsets: (Int64, Int64)) throws {
        let calendar = try Self.calendar()
        // 2026-10-25 01:00 UTC, a Sunday.
        let jump = Timestamp(milliseconds: 1_792_890_000_000)
        let zone = JumpingZone(jump: jump, before: offsets.0, after: offsets.1)
        var random = SeededGenerator(seed: 11)
        for _ in 0..<60 {
            let start = jump.advanced(
                byMilliseconds: Int64.random(in: -6_000...6_000, using: &random) * 60_000)
            let length = Int64.random(in: 0...9_000, using: &random)
            var expected: Int64 = 0
            for minute in 0..<length
            where Self.isOpen(start.advanced(byMilliseconds: minute * 60_000), zone) {
                expected += 60_000
            }
            let end = start.advanced(byMilliseconds: length * 60_000)
            #expect(
                calendar.business(from: start, to: end, zone) == expected,
                "\(start.rfc3339) + \(length) min, seed 11")
        }
    }
}
