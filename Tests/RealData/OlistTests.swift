import Client
import DaemonTesting
import Foundation
import RESP
import Testing

/// A marketplace's orders and reviews, imported through the socket, against what the tables say
/// when they are read by other means: where each order stands, how late it came, how it was judged.
@Suite(
    "RealData: a marketplace's orders",
    .enabled(
        if: OlistTable.areThere,
        "the tables are not in $THROUGHLINE_DATA/olist-subset; nothing is compared"))
struct OlistTests {
    @Test("each order's delivery, lateness and scores are those of the tables")
    func orders() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        for (mapping, table) in [
            ("olist-orders", OlistTable.orders), ("olist-reviews", OlistTable.reviews),
        ] {
            let run = try daemon.tool([
                "import", "--json", "--mapping", OlistTable.mapping(mapping),
                OlistTable.path(table),
            ])
            #expect(run.code == 0, "\(run.error)")
            let summary = Figure(
                value: try JSONSerialization.jsonObject(with: Data(run.output.utf8)))
            #expect(summary["dead_letters"].integer == 0)
        }
        let orders = try OlistTable.read(OlistTable.orders)
        let scores = try scoresByOrder()
        var connection = try daemon.connect()
        let head = try #require(try connection.call("HEAD").integerValue)
        /// By the tables, and by what the cards say: orders that came late, and others that came.
        var (late, inTime) = (Judged(), Judged())
        var (lateShown, inTimeShown) = (Judged(), Judged())
        for order in orders {
            let name = order["order_id"] ?? ""
            let reply = try connection.call([
                "CUSTOMER", "olist:\(order["customer_id"] ?? "")", "FIELDS", "orders,surveys",
                "AFTER", "\(head)", "WITHIN", "60000",
            ])
            let text = try #require(reply.text, "\(name): \(reply)")
            let card = Figure(value: try JSONSerialization.jsonObject(with: Data(text.utf8)))
            let shown = card["orders"][0]
            #expect(shown["order"].text == name)
            expect(shown, order)
            let stars = card["surveys"].list.compactMap { $0["score"].integer.map(Int64.init) }
            #expect(stars.sorted() == (scores[name] ?? []).sorted(), "\(name)")
            if shown["state"].text == "delivered" {
                if shown["late_ms"].integer != nil {
                    lateShown.add(stars)
                } else {
                    inTimeShown.add(stars)
                }
            }
            guard OlistTable.isDelivered(order),
                let milliseconds = OlistTable.lateMilliseconds(order)
            else { continue }
            if milliseconds > 0 {
                late.add(scores[name] ?? [])
            } else {
                inTime.add(scores[name] ?? [])
            }
        }
        print(
            "\(orders.count) orders; \(late.orders) came late, judged \(late.mean); "
                + "\(inTime.orders) in time, judged \(inTime.mean)")
        #expect(late.orders > 0 && late.mean < inTime.mean)
        #expect(lateShown == late, "\(lateShown) \(late)")
        #expect(inTimeShown == inTime, "\(inTimeShown) \(inTime)")
        try persons(orders, scores, daemon)
        #expect(daemon.stop() == 0)
    }

    /// Says which customers are one person, behind all that they did, and asks for each of them.
    private func persons(
        _ orders: [[String: String]], _ scores: [String: [Int64]], _ daemon: DaemonProcess
    ) throws {
        let placed = Dictionary(
            uniqueKeysWithValues: orders.map {
                ($0["customer_id"] ?? "", $0["order_purchase_timestamp"] ?? "")
            })
        let customers = try OlistTable.read(OlistTable.customers)
        let file = daemon.folder.path + "/customers.csv"
        let lines = customers.map { customer in
            let id = customer["customer_id"] ?? ""
            return "\(id),\(customer["customer_unique_id"] ?? ""),\(placed[id] ?? "")"
        }
        let header = "customer_id,customer_unique_id,order_purchase_timestamp"
        try Data(([header] + lines).joined(separator: "\n").utf8).write(
            to: URL(fileURLWithPath: file))
        let run = try daemon.tool([
            "import", "--json", "--mapping", OlistTable.mapping("olist-customers"), file,
        ])
        #expect(run.code == 0, "\(run.error)")
        let ordersByCustomer = Dictionary(grouping: orders) { $0["customer_id"] ?? "" }
        let people = Dictionary(grouping: customers) { $0["customer_unique_id"] ?? "" }
            .mapValues { $0.flatMap { ordersByCustomer[$0["customer_id"] ?? ""] ?? [] } }
        var connection = try daemon.connect()
        let head = try #require(try connection.call("HEAD").integerValue)
        var ids: Set<String> = []
        for (person, own) in people {
            let reply = try connection.call([
                "CUSTOMER", "olist_person:\(person)", "FIELDS", "orders,surveys", "AFTER",
                "\(head)", "WITHIN", "60000",
            ])
            let text = try #require(reply.text, "\(person): \(reply)")
            let card = Figure(value: try JSONSerialization.jsonObject(with: Data(text.utf8)))
            ids.insert(try #require(card["customer"].text))
            let shown = card["orders"].list
            #expect(
                shown.compactMap { $0["order"].text }.sorted()
                    == own.map { $0["order_id"] ?? "" }.sorted(), "\(person)")
            for order in own {
                let name = order["order_id"] ?? ""
                let found = try #require(shown.first { $0["order"].text == name }, "\(name)")
                expect(found, order)
            }
            let stars = card["surveys"].list.compactMap { $0["score"].integer.map(Int64.init) }
            #expect(
                stars.sorted() == own.flatMap { scores[$0["order_id"] ?? ""] ?? [] }.sorted(),
                "\(person)")
        }
        // Nobody is two, and no two are one.
        #expect(ids.count == people.count)
        let several = people.values.count { $0.count > 1 }
        #expect(several > 0)
        print("\(people.count) persons, \(several) of them with several orders")
    }

    private func expect(_ shown: Figure, _ order: [String: String]) {
        let name = order["order_id"] ?? ""
        let isCancelled = order["order_status"] == "canceled"
        let isDelivered = order["order_delivered_customer_date"] != ""
        let isSent = order["order_delivered_carrier_date"] != ""
        let isPaid = order["order_approved_at"] != ""
        // A few came before they were sent, by the table's clocks: the later one counts.
        let handed = order["order_delivered_carrier_date"] ?? ""
        guard !isDelivered || order["order_delivered_customer_date"] ?? "" >= handed else {
            #expect(shown["state"].text == "sent", "\(name)")
            return
        }
        let state =
            isCancelled
            ? "cancelled"
            : isDelivered ? "delivered" : isSent ? "sent" : isPaid ? "paid" : "placed"
        if isSent, !isDelivered, isPaid, !isCancelled {
            // A few were handed over before they were approved.
            #expect(["sent", "paid"].contains(shown["state"].text), "\(name)")
        } else {
            #expect(shown["state"].text == state, "\(name)")
        }
        guard isDelivered, !isCancelled, let late = OlistTable.lateMilliseconds(order) else {
            return
        }
        #expect(shown["late_ms"].integer.map(Int64.init) == (late > 0 ? late : nil), "\(name)")
    }

    private func scoresByOrder() throws -> [String: [Int64]] {
        try OlistTable.read(OlistTable.reviews).reduce(into: [:]) { scores, review in
            let score = Int64(review["review_score"] ?? "") ?? -1
            scores[review["order_id"] ?? "", default: []].append(score)
        }
    }

    /// Orders and how they were judged.
    private struct Judged: Equatable {
        private(set) var orders = 0
        private var answers = 0
        private var sum: Int64 = 0

        var mean: Double { Double(sum) / Double(max(1, answers)) }

        mutating func add(_ scores: [Int64]) {
            orders += 1
            answers += scores.count
            sum += scores.reduce(0, +)
        }
    }
}

/// The tables, read by other means than the import's.
enum OlistTable {
    static let customers = "olist_customers_dataset"
    static let orders = "olist_orders_dataset"
    static let reviews = "olist_order_reviews_dataset"

    private static var folder: String {
        "\(ProcessInfo.processInfo.environment["THROUGHLINE_DATA"] ?? "")/olist-subset"
    }

    static func path(_ table: String) -> String { "\(folder)/\(table).csv.zst" }

    static func mapping(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../bench/mappings/\(name).toml").standardized.path
    }

    static var areThere: Bool {
        [customers, orders, reviews].allSatisfy {
            FileManager.default.isReadableFile(atPath: path($0))
        }
    }

    /// The rows by the names of their columns.
    static func read(_ table: String) throws -> [[String: String]] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/zstd")
        process.arguments = ["-dcq", path(table)]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        var rows = fields(String(decoding: data, as: UTF8.self))
        let names = rows.removeFirst()
        return rows.map { Dictionary(zip(names, $0), uniquingKeysWith: { first, _ in first }) }
    }

    /// RFC 4180, character by character.
    private static func fields(_ text: String) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        func endField() {
            row.append(String(decoding: field, as: UTF8.self))
            field = []
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted: endField()
            case UInt8(ascii: "\n") where !isQuoted:
                endField()
                rows.append(row)
                row = []
            case UInt8(ascii: "\r") where !isQuoted: break
            default: field.append(byte)
            }
        }
        return rows
    }

    /// Whether an order came, was not cancelled, and came no earlier than it was sent.
    static func isDelivered(_ order: [String: String]) -> Bool {
        let delivered = order["order_delivered_customer_date"] ?? ""
        return !delivered.isEmpty && order["order_status"] != "canceled"
            && delivered >= order["order_delivered_carrier_date"] ?? ""
    }

    /// Delivered minus promised, by the clocks as they stand in the row.
    static func lateMilliseconds(_ order: [String: String]) -> Int64? {
        let formatter = DateFormatter()
        formatter.dateFormat = "yyyy-MM-dd HH:mm:ss"
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.locale = Locale(identifier: "en_US_POSIX")
        guard let delivered = formatter.date(from: order["order_delivered_customer_date"] ?? ""),
            let promised = formatter.date(from: order["order_estimated_delivery_date"] ?? "")
        else { return nil }
        return Int64((delivered.timeIntervalSince(promised) * 1_000).rounded())
    }
}
