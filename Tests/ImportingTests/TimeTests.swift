import EventModel
import Foundation
import TestSupport
import Testing

@testable import Importing

@Suite("dates, clocks and zones of a table")
struct TimeTests {
    private func read(_ value: String, _ pattern: String, century: Int = 1900) throws -> [Int]? {
        let pattern = try #require(TimePattern(pattern))
        return withBytes(value) { pattern.read($0, century: century) }.map {
            [$0.year, $0.month, $0.day, $0.secondOfDay, $0.millisecond]
        }
    }

    @Test("patterns read what they say and nothing else")
    func patterns() throws {
        #expect(try read("990531", "YYMMDD") == [1999, 5, 31, 0, 0])
        #expect(try read("000101", "YYMMDD", century: 2000) == [2000, 1, 1, 0, 0])
        #expect(try read("9:05:07", "h:mm:ss") == [0, 1, 1, 32_707, 0])
        #expect(try read("23:59:59", "h:mm:ss") == [0, 1, 1, 86_399, 0])
        #expect(
            try read("2017-10-02 10:56:33.250", "YYYY-MM-DD hh:mm:ss.fff")
                == [2017, 10, 2, 39_393, 250])
        #expect(try read("2.3.1999T1:02", "D.M.YYYYTh:mm") == [1999, 3, 2, 3_720, 0])
        for bad in ["24:00:00", "9:60:00", "9:5:07", "", "9:05:07 ", "-9:05:07", "9:05"] {
            #expect(try read(bad, "h:mm:ss") == nil, "\(bad)")
        }
    }

    @Test("patterns that say something twice or with strange letters are refused")
    func badPatterns() {
        for pattern in ["YYYYYY", "h:h", "HH:MM", "x", "ddd", "é"] {
            #expect(TimePattern(pattern) == nil, "\(pattern)")
        }
    }

    private func local(_ text: String) throws -> Int {
        Int(try #require(Timestamp(rfc3339: text + "Z")).rawValue / 1_000)
    }

    private func utc(_ local: Int, _ zone: inout Zone) -> String {
        Timestamp(milliseconds: Int64(zone.utcSeconds(local: local)) * 1_000).rfc3339
    }

    @Test("Jerusalem in 1999: winter, summer, the skipped hour and the hour that comes twice")
    func jerusalem() throws {
        var zone = try #require(Zone(named: "Asia/Jerusalem"))
        let cases = [
            ("1999-01-01T00:00:31", "1998-12-31T22:00:31.000Z"),
            ("1999-04-02T01:59:59", "1999-04-01T23:59:59.000Z"),
            ("1999-04-02T02:00:00", "1999-04-02T00:00:00.000Z"),
            ("1999-04-02T02:30:00", "1999-04-02T00:30:00.000Z"),
            ("1999-04-02T03:00:00", "1999-04-02T00:00:00.000Z"),
            ("1999-07-31T23:56:34", "1999-07-31T20:56:34.000Z"),
            ("1999-09-03T00:59:59", "1999-09-02T21:59:59.000Z"),
            ("1999-09-03T01:30:00", "1999-09-02T22:30:00.000Z"),
            ("1999-09-03T02:00:00", "1999-09-03T00:00:00.000Z"),
        ]
        for (text, expected) in cases + cases.reversed() {
            #expect(utc(try local(text), &zone) == expected, "\(text)")
        }
    }

    @Test("a zone that does not exist is nil")
    func unknownZone() { #expect(Zone(named: "Asia/Atlantis") == nil) }

    @Test(
        "every moment that a zone's clocks show once comes back from its local time",
        arguments: [
            "Europe/Madrid", "America/Sao_Paulo", "Asia/Seoul", "Australia/Lord_Howe", "UTC",
        ])
    func againstFoundation(name: String) throws {
        let seed: UInt64 = 20_261_127
        var random = SeededGenerator(seed: seed)
        let reference = try #require(TimeZone(identifier: name))
        var zone = try #require(Zone(named: name))
        for _ in 0..<2_000 {
            let moment = Int.random(in: -500_000_000...2_500_000_000, using: &random)
            let offset = reference.secondsFromGMT(
                for: Date(timeIntervalSince1970: Double(moment)))
            let local = moment + offset
            let other = zone.utcSeconds(local: local)
            // Local times near a change may be shown twice; then the earlier moment is meant.
            let otherOffset = reference.secondsFromGMT(
                for: Date(timeIntervalSince1970: Double(other)))
            #expect(other + otherOffset == local, "seed \(seed): \(moment)")
            #expect(other <= moment, "seed \(seed): \(moment)")
        }
    }
}
