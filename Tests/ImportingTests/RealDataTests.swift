import ContactCentre
import EventModel
import Foundation
import JSON
import Testing

@testable import Importing

/// The mapping of a bank's call-centre tables against figures that were computed from the tables
/// by other means. Needs the public data sets: see `Places.bankTables`.
@Suite("RealData: a bank's call centre")
struct RealDataTests {
    private static let noData: Comment =
        "the bank's tables are not in $THROUGHLINE_DATA/anonymous-bank; nothing is compared"
    private static let isLong = ProcessInfo.processInfo.environment["THROUGHLINE_LONG"] == "yes"
    private static let months = [
        "1999-01-january", "1999-02-february", "1999-03-march", "1999-04-april", "1999-05-may",
        "1999-06-june", "1999-07-july",
    ]

    private static var isThere: Bool { Places.bankTables != nil }

    private static func table(_ name: String) throws -> String {
        try #require(Places.bankTables) + "/\(name).txt.zst"
    }

    private static func truth() throws -> JSONValue {
        let file = try #require(Places.bankTables) + "/truth-jan-jul.json"
        let bytes = try #require(FileManager.default.contents(atPath: file))
        return try #require(try JSONValue.read(Array(bytes))["scope"])
    }

    @Test(
        "the events of a month's table have the figures of the table",
        .enabled(if: isThere, noData),
        arguments: isLong ? months : [months[0]])
    func month(name: String) throws {
        var calls = BankCalls()
        try calls.read(Self.table(name))
        let key = String(name.prefix(7))
        let truth = try #require(try Self.truth()["by_month"]?[key])
        #expect(calls.rows == truth.count("rows"))
        #expect(calls.told.answered + calls.told.abandoned == truth.count("offered"))
        #expect(calls.told.answered == truth.count("answered"))
        #expect(calls.told.abandoned == truth.count("abandoned_in_queue"))
        #expect(calls.told.leftInVRU == truth.count("left_in_vru"))
        #expect(calls.told.phantoms == truth.count("phantom"))
        #expect(calls.told.refusals == 0)
        #expect(
            truth.agrees(
                "average_speed_of_answer_s", calls.told.waitSeconds, over: calls.told.answered))
        #expect(
            truth.agrees(
                "sl20_A", calls.told.withinTwenty,
                over: calls.told.answered + calls.told.abandoned))
        // What the state machine makes of the events must be the same, and the talk, too.
        #expect(calls.folded.answered == calls.told.answered)
        #expect(calls.folded.abandoned == calls.told.abandoned)
        #expect(calls.folded.waitSeconds == calls.told.waitSeconds)
        #expect(calls.folded.abandonedWaitSeconds == calls.told.abandonedWaitSeconds)
        #expect(
            truth.agrees(
                "mean_service_s", calls.folded.serviceSeconds, over: calls.folded.services))
        #expect(calls.folded.open == 0)
        print("\(key): \(calls.events) events, \(calls.folded.anomalies) impossible steps")
    }

    @Test(
        "all months together have the figures of the whole",
        .enabled(if: isThere && isLong, "only in tools/test --long realdata, with the data sets"))
    func allMonths() throws {
        var calls = BankCalls()
        for name in Self.months { try calls.read(Self.table(name)) }
        let scope = try Self.truth()
        let all = try #require(scope["all"])
        #expect(calls.rows == scope.count("rows"))
        #expect(calls.told.answered == all.count("answered"))
        #expect(calls.told.abandoned == all.count("abandoned_in_queue"))
        let answered = try #require(all["wait_answered_all(ASA: 0 when not queued)"])
        #expect(calls.told.waitSeconds == answered.count("sum"))
        let abandoned = try #require(all["wait_abandoned"])
        #expect(calls.told.abandonedWaitSeconds == abandoned.count("sum"))
        #expect(
            calls.told.customers.count == scope.count("distinct_identified_customers_all_rows"))
        let hours = try #require(scope["offered_by_hour_of_day(vru_entry)"])
        for hour in 0..<24 { #expect(calls.told.offeredByHour[hour] == hours.count("\(hour)")) }
    }

    @Test(
        "no call spans the change of the clocks, so that differences are those of the clocks",
        .enabled(if: isThere, noData))
    func clockChange() throws {
        var calls = BankCalls()
        try calls.read(Self.table(Self.months[3]), onlyRows: 4_000)
        let change = try #require(Timestamp(rfc3339: "1999-04-02T00:00:00Z")).rawValue
        #expect(calls.spans.contains { $0.contains(change) } == false)
    }
}

extension JSONValue {
    fileprivate func count(_ name: String) -> Int? {
        if case .integer(let number) = self[name] { Int(number) } else { nil }
    }

    /// Whether a quotient is the number that stands there, to the last digit it is written with.
    fileprivate func agrees(_ name: String, _ sum: Int, over count: Int) -> Bool {
        let text: String
        switch self[name] {
        case .number(let digits): text = digits
        case .integer(let number): text = "\(number)"
        default: return false
        }
        guard let value = Double(text), count > 0 else { return false }
        let decimals = text.split(separator: ".").dropFirst().first?.count ?? 0
        let tolerance = 0.5 * pow(10, -Double(max(decimals, 3))) + 1e-9
        return abs(value - Double(sum) / Double(count)) <= tolerance
    }
}
