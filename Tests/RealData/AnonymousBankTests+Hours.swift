import Client
import DaemonTesting
import Foundation
import RESP
import Testing

extension AnonymousBankTests {
    /// By priority, which `queue.entered` says, month by month: what the truth counts in all of them.
    ///
    /// Who left before a queue, and virtual calls, have told no priority: those rows of the truth are not
    /// compared.
    func expectPriorities(_ daemon: DaemonProcess, _ truth: Figure) throws {
        let names = ["offered", "answered", "abandoned"]
        var sums: [String: [String: Int]] = [:]
        for month in truth["by_month"].object.keys.sorted() {
            let (from, to) = Self.bounds(of: month)
            for row in try metrics(daemon, from: from, to: to, ["PER", "priority"])["rows"].list {
                let priority = row["priority"].text ?? "?"
                for name in names {
                    sums[priority, default: [:]][name, default: 0] += row[name].integer ?? 0
                }
                let wait = row["wait_answered"]
                let queued = row["wait_answered_queued_only"]["n"].integer ?? 0
                sums[priority, default: [:]]["wait", default: 0] += wait["sum_ms"].seconds ?? 0
                sums[priority, default: [:]]["queued", default: 0] += queued
            }
        }
        for (priority, object) in truth["by_priority"].object {
            let expected = Figure(value: object)
            let ours = try #require(sums[priority], "\(priority)")
            #expect(ours["offered"] == expected["offered"].integer, "\(priority)")
            #expect(ours["answered"] == expected["answered"].integer, "\(priority)")
            #expect(ours["abandoned"] == expected["abandoned_in_queue"].integer, "\(priority)")
            #expect(ours["queued"] == expected["answered_after_queueing"].integer, "\(priority)")
            let offered = Double(ours["offered"] ?? 0)
            #expect(
                Figure(value: Double(ours["abandoned"] ?? 0) / offered).rounded(6)
                    == expected["abandonment_rate_of_offered"].number, "\(priority)")
            #expect(
                Figure(value: Double(ours["wait"] ?? 0) / Double(ours["answered"] ?? 0))
                    .rounded(4) == expected["average_speed_of_answer_s"].number, "\(priority)")
        }
    }

    /// Offered calls by the hour of the bank's day, and what is read off that.
    func expectHours(_ daemon: DaemonProcess, _ truth: Figure) throws {
        let from = Self.bounds(of: "1999-01").from
        let to = Self.bounds(of: "1999-07").to
        let zone = try #require(TimeZone(identifier: "Asia/Jerusalem"))
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let format = ISO8601DateFormatter()
        format.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        func moment(_ figure: Figure) throws -> Date {
            let text = try #require(figure.text)
            return try #require(format.date(from: text))
        }
        var hours = [Int](repeating: 0, count: 24)
        for row in try metrics(daemon, from: from, to: to, ["BY", "hour"])["rows"].list {
            hours[calendar.component(.hour, from: try moment(row["from"]))] +=
                row["offered"].integer ?? 0
        }
        let expected = truth["offered_by_hour_of_day(vru_entry)"]
        for hour in 0..<24 {
            #expect(hours[hour] == expected["\(hour)"].integer ?? 0, "\(hour)")
        }
        let busiest = truth["busiest_hour_of_day"]
        #expect(hours.max() == busiest["offered"].integer)
        #expect(hours.firstIndex(of: hours.max() ?? 0) == busiest["hour"].integer)
        let local = DateFormatter()
        local.locale = Locale(identifier: "en_US_POSIX")
        local.timeZone = zone
        local.dateFormat = "yyyy-MM-dd"
        let days = try metrics(daemon, from: from, to: to, ["BY", "day"])["rows"].list
        let day = try #require(
            days.max { ($0["offered"].integer ?? 0) < ($1["offered"].integer ?? 0) })
        #expect(local.string(from: try moment(day["from"])) == truth["busiest_day"]["date"].text)
        // When the most were first there.
        let all = try metrics(daemon, from: from, to: to)["rows"][0]
        let peaks = truth["max_simultaneous"]
        local.dateFormat = "yyyy-MM-dd'T'HH:mm:ss"
        #expect(
            local.string(from: try moment(all["max_waiting_at"])) == peaks["first_reached_at"].text)
        #expect(
            local.string(from: try moment(all["max_in_service_at"]))
                == peaks["in_service_first_reached_at"].text)
    }

    /// What is divided otherwise: below the target, without short abandons, with those who left before.
    func expectVariants(_ daemon: DaemonProcess, _ truth: Figure, queue: String?) throws {
        let from = Self.bounds(of: "1999-01").from
        let to = Self.bounds(of: "1999-07").to
        let conditions = queue.map { ["QUEUE", $0] } ?? []
        let row = try metrics(daemon, from: from, to: to, conditions)["rows"][0]
        let name = queue ?? "all"
        let lost = (row["abandoned"].number ?? 0) + (row["abandoned_before_queue"].number ?? 0)
        let all = (row["offered"].number ?? 0) + (row["abandoned_before_queue"].number ?? 0)
        #expect(
            Figure(value: lost / all).rounded(6)
                == truth["abandonment_rate_incl_vru_leavers"].number, "\(name)")
        guard row["offered"].integer != 0 else { return }
        for (index, seconds) in [20, 30].enumerated() {
            let expected = truth["service_level_\(seconds)s"]
            let below = (row["targets"][index]["answered_below"].number ?? .nan)
            #expect(
                Figure(value: below / (row["offered"].number ?? .nan)).rounded(6)
                    == expected["C_answered_lt_N_over_offered"].number, "\(name)")
            var connection = try daemon.connect()
            let reply = try connection.call(
                [
                    "METRICS", "FROM", from, "TO", to, "ANCHOR", "created", "ONLY",
                    "sl_long_offered", "TARGET", "\(seconds)000", "SHORT", "\(seconds)000",
                ] + conditions)
            let text = try #require(reply.text, "\(reply)")
            let level = Figure(value: try JSONSerialization.jsonObject(with: Data(text.utf8)))
            #expect(
                level["rows"][0]["metrics"]["sl_long_offered"]["value"].rounded(6)
                    == expected["B_answered_le_N_over_offered_minus_abandons_lt_N"].number,
                "\(name)")
        }
    }

    /// Declares the priority that the table's calls have a dimension, before they come.
    func declarePriority(_ daemon: DaemonProcess) throws {
        var connection = try daemon.connect()
        let reply = try connection.call(
            "APPEND", "definition.set", "source", "ops", "id", "priority", "kind", "dimension",
            "key", "priority", "version", "1", "body", "{}")
        try #require(reply.integerValue != nil, "\(reply)")
    }
}
