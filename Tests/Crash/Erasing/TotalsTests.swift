import Client
import DaemonTesting
import Foundation
import RESP
import Testing

@Suite("A simulated week's figures do not move when people of it are erased")
struct TotalsTests {
    private static let arguments = [
        "--segment-events", "1000", "--stride-bytes", "65536", "--set",
        "access.rules=user:\(geteuid())=privacy",
    ]

    private static let nameBytesSearched = 9

    private func search(_ names: [String], _ daemon: DaemonProcess) throws -> FileSearch {
        try FileSearch(
            for: names, in: daemon.store,
            dictionaries: FileSearch.dictionaries(ofStore: daemon.store))
    }

    private func totals(_ daemon: DaemonProcess, _ queues: [String]) throws -> Totals {
        try Totals(
            of: daemon, from: "2026-03-02T00:00:00Z", to: "2026-03-09T00:00:00Z", season: "week",
            queues: queues, moments: ["400", "900"])
    }

    /// Identifiers of some people, each of another, once the views hold what is told of them by `head`.
    private func people(_ daemon: DaemonProcess, _ count: Int, by head: Int64) throws -> [String] {
        var connection = try daemon.connect()
        var found: [String: String] = [:]
        let reply = try connection.call(
            "EVENTS", "FROM", "1", "COUNT", "500", "TYPE", "interaction.created")
        for document in reply.elements?.last?.elements ?? [] {
            let event = try JSONSerialization.jsonObject(with: Data((document.text ?? "").utf8))
            let identifiers =
                (event as? [String: Any])?["identifiers"] as? [[String: Any]] ?? []
            guard found.count < count, let first = identifiers.first,
                let kind = first["kind"] as? String, let value = first["value"] as? String
            else { continue }
            let card = try connection.call(
                "CUSTOMER", "\(kind):\(value)", "AFTER", "\(head)", "WITHIN", "60000")
            guard let text = card.text,
                let customer =
                    (try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])?[
                        "customer"] as? String
            else { continue }
            found[customer] = "\(kind):\(value)"
        }
        return found.values.sorted()
    }

    /// Says of people in which stage they are, of some that two are one, of two of those that they are
    /// not, and what agents answered.
    ///
    /// - Returns: The last position.
    private func tell(ofPeople people: [String], _ daemon: DaemonProcess) throws -> Int {
        var connection = try daemon.connect()
        var last = 0
        func take(_ words: [String]) throws {
            let reply = try connection.call(words)
            last = Int(try #require(reply.integerValue, "\(words): \(reply)"))
        }
        for (number, person) in people.enumerated() {
            let stage = ["loyal", "building", "atRisk"][number % 3]
            try take([
                "APPEND", "stage.inferred", "source", "crm", "id", "stage-\(number)", "occurred",
                "2026-03-0\(2 + number % 4)T12:00:00Z", "customer", person, "customer_id", "c_1",
                "stage", stage, "rule", "crm",
            ])
        }
        // Nothing shows the two of a pair together: only the statement says that they are one.
        for (first, second) in [(0, 1), (2, 3), (4, 5)] {
            try take([
                "MERGE", people[first], people[second], "REASON", "a call", "ACTOR", "ops", "AFTER",
                "\(last)", "WITHIN", "60000",
            ])
        }
        try take([
            "UNMERGE", people[4], people[5], "REASON", "a mistake", "ACTOR", "ops", "AFTER",
            "\(last)", "WITHIN", "60000",
        ])
        for number in 0..<12 {
            try take([
                "APPEND", "agent.surveyAnswered", "source", "pulse", "id", "answer-\(number)",
                "occurred", "2026-03-0\(3 + number % 3)T09:00:00Z", "survey_id", "pulse", "score",
                "\(1 + number % 5)", "scale", "1-5", "drivers", "pay", "team",
                number < 11 ? "north" : "south",
            ])
        }
        return last
    }

    /// Waits until the daemon has inferred all that silence has ended: months have passed since that
    /// week. A sweep comes every five seconds once the views are up to date.
    private func waitForSweeps(_ daemon: DaemonProcess) throws {
        var connection = try daemon.connect()
        var next = try #require(try connection.call("HEAD").integerValue) + 1
        while true {
            let reply = try connection.call("EVENTS", "FROM", "\(next)", "WAIT", "15000")
            let page = try #require(reply.elements)
            guard let inferred = page[1].elements, !inferred.isEmpty else { return }
            next = page[0].integerValue ?? next
        }
    }

    private func waitUntilErased(_ count: Int, _ daemon: DaemonProcess) throws {
        var connection = try daemon.connect()
        var (next, done) = (1, 0)
        while done < count {
            let reply = try connection.call(
                "EVENTS", "FROM", "\(next)", "TYPE", "customer.erasureCompleted", "WAIT", "60000")
            let page = try #require(reply.elements)
            next = Int(page[0].integerValue ?? 0)
            done += page[1].elements?.count ?? 0
        }
    }

    @Test("before, after, and when every view is folded from the scrubbed log")
    func week() throws {
        let daemon = try DaemonProcess()
        try #require(try daemon.start(arguments: Self.arguments))
        let made = try daemon.tool([
            "simulate", "--customers", "40", "--days", "7", "--start", "2026-03-02T00:00:00Z",
        ])
        #expect(made.code == 0, "\(made.error)")
        var connection = try daemon.connect()
        let season = try connection.call(
            "APPEND", "definition.set", "source", "ops", "id", "week", "kind", "season", "key",
            "week", "version", "1", "body",
            "{\"from\":\"2026-03-02T00:00:00Z\",\"to\":\"2026-03-09T00:00:00Z\"}")
        let told = try #require(season.integerValue, "\(season)")
        let people = try people(daemon, 8, by: told)
        try #require(people.count == 8)
        let head = try tell(ofPeople: people, daemon)
        let seen = try daemon.document("QUEUES", "AFTER", "\(head)", "WITHIN", "60000")
        let list = seen["queues"] as? [[String: Any]] ?? []
        let queues = list.compactMap { $0["queue"] as? String }
        try #require(!queues.isEmpty)
        _ = try totals(daemon, queues)
        try waitForSweeps(daemon)
        let before = try totals(daemon, queues)
        let known = people.map { String($0.drop { $0 != ":" }.dropFirst()) }
        #expect(try !search(known, daemon).found.isEmpty, "the search finds nothing")
        var names: Set<String> = []
        // Two of them go with those whom they are one with.
        let erased = people.indices.filter { $0 != 1 && $0 != 3 }.map { people[$0] }
        for person in erased {
            let plan = try daemon.document("ERASE", person, "REASON", "a look", "DRYRUN")
            for name in plan["identifiers"] as? [String] ?? [] {
                names.insert(name.split(separator: ":", maxSplits: 1).last.map(String.init) ?? "")
            }
            let answer = try daemon.document("ERASE", person, "REASON", "asked")
            #expect((answer["events"] as? Int ?? 0) > 0)
        }
        let hidden = try totals(daemon, queues)
        #expect(hidden.differences(from: before).isEmpty, "\(hidden.differences(from: before))")
        try waitUntilErased(erased.count, daemon)
        let after = try totals(daemon, queues)
        #expect(after.differences(from: before).isEmpty, "\(after.differences(from: before))")
        // What is short may stand in anything.
        let marks = names.filter { $0.utf8.count >= Self.nameBytesSearched }.sorted()
        #expect(marks.count >= people.count)
        #expect(daemon.stop() == 0)
        let search = try search(marks, daemon)
        #expect(search.found.isEmpty, "\(search.found.prefix(20))")
        #expect(search.frames > 0)
        try FileManager.default.removeItem(atPath: daemon.store + "/views")
        try #require(try daemon.start(arguments: Self.arguments))
        let anew = try totals(daemon, queues)
        #expect(anew.differences(from: before).isEmpty, "\(anew.differences(from: before))")
        #expect(daemon.stop() == 0)
    }
}
