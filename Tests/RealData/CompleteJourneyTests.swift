import Client
import DaemonTesting
import Foundation
import RESP
import Testing

/// A grocer's baskets of a year, imported through the socket, against what the lines say when they
/// are added up by other means: orders and money of each household, who came back, who stayed away.
@Suite(
    "RealData: a grocer's households",
    .enabled(
        if: JourneyTable.isThere,
        "the table is not in $THROUGHLINE_DATA/complete-journey; nothing is compared"))
struct CompleteJourneyTests {
    @Test("orders and value of each household, repeat purchase and churn are those of the table")
    func households() throws {
        let baskets = try JourneyTable.baskets()
        let daemon = try DaemonProcess()
        try daemon.start()
        let file = daemon.folder.path + "/baskets.csv"
        let lines = baskets.map {
            "\($0.name),\($0.household),\($0.store),\($0.cents),\($0.time)"
        }
        let header = "basket_id,household_id,store_id,cents,transaction_timestamp"
        try Data(([header] + lines).joined(separator: "\n").utf8).write(
            to: URL(fileURLWithPath: file))
        let run = try daemon.tool([
            "import", "--json", "--mapping", OlistTable.mapping("complete-journey-baskets"), file,
        ])
        #expect(run.code == 0, "\(run.error)")
        let summary = Figure(value: try JSONSerialization.jsonObject(with: Data(run.output.utf8)))
        #expect(summary["dead_letters"].integer == 0)
        // What nothing was paid for is no purchase (DOMAIN §6).
        let households = Dictionary(grouping: baskets, by: \.household)
            .mapValues { $0.filter { $0.cents > 0 } }
        var connection = try daemon.connect()
        let head = try #require(try connection.call("HEAD").integerValue)
        for (household, own) in households {
            let reply = try connection.call([
                "CUSTOMER", "household:\(household)", "FIELDS", "value", "AFTER", "\(head)",
                "WITHIN", "60000", "NOW", "2018-06-01T00:00:00Z",
            ])
            let text = try #require(reply.text, "\(household): \(reply)")
            let card = Figure(value: try JSONSerialization.jsonObject(with: Data(text.utf8)))
            let net = own.reduce(0) { $0 + $1.cents }
            #expect(card["value"]["orders"].integer ?? 0 == own.count, "\(household)")
            #expect(card["value"]["net"][0]["minor_units"].integer ?? 0 == net, "\(household)")
        }
        try lifecycle(households.values.map { $0.map(\.moment).sorted() }, &connection)
        try campaigns(households.mapValues { $0.map(\.moment) }, daemon, &connection)
        print("\(baskets.count) baskets of \(households.count) households")
        #expect(daemon.stop() == 0)
    }

    /// The second half of the year, told again from the moments of each household's baskets.
    private func lifecycle(_ households: [[Date]], _ connection: inout Connection) throws {
        let reply = try connection.call([
            "LIFECYCLE", "FROM", "2017-07-01T00:00:00Z", "TO", "2018-01-01T00:00:00Z", "NOW",
            "2018-06-01T00:00:00Z",
        ])
        let text = try #require(reply.text, "\(reply)")
        let told = Figure(value: try JSONSerialization.jsonObject(with: Data(text.utf8)))
        let day: TimeInterval = 86_400
        let from = try #require(JourneyTable.date("2017-07-01 00:00:00"))
        let to = try #require(JourneyTable.date("2018-01-01 00:00:00"))
        let within = households.map { $0.count { $0 >= from && $0 < to } }
        #expect(told["repeat_purchase"]["n"].integer == within.count { $0 > 0 })
        #expect(told["repeat_purchase"]["part"].integer == within.count { $0 > 1 })
        let active = households.filter { moments in
            moments.contains { $0 <= from && from.timeIntervalSince($0) <= 90 * day }
        }
        let lapsed = active.filter { moments in
            moments.contains { moment in
                let lapse = moment.addingTimeInterval(180 * day)
                return lapse >= from && lapse < to
                    && !moments.contains { $0 > moment && $0 <= lapse }
            }
        }
        #expect(told["churn"]["n"].integer == active.count)
        #expect(told["churn"]["part"].integer == lapsed.count)
        #expect(!lapsed.isEmpty)
        // Nobody had a contact: all stand under their last basket of the period.
        let rows = told["rebuy_after"].list.filter { $0["days"].integer == 90 }
        let quiet = try #require(rows.first { $0["experience"].text == "no_contact" })
        let last = households.compactMap { moments in
            moments.last { $0 >= from && $0 < to }.map { (moments, $0) }
        }
        let back = last.count { moments, moment in
            moments.contains { $0 > moment && $0 <= moment.addingTimeInterval(90 * day) }
        }
        #expect(quiet["n"].integer == last.count && quiet["part"].integer == back)
    }
}

/// Whom a campaign reached, and who of them redeemed a coupon of it, or bought while it ran.
extension CompleteJourneyTests {
    private struct Response: Equatable {
        var reached = 0
        var redeemed = 0
        var bought = 0
        var coupons = 0
    }

    private func campaigns(
        _ baskets: [String: [Date]], _ daemon: DaemonProcess, _ connection: inout Connection
    ) throws {
        let campaigns = try JourneyTable.rows("campaigns")
        let descriptions = Dictionary(
            uniqueKeysWithValues: try JourneyTable.rows("campaign_descriptions").map { ($0[0], $0) }
        )
        let redemptions = try JourneyTable.rows("coupon_redemptions")
        let reached = campaigns.map { row in
            let days = descriptions[row[0]] ?? ["", "", "", ""]
            return [
                row[0], row[1], days[1], "\(days[2]) 00:00:00", "\(days[3]) 23:59:59",
            ]
        }
        try send(
            reached, "campaign_id,household_id,campaign_type,start_time,end_time",
            "complete-journey-campaigns", daemon)
        try send(
            redemptions.enumerated().map { number, row in
                ["\(number)", row[0], row[1], row[2], "\(row[3]) 12:00:00"]
            }, "row,household_id,coupon_upc,campaign_id,redemption_time",
            "complete-journey-coupons", daemon)
        var expected: [String: Response] = [:]
        for row in reached {
            let start = try #require(JourneyTable.date(row[3]))
            let end = try #require(JourneyTable.date(row[4]))
            let own = redemptions.filter { $0[0] == row[1] && $0[2] == row[0] }
            var response = expected[row[0]] ?? Response()
            response.reached += 1
            response.coupons += own.count
            let redeemed = own.compactMap { JourneyTable.date("\($0[3]) 12:00:00") }
            if redeemed.contains(where: { $0 >= start }) { response.redeemed += 1 }
            let moments = baskets[row[1]] ?? []
            if moments.contains(where: { $0 >= start && $0 <= end }) { response.bought += 1 }
            expected[row[0]] = response
        }
        let head = try #require(try connection.call("HEAD").integerValue)
        let reply = try connection.call([
            "LIFECYCLE", "FROM", "2016-01-01T00:00:00Z", "TO", "2018-01-01T00:00:00Z", "CAMPAIGNS",
            "NOW", "2018-06-01T00:00:00Z", "AFTER", "\(head)", "WITHIN", "60000",
        ])
        let text = try #require(reply.text, "\(reply)")
        let told = Figure(value: try JSONSerialization.jsonObject(with: Data(text.utf8)))
        let campaignsTold = told["campaigns"].list
        #expect(campaignsTold.count == expected.count && expected.count == 27)
        for campaign in campaignsTold {
            let name = try #require(campaign["campaign"].text)
            let response = try #require(expected[name], "\(name)")
            #expect(campaign["coupon_response"]["n"].integer == response.reached, "\(name)")
            #expect(campaign["coupon_response"]["part"].integer == response.redeemed, "\(name)")
            #expect(campaign["purchase_response"]["n"].integer == response.reached, "\(name)")
            #expect(campaign["purchase_response"]["part"].integer == response.bought, "\(name)")
            #expect(campaign["coupons"].integer == response.coupons, "\(name)")
        }
        let all = expected.values.reduce(into: Response()) {
            $0.reached += $1.reached
            $0.redeemed += $1.redeemed
            $0.coupons += $1.coupons
        }
        #expect(all.redeemed > 0)
        print(
            "\(all.reached) times a campaign reached a household, \(all.redeemed) redeemed "
                + "\(all.coupons) coupons")
    }

    private func send(
        _ rows: [[String]], _ header: String, _ mapping: String, _ daemon: DaemonProcess
    ) throws {
        let file = "\(daemon.folder.path)/\(mapping).csv"
        let lines = [header] + rows.map { $0.joined(separator: ",") }
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: file))
        let run = try daemon.tool([
            "import", "--json", "--mapping", OlistTable.mapping(mapping), file,
        ])
        #expect(run.code == 0, "\(run.error)")
        let summary = Figure(value: try JSONSerialization.jsonObject(with: Data(run.output.utf8)))
        #expect(summary["dead_letters"].integer == 0)
    }
}

/// The lines, read by other means than the import's.
enum JourneyTable {
    struct Basket {
        let name: String
        let household: String
        let store: String
        var cents: Int
        let time: String
        let moment: Date
    }

    private static func path(_ table: String) -> String {
        let data = ProcessInfo.processInfo.environment["THROUGHLINE_DATA"] ?? ""
        return "\(data)/complete-journey/\(table).csv.zst"
    }

    private static let tables = [
        "transactions_sample", "campaigns", "campaign_descriptions", "coupon_redemptions",
    ]

    static var isThere: Bool {
        tables.allSatisfy { FileManager.default.isReadableFile(atPath: path($0)) }
    }

    /// The rows of a table, which has no quotes.
    static func rows(_ table: String) throws -> [[String]] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/zstd")
        process.arguments = ["-dcq", path(table)]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// The baskets in the order of their first lines.
    static func baskets() throws -> [Basket] {
        var baskets: [Basket] = []
        var places: [String: Int] = [:]
        for fields in try rows("transactions_sample") {
            let cents = Int(((Double(fields[5]) ?? .nan) * 100).rounded())
            if let place = places[fields[2]] {
                baskets[place].cents += cents
                continue
            }
            let time = fields[10]
            guard let moment = date(time) else { continue }
            places[fields[2]] = baskets.count
            baskets.append(
                Basket(
                    name: fields[2], household: fields[0], store: fields[1], cents: cents,
                    time: time, moment: moment))
        }
        return baskets
    }

    private static let formatter: DateFormatter = {
        let formatter = DateFormatter()
        formatter.dateFormat = "yyyy-MM-dd HH:mm:ss"
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.locale = Locale(identifier: "en_US_POSIX")
        return formatter
    }()

    static func date(_ text: String) -> Date? { formatter.date(from: text) }
}
