import Client
import DaemonTesting
import Foundation
import RESP
import TestSupport
import Testing

@Suite("FOLLOW CUSTOMER and FOLLOW QUEUE")
struct DocumentFollowTests {
    private static let seeds = (0..<3).map {
        UInt64(Date().timeIntervalSince1970 / 86_400) * 8 + $0
    }
    private static let subjects = [
        ["CUSTOMER", "crm:0"], ["CUSTOMER", "crm:1"], ["QUEUE", "billing"], ["QUEUE", "sales"],
    ]

    @Test(
        "what was pushed last is what the view shows, whatever changes and whoever breaks off",
        arguments: seeds)
    func property(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let daemon = try DaemonProcess()
        try daemon.start()
        var produced = 0
        for round in 0..<4 {
            for subject in Self.subjects {
                let follower = try DocumentFollower(daemon, subject, &generator)
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    let head = try append(
                        Int.random(in: 1...60, using: &generator), &produced, daemon, &generator)
                    // Without this several changes come as one; with it most come each.
                    guard generator.once(in: 2) else { continue }
                    try follower.catchUp(through: head, &generator)
                }
                let head = try append(1, &produced, daemon, &generator)
                try follower.catchUp(through: head, &generator)
                let shown = try shown(subject, after: head, daemon)
                let pushed = try plain(try #require(follower.document))
                #expect(
                    try pushed == plain(shown),
                    "seed \(seed), round \(round), \(subject)")
            }
            guard generator.once(in: 2) else { continue }
            daemon.killNow()
            try daemon.start()
        }
    }

    @Test("shows nobody who is erased, from the erasure's answer on")
    func erased() throws {
        let daemon = try DaemonProcess()
        try daemon.start(arguments: ["--set", "access.rules=user:\(geteuid())=privacy"])
        var connection = try daemon.connect()
        _ = try connection.call("HELLO", "3")
        for number in 1...200 {
            _ = try connection.call(
                "APPEND", "note.added", "source", "a", "id", "\(number)", "customer", "crm:1",
                "note_id", "\(number)", "text", "marked")
        }
        let card = try connection.call("CUSTOMER", "crm:1", "AFTER", "200", "WITHIN", "60000")
        #expect(card.text?.contains("crm") == true)
        // All in one, so that the views have hardly come to it.
        connection.send(["ERASE", "crm:1", "REASON", "asked"])
        connection.send(["FOLLOW", "CUSTOMER", "crm:1"])
        let receipt = try connection.receive()
        #expect(!receipt.isError, "\(receipt)")
        let follow = try connection.receive()
        #expect(follow.integerValue != nil, "\(follow)")
        let push = try #require(try connection.receive().elements)
        #expect(push[2].text == "changed")
        #expect(push[4] == .null, "\(push[4])")
        #expect(daemon.stop() == 0)
    }

    @Test(
        "who has no credit is told once that the document is another, and gets the newest for more")
    func credit() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        var reader = try daemon.connect()
        _ = try reader.call("HELLO", "3")
        #expect(try reader.call("FOLLOW", "QUEUE", "billing", "CREDIT", "1") == .integer(1))
        #expect(try reader.receive() == Self.push(1, "changed", .integer(0), .null))
        var producer = try daemon.connect()
        for number in 1...3 {
            let reply = try producer.call(
                "APPEND", "queue.entered", "source", "t", "id", "\(number)", "interaction",
                "i-\(number)", "queue", "billing")
            #expect(reply == .integer(Int64(number)))
            _ = try producer.call("QUEUE", "billing", "AFTER", "\(number)")
            guard number == 1 else { continue }
            #expect(try reader.receive() == Self.push(1, "behind", .integer(1), .integer(1)))
        }
        #expect(try reader.call("CREDIT", "1", "1") == .integer(1))
        let changed = try #require(try reader.receive().elements)
        #expect(changed[2].text == "changed" && changed[3] == .integer(3))
        #expect(try #require(changed[4].text).contains("\"waiting_count\":3,"))
    }

    private static func push(_ id: Int64, _ kind: String, _ rest: Reply...) -> Reply {
        .push([.bulk(Array("follow".utf8)), .integer(id), .bulk(Array(kind.utf8))] + rest)
    }

    /// Appends events that change one of the documents, or none; returns the last position.
    private func append(
        _ count: Int, _ produced: inout Int, _ daemon: DaemonProcess,
        _ generator: inout SeededGenerator
    ) throws -> Int64 {
        var connection = try daemon.connect()
        var last: Int64 = 0
        for _ in 0..<count {
            produced += 1
            let interaction = "i-\(Int.random(in: 0..<12, using: &generator))"
            let customer = "crm:\(Int.random(in: 0..<3, using: &generator))"
            let queue = generator.pick(["billing", "sales", "other"])
            let event: [String] =
                switch Int.random(in: 0..<7, using: &generator) {
                case 0:
                    [
                        "interaction.created", "interaction", interaction, "customer", customer,
                        "channel", generator.pick(["voice", "chat"]), "direction", "inbound",
                        "method", "inbound",
                    ]
                case 1: ["queue.entered", "interaction", interaction, "queue", queue]
                case 2: ["queue.left", "interaction", interaction, "reason", "withdrawn"]
                case 3:
                    ["interaction.completed", "interaction", interaction, "outcome", "resolved"]
                case 4:
                    [
                        "trait.set", "customer", customer, "name", "first_name", "value",
                        generator.pick(["Ana", "Eva", "Noa"]),
                    ]
                case 5:
                    [
                        "order.placed", "customer", customer, "order", "o-\(produced)", "total",
                        "1999 EUR",
                    ]
                default: ["demo.said", "interaction", interaction]
                }
            let reply = try connection.call(
                ["APPEND"] + event + ["source", "test", "id", "\(produced)"])
            last = try #require(reply.integerValue, "\(event): \(reply)")
        }
        return last
    }

    /// The document as the view shows it.
    private func shown(
        _ subject: [String], after head: Int64, _ daemon: DaemonProcess
    ) throws -> String {
        var connection = try daemon.connect()
        let reply = try connection.call(subject + ["AFTER", "\(head)", "WITHIN", "60000"])
        #expect(!reply.isError, "\(reply)")
        return reply.text ?? "null"
    }

    /// A document without what only time moves: the position it reflects, its moment, durations, and
    /// the sources that a followed queue leaves out.
    private func plain(_ document: String) throws -> NSObject {
        let value = try JSONSerialization.jsonObject(
            with: Data(document.utf8), options: .fragmentsAllowed)
        return try #require(Self.plain(value) as? NSObject)
    }

    private static func plain(_ value: Any) -> Any {
        switch value {
        case let object as [String: Any]:
            object.filter { key, _ in
                !key.hasSuffix("_ms")
                    && ![
                        "position", "now", "sources", "complete_until", "live",
                        "metrics_position",
                    ].contains(key)
            }.mapValues(plain)
        case let array as [Any]: array.map(plain)
        default: value
        }
    }
}
