import Client
import DaemonTesting
import Foundation
import RESP
import Testing

extension AnonymousBankTests {
    @Test(
        "a month's figures do not move when customers of it are erased, nor when all is folded anew"
    )
    func erased() throws {
        let arguments = ["--set", "access.rules=user:\(geteuid())=privacy"]
        let daemon = try DaemonProcess()
        try #require(try daemon.start(arguments: arguments))
        _ = try importMonths(["1999-01-january"], into: daemon)
        var connection = try daemon.connect()
        let (from, to) = Self.bounds(of: "1999-01")
        let season = try connection.call(
            "APPEND", "definition.set", "source", "ops", "id", "january", "kind", "season", "key",
            "january", "version", "1", "body", "{\"from\":\"\(from)\",\"to\":\"\(to)\"}")
        let head = try #require(season.integerValue, "\(season)")
        var list: [[String: Any]] = []
        // A slow machine folds a month for more than a minute.
        for _ in 0..<Totals.attemptsMax where list.isEmpty {
            let reply = try connection.call("QUEUES", "AFTER", "\(head)", "WITHIN", "60000")
            if case .error("STALE", _) = reply { continue }
            let seen = try JSONSerialization.jsonObject(with: Data((reply.text ?? "").utf8))
            list = (seen as? [String: Any])?["queues"] as? [[String: Any]] ?? []
            try #require(!list.isEmpty, "\(reply)")
        }
        let queues = list.compactMap { $0["queue"] as? String }
        try #require(!queues.isEmpty)
        func totals() throws -> Totals {
            try Totals(
                of: daemon, from: from, to: to, season: "january", queues: queues,
                moments: ["50000"])
        }
        let before = try totals()
        let figures = try figures(of: "1999-01", daemon)
        let events = try connection.call(
            "EVENTS", "FROM", "1", "COUNT", "500", "TYPE", "interaction.created")
        var people: Set<String> = []
        for document in events.elements?.last?.elements ?? [] where people.count < 5 {
            let event = Figure(
                value: try JSONSerialization.jsonObject(with: Data((document.text ?? "").utf8)))
            if let value = event["identifiers"][0]["value"].text { people.insert("crm:\(value)") }
        }
        try #require(people.count == 5)
        for person in people.sorted() {
            let answer = try daemon.document("ERASE", person, "REASON", "asked")
            #expect((answer["events"] as? Int ?? 0) > 0)
        }
        let hidden = try totals()
        #expect(hidden.differences(from: before).isEmpty, "\(hidden.differences(from: before))")
        var (next, done) = (1, 0)
        while done < people.count {
            let reply = try connection.call(
                "EVENTS", "FROM", "\(next)", "TYPE", "customer.erasureCompleted", "WAIT", "60000")
            let page = try #require(reply.elements)
            next = Int(page[0].integerValue ?? 0)
            done += page[1].elements?.count ?? 0
        }
        let after = try totals()
        #expect(after.differences(from: before).isEmpty, "\(after.differences(from: before))")
        #expect(daemon.stop() == 0)
        try FileManager.default.removeItem(atPath: daemon.store + "/views")
        try #require(try daemon.start(arguments: arguments))
        let anew = try totals()
        #expect(anew.differences(from: before).isEmpty, "\(anew.differences(from: before))")
        #expect(try sameFigures(try self.figures(of: "1999-01", daemon), figures))
        #expect(daemon.stop() == 0)
    }
}
