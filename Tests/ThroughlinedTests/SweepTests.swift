import Client
import DaemonTesting
import Foundation
import RESP
import Testing

@Suite("What silence has ended")
struct SweepTests {
    private static let longAgo = "2026-03-02T09:00:00Z"
    private static var now: String { ISO8601DateFormatter().string(from: Date()) }

    /// Tells of a call of long ago, and that the import it came with is over: at the next sweep it is
    /// ended.
    private func importCall(_ name: String, _ connection: inout Connection) throws {
        let call = try connection.call(
            "APPEND", "interaction.created", "source", "pbx", "id", name, "occurred", Self.longAgo,
            "interaction", name, "channel", "voice", "direction", "inbound", "method", "inbound")
        #expect(call.integerValue != nil, "\(call)")
        let done = try connection.call(
            "APPEND", "import.completed", "source", "pbx", "id", "\(name)-done")
        #expect(done.integerValue != nil, "\(done)")
    }

    /// Waits for the next event of a type and returns it and its position.
    private func next(
        _ type: String, from position: Int64, _ connection: inout Connection
    ) throws -> (position: Int64, event: [String: Any]) {
        var start = position
        while true {
            let reply = try connection.call(
                "EVENTS", "FROM", "\(start)", "TYPE", type, "WAIT", "60000")
            let answer = try #require(reply.elements, "\(reply)")
            if let text = answer.last?.elements?.first?.text {
                let event = try #require(
                    try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
                return (Int64(try #require(event["position"] as? Int)), event)
            }
            // Events of other types came; where none at all does, the minute is over.
            let goesOn = try #require(answer.first?.integerValue)
            try #require(goesOn > start, "no \(type) came within a minute")
            start = goesOn
        }
    }

    private func head(_ connection: inout Connection) throws -> Int64 {
        let reply = try connection.call("HEAD")
        return try #require(
            reply.integerValue ?? reply.elements?.compactMap(\.integerValue).last, "\(reply)")
    }

    @Test("is recorded once, whenever the daemon is killed, and folding anew infers nothing")
    func once() throws {
        let daemon = try DaemonProcess()
        try #require(try daemon.start(quietly: true))
        var connection = try daemon.connect()
        try importCall("c-1", &connection)
        let first = try next("interaction.inferredEnd", from: 1, &connection)
        let attributes = try #require(first.event["attributes"] as? [String: Any])
        #expect(attributes["interaction"] as? String == "c-1")
        #expect(attributes["rule"] as? String == "silence")
        #expect(first.event["source"] as? String == "throughline")
        daemon.killNow()
        try #require(try daemon.start(quietly: true))
        connection = try daemon.connect()
        // A sweep that finds the second has looked at the first again.
        try importCall("c-2", &connection)
        let second = try next(
            "interaction.inferredEnd", from: first.position + 1, &connection)
        let ended = try #require(second.event["attributes"] as? [String: Any])
        #expect(ended["interaction"] as? String == "c-2")
        // The view is folded anew from the whole log, and sweeps go on meanwhile.
        let position = try head(&connection)
        #expect(try connection.call("REBUILD", "queues").text == "OK")
        try importCall("c-3", &connection)
        let third = try next("interaction.inferredEnd", from: position + 1, &connection)
        let last = try #require(third.event["attributes"] as? [String: Any])
        #expect(last["interaction"] as? String == "c-3")
        let all = try connection.call(
            "EVENTS", "FROM", "1", "TYPE", "interaction.inferredEnd", "COUNT", "100")
        #expect(all.elements?.last?.elements?.count == 3)
    }

    @Test("the same need on another channel joins one thread, until it is split for good")
    func needs() throws {
        let daemon = try DaemonProcess()
        try #require(try daemon.start(quietly: true))
        var connection = try daemon.connect()
        func begin(_ name: String, _ channel: String, _ order: String) throws {
            let reply = try connection.call(
                "APPEND", "interaction.created", "source", "shop", "id", name, "interaction", name,
                "channel", channel, "direction", "inbound", "method", "inbound", "order", order,
                "customer:verified", "email:ana@example.com")
            #expect(reply.integerValue != nil, "\(reply)")
        }
        let rules = try connection.call(
            "APPEND", "definition.set", "source", "crm", "id", "rules", "kind", "need", "key",
            "default", "version", "1", "body", "{}")
        #expect(rules.integerValue == 1, "\(rules)")
        try begin("c-1", "voice", "o-1")
        try begin("c-2", "chat", "o-1")
        let first = try next("thread.joined", from: 1, &connection)
        let second = try next("thread.joined", from: first.position + 1, &connection)
        for (event, name) in [(first.event, "c-1"), (second.event, "c-2")] {
            let told = try #require(event["attributes"] as? [String: Any])
            #expect(told["interaction"] as? String == name)
            #expect(told["thread"] as? String == "c-1" && told["rule"] as? String == "sameOrder")
        }
        let split = try connection.call(
            "APPEND", "thread.split", "source", "crm", "id", "1", "interaction", "c-2", "thread",
            "c-1", "reason", "another matter")
        #expect(split.integerValue != nil, "\(split)")
        // A sweep that finds a third has looked at the second again.
        try begin("c-3", "messaging", "o-1")
        let third = try next("thread.joined", from: second.position + 1, &connection)
        let told = try #require(third.event["attributes"] as? [String: Any])
        #expect(told["interaction"] as? String == "c-3" && told["thread"] as? String == "c-1")
        let all = try connection.call(
            "EVENTS", "FROM", "1", "TYPE", "thread.joined", "COUNT", "100")
        #expect(all.elements?.last?.elements?.count == 3)
    }

    @Test(
        "figures of the customer base and moves by time are said once a day, where that is asked for"
    )
    func population() throws {
        let daemon = try DaemonProcess()
        try #require(try daemon.start(quietly: true))
        var connection = try daemon.connect()
        for (number, cents) in zip(1...2, [3_000, 5_000]) {
            for type in ["order.placed", "order.paid"] {
                var words = [
                    "APPEND", type, "source", "shop", "id", "\(type)-\(number)", "occurred",
                    Self.longAgo, "order", "o-\(number)", "customer:verified", "crm:\(number)",
                ]
                if type == "order.placed" { words += ["total", "\(cents) EUR"] }
                let reply = try connection.call(words)
                #expect(reply.integerValue != nil, "\(reply)")
            }
        }
        let asked = try connection.call(
            "APPEND", "definition.set", "source", "crm", "id", "stages", "kind", "stages", "key",
            "default", "version", "1", "body", #"{"publish":"daily","active_days":30}"#)
        #expect(asked.integerValue == 5, "\(asked)")
        let first = try next("stage.inferred", from: 1, &connection)
        let second = try next("stage.inferred", from: first.position + 1, &connection)
        // Last: with it the day is over.
        let said = try next("thresholds.published", from: second.position + 1, &connection)
        let told = try #require(said.event["attributes"] as? [String: Any])
        #expect(said.event["source"] as? String == "throughline" && told["n"] as? Int == 2)
        for moved in [first, second] {
            let told = try #require(moved.event["attributes"] as? [String: Any])
            #expect(told["stage"] as? String == "lapsed")
        }
        // The card names the daemon's word behind the stage.
        let card = try connection.call("CUSTOMER", "crm:2", "AFTER", "\(second.position)")
        #expect(
            card.text?.contains(#""position":\#(second.position),"by_time":true"#) == true,
            "\(card)")
        // Another process finds that it was said.
        daemon.killNow()
        try #require(try daemon.start(quietly: true))
        connection = try daemon.connect()
        try importCall("c-1", &connection)
        _ = try next("interaction.inferredEnd", from: second.position + 1, &connection)
        for (type, count) in [("thresholds.published", 1), ("stage.inferred", 2)] {
            let all = try connection.call("EVENTS", "FROM", "1", "TYPE", type, "COUNT", "100")
            #expect(all.elements?.last?.elements?.count == count, "\(type)")
        }
    }

    @Test("a feed beyond its gap is said to be silent, and to have resumed when it is heard again")
    func feeds() throws {
        let daemon = try DaemonProcess()
        try #require(try daemon.start(quietly: true))
        var connection = try daemon.connect()
        let beat = try connection.call(
            "APPEND", "source.heartbeat", "source", "acd", "id", "1", "covered_until", Self.now,
            "expected_gap_ms", "1")
        #expect(beat.integerValue != nil, "\(beat)")
        let silent = try next("source.silent", from: 1, &connection)
        let told = try #require(silent.event["attributes"] as? [String: Any])
        #expect(told["feed"] as? String == "acd")
        let again = try connection.call(
            "APPEND", "source.heartbeat", "source", "acd", "id", "2", "covered_until", Self.now,
            "expected_gap_ms", "86400000")
        #expect(again.integerValue != nil, "\(again)")
        let resumed = try next("source.resumed", from: silent.position + 1, &connection)
        let heard = try #require(resumed.event["attributes"] as? [String: Any])
        #expect(heard["feed"] as? String == "acd")
    }
}
