import DaemonTesting
import Foundation
import Testing

extension AnonymousBankTests {
    func expectMonth(_ month: String, _ row: Figure, _ truth: Figure) throws {
        let excluded = row["excluded"]["test"].integer ?? 0
        #expect((row["contacts"].integer ?? 0) + excluded == truth["rows"].integer, "\(month)")
        #expect(excluded == truth["phantom"].integer, "\(month)")
        #expect(row["offered"].integer == truth["offered"].integer, "\(month)")
        #expect(row["answered"].integer == truth["answered"].integer, "\(month)")
        #expect(row["abandoned"].integer == truth["abandoned_in_queue"].integer, "\(month)")
        #expect(row["abandoned_before_queue"].integer == truth["left_in_vru"].integer, "\(month)")
        #expect(
            row["abandonment_rate"].rounded(6) == truth["abandonment_rate_of_offered"].number,
            "\(month)")
        #expect(
            Figure(value: row["wait_answered"]["mean_ms"].number.map { $0 / 1_000 }).rounded(4)
                == truth["average_speed_of_answer_s"].number, "\(month)")
        #expect(
            row["targets"][0]["service_level"]["offered"].rounded(6) == truth["sl20_A"].number,
            "\(month)")
        #expect(
            Figure(value: row["service"]["mean_ms"].number.map { $0 / 1_000 }).rounded(4)
                == truth["mean_service_s"].number, "\(month)")
    }

    /// One line of the truth over all seven months, for all queues or one.
    func expectScope(_ daemon: DaemonProcess, _ truth: Figure, queue: String?) throws {
        let name = queue ?? "all"
        let row = try metrics(
            daemon, from: Self.bounds(of: "1999-01").from, to: Self.bounds(of: "1999-07").to,
            queue.map { ["QUEUE", $0] } ?? [])["rows"][0]
        let excluded = row["excluded"]["test"].integer ?? 0
        #expect((row["contacts"].integer ?? 0) + excluded == truth["rows"].integer, "\(name)")
        #expect(excluded == truth["phantom"].integer, "\(name)")
        #expect(row["offered"].integer == truth["offered"].integer, "\(name)")
        #expect(row["answered"].integer == truth["answered"].integer, "\(name)")
        #expect(row["abandoned"].integer == truth["abandoned_in_queue"].integer, "\(name)")
        #expect(row["abandoned_before_queue"].integer == truth["left_in_vru"].integer, "\(name)")
        expectDistribution(
            row["wait_answered"], truth["wait_answered_all(ASA: 0 when not queued)"], name)
        expectDistribution(
            row["wait_answered_queued_only"], truth["wait_answered_queued_only"], name)
        expectDistribution(row["wait_abandoned"], truth["wait_abandoned"], name)
        expectDistribution(row["service"], truth["service_time_AGENT_with_interval"], name)
        for (index, key) in ["service_level_20s", "service_level_30s"].enumerated() {
            expectLevel(row["targets"][index], truth[key], name)
        }
    }

    /// n, sum, mean, deviation, least, greatest, median and 90th percentile by nearest rank.
    private func expectDistribution(_ ours: Figure, _ truth: Figure, _ name: String) {
        #expect(ours["n"].integer == truth["n"].integer, "\(name)")
        guard truth["n"].integer != 0 else { return }
        #expect(ours["sum_ms"].seconds == truth["sum"].integer, "\(name)")
        #expect(ours["min_ms"].seconds == truth["min"].integer, "\(name)")
        #expect(ours["max_ms"].seconds == truth["max"].integer, "\(name)")
        #expect(ours["p50_ms"].seconds == truth["median_nearest_rank"].integer, "\(name)")
        #expect(ours["p90_ms"].seconds == truth["p90_nearest_rank"].integer, "\(name)")
        let mean = Figure(value: ours["mean_ms"].number.map { $0 / 1_000 })
        #expect(mean.rounded(4) == truth["mean"].number, "\(name)")
        let deviation = Figure(value: ours["sd_ms"].number.map { $0 / 1_000 })
        #expect(deviation.rounded(4) == truth["sd_sample"].number, "\(name)")
    }

    private func expectLevel(_ target: Figure, _ truth: Figure, _ name: String) {
        #expect(target["answered_within"].integer == truth["answered_within_le"].integer, "\(name)")
        #expect(target["answered_below"].integer == truth["answered_within_lt"].integer, "\(name)")
        #expect(
            target["abandoned_below"].integer == truth["short_abandons_lt"].integer, "\(name)")
        let levels = target["service_level"]
        #expect(
            levels["offered"].rounded(6) == truth["A_answered_le_N_over_offered"].number, "\(name)")
        #expect(
            levels["answered"].rounded(6) == truth["D_answered_le_N_over_answered"].number,
            "\(name)")
        guard let within = target["answered_within"].number,
            let shortAbandons = target["abandoned_below"].number,
            let expected = truth["B_answered_le_N_over_offered_minus_abandons_lt_N"].number
        else { return }
        let offered = within / (levels["offered"].number ?? .nan)
        let ours = Figure(value: within / (offered.rounded() - shortAbandons))
        #expect(ours.rounded(6) == expected, "\(name)")
    }

    /// The greatest numbers waiting and in service, day by day.
    func expectPeaks(_ daemon: DaemonProcess, month: String, _ truth: Figure) throws {
        let (from, to) = Self.bounds(of: month)
        let days = try metrics(daemon, from: from, to: to, ["BY", "day"])["rows"].list
        var compared = 0
        for (date, peaks) in truth["max_simultaneous"]["per_day"].object where date.hasPrefix(month)
        {
            let day = try #require(Int(date.suffix(2)))
            let expected = Figure(value: peaks)
            // A day without a call after the last one has no row; every day of the truth has calls.
            let row = try #require(days.indices.contains(day - 1) ? days[day - 1] : nil, "\(date)")
            #expect(row["max_waiting"].integer ?? 0 == expected[0].integer, "\(date) waiting")
            #expect(row["max_in_service"].integer ?? 0 == expected[1].integer, "\(date) in service")
            compared += 1
        }
        #expect(compared > 20)
    }

    func expectBusiest(_ daemon: DaemonProcess, _ truth: Figure) throws {
        let from = Self.bounds(of: "1999-01").from
        let to = Self.bounds(of: "1999-07").to
        let hours = try metrics(daemon, from: from, to: to, ["BY", "hour"])["rows"].list
        let busiest = try #require(
            hours.max { ($0["offered"].integer ?? 0) < ($1["offered"].integer ?? 0) })
        #expect(busiest["offered"].integer == truth["busiest_single_hour"]["offered"].integer)
        // 22:00 local on 23 May is 19:00 UTC.
        #expect(busiest["from"].text == "1999-05-23T19:00:00.000Z")
        let all = try metrics(daemon, from: from, to: to)["rows"][0]
        let peaks = truth["max_simultaneous"]
        #expect(all["max_waiting"].integer == peaks["waiting_excl_phantom"].integer)
        #expect(all["max_in_service"].integer == peaks["in_service_AGENT"].integer)
        let days = try metrics(daemon, from: from, to: to, ["BY", "day"])["rows"].list
        let busiestDay = days.compactMap { $0["offered"].integer }.max()
        #expect(busiestDay == truth["busiest_day"]["offered"].integer)
    }

    func expectNobodyWaits(_ daemon: DaemonProcess) throws {
        let head = try #require(try head(daemon))
        let queues = Figure(
            value: try daemon.document("QUEUES", "AFTER", "\(head)", "WITHIN", "60000"))["queues"]
            .list
        #expect(!queues.isEmpty)
        for queue in queues {
            #expect(queue["waiting_count"].integer == 0, "\(queue["queue"].text ?? "?")")
            #expect(queue["in_service_count"].integer == 0, "\(queue["queue"].text ?? "?")")
        }
    }
}
