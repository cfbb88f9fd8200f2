import Client
import DaemonTesting
import Foundation
import RESP
import Testing

@Suite("An erased person does not come back by old events")
struct SuppressionTests {
    private static let arguments = [
        "--segment-events", "50", "--stride-bytes", "1000", "--set",
        "access.rules=user:\(geteuid())=privacy",
    ]
    private static let off = arguments + ["--set", "privacy.suppression=false"]

    /// A daemon that knows Ana and Bob, who wrote and called last spring.
    private struct Shop {
        let daemon: DaemonProcess

        init() throws {
            daemon = try DaemonProcess()
            try #require(try daemon.start(arguments: SuppressionTests.arguments))
            for (id, who) in ["phone:+34911777001", "phone:+34911000002"].enumerated() {
                let stored = try append(
                    "first-\(id)",
                    [
                        "customer:verified", who, "customer:verified",
                        "email:\(id == 0 ? "ana" : "bob")@example.test", "interaction", "i-\(id)",
                    ])
                #expect(stored.integerValue == Int64(id + 1))
            }
        }

        func append(
            _ id: String, occurred: String? = "2026-03-02T09:00:00Z", _ words: [String]
        ) throws -> Reply {
            var connection = try daemon.connect()
            let when = occurred.map { ["occurred", $0] } ?? []
            return try connection.call(
                ["APPEND", "visit.noted", "source", "shop", "id", id] + when + words)
        }

        func eraseAna() throws {
            let answer = try daemon.document("ERASE", "email:ana@example.test", "REASON", "asked")
            #expect(answer["events"] as? Int == 1)
        }

        func info(_ name: String) throws -> String? {
            var connection = try daemon.connect()
            let lines = (try connection.call("INFO", "privacy").text ?? "").split(
                whereSeparator: \.isNewline)
            return lines.first { $0.hasPrefix(name + ":") }
                .map { String($0.dropFirst(name.count + 1)) }
        }

        /// Old events that name Ana are refused, everything else is taken.
        func expectSuppressed(_ round: String) throws {
            let refused = [
                ["customer", "phone:+34911777001"], ["customer", "phone:+34 911 777 001"],
                ["customer", "email:ana@EXAMPLE.test"], ["interaction", "i-0"],
                ["customer", "crm:77", "recipient", "email:ana@example.test"],
            ]
            for (number, words) in refused.enumerated() {
                let reply = try append("\(round)-old-\(number)", words)
                #expect("\(reply)".contains("ERASED"), "\(words): \(reply)")
                #expect(!"\(reply)".contains("911777001") && !"\(reply)".contains("example"))
            }
            let taken: [(String?, [String])] = [
                ("2026-03-02T09:00:00Z", ["customer", "phone:+34911000002"]),
                ("2026-03-02T09:00:00Z", ["interaction", "i-1"]),
                (nil, ["customer", "crm:81"]),
            ]
            for (number, (occurred, words)) in taken.enumerated() {
                let reply = try append("\(round)-new-\(number)", occurred: occurred, words)
                #expect(reply.integerValue != nil, "\(words): \(reply)")
            }
        }
    }

    private func batch(_ shop: Shop) throws -> Reply {
        var connection = try shop.daemon.connect()
        let events = [["crm:5", "b-1"], ["phone:+34911777001", "b-2"]].map { who in
            [
                "visit.noted", "source", "shop", "id", who[1], "occurred", "2026-03-02T09:00:00Z",
                "customer", who[0],
            ]
        }
        return try connection.call(
            ["APPENDBATCH", "2"] + events.flatMap { ["\($0.count)"] + $0 })
    }

    @Test("what occurred before is refused, whatever names them; later contacts start anew")
    func refused() throws {
        let shop = try Shop()
        #expect(try shop.info("suppressed_names") == "0")
        try shop.eraseAna()
        try shop.expectSuppressed("live")
        #expect(try shop.info("suppressed_names") == "3")
        #expect(try shop.info("suppressed_events") == "5")
        // What the log knows is known, and said so.
        let known = try shop.append("first-0", ["customer", "phone:+34911777001"])
        #expect(known.elements?.last?.text == "ERASED", "\(known)")
        // Of a batch nothing is stored.
        let head = try shop.daemon.document("PROJECTIONS")["position"] as? Int
        #expect("\(try batch(shop))".contains("ERASED"))
        #expect(try shop.daemon.document("PROJECTIONS")["position"] as? Int == head)
        let later = try shop.append("later", occurred: nil, ["customer", "phone:+34911777001"])
        let position = try #require(later.integerValue)
        let card = try shop.daemon.document(
            "CUSTOMER", "phone:+34911777001", "AFTER", "\(position)", "WITHIN", "60000")
        #expect(card["customer"] as? String == "c_\(position)")
        #expect(shop.daemon.stop() == 0)
    }

    @Test("a restart and a kill keep it; switched off everything is taken again")
    func restarted() throws {
        let shop = try Shop()
        try shop.eraseAna()
        shop.daemon.killNow()
        try #require(try shop.daemon.start(arguments: Self.arguments))
        try shop.expectSuppressed("killed")
        #expect(shop.daemon.stop() == 0)
        try #require(try shop.daemon.start(arguments: Self.arguments))
        try shop.expectSuppressed("stopped")
        #expect(shop.daemon.stop() == 0)
        try #require(try shop.daemon.start(arguments: Self.off))
        #expect(try shop.info("suppression") == "off")
        #expect(
            try shop.append("off", ["customer", "phone:+34911777001"]).integerValue != nil)
        #expect(shop.daemon.stop() == 0)
    }

    @Test("killed on either side of the commit, it is in force where the erasure is")
    func killed() throws {
        for (failpoint, isErased) in [("log.staged", false), ("log.committed", true)] {
            let shop = try Shop()
            #expect(shop.daemon.stop() == 0)
            try #require(
                try shop.daemon.start(failpoint: failpoint, arguments: Self.arguments))
            #expect(throws: ClientError.self) { try shop.eraseAna() }
            #expect(shop.daemon.waitUntilKilled(), "\(failpoint) was not passed")
            try #require(try shop.daemon.start(arguments: Self.arguments))
            if isErased {
                try shop.expectSuppressed("killed")
            } else {
                let reply = try shop.append("again", ["customer", "phone:+34911777001"])
                #expect(reply.integerValue != nil, "\(failpoint): \(reply)")
            }
            #expect(shop.daemon.stop() == 0)
        }
    }

    @Test("a store restored from before the erasure refuses what its producers send again")
    func restored() throws {
        let shop = try Shop()
        let daemon = shop.daemon
        #expect(daemon.stop() == 0)
        #expect(try daemon.start(arguments: ErasedShop.sizes))
        let made = try daemon.tool(["backup", "old"])
        #expect(made.code == 0, "\(made.error)")
        #expect(daemon.stop() == 0)
        #expect(try daemon.start(arguments: Self.arguments))
        let since = ["customer", "phone:+34911777001", "words", "since the backup"]
        #expect(try shop.append("since", since).integerValue == 3)
        _ = try daemon.document("ERASE", "email:ana@example.test", "REASON", "asked")
        #expect(daemon.stop() == 0)
        let (backups, target) = (daemon.store + ".backups", daemon.folder.path + "/restored")
        let restored = try daemon.tool([
            "restore", backups + "/old", target, "--erasures", backups + "/erasures.ledger",
        ])
        #expect(restored.code == 0, "\(restored.error)")
        try FileManager.default.removeItem(atPath: daemon.store)
        try FileManager.default.moveItem(atPath: target, toPath: daemon.store)
        #expect(try daemon.start(arguments: Self.arguments))
        let again = try shop.append("since", since)
        #expect("\(again)".contains("ERASED"), "\(again)")
        #expect(daemon.stop() == 0)
    }

    @Test("an import counts them, keeps them nowhere and goes on")
    func imported() throws {
        let shop = try Shop()
        try shop.eraseAna()
        let lines = (0..<40).map { number in
            let who = number % 4 == 0 ? "phone:+34911777001" : "phone:+3491155\(1_000 + number)"
            return """
                {"specversion":"1.0","id":"old-\(number)","source":"crm","type":"visit.noted",\
                "time":"2026-03-02T09:00:00Z","data":{"identifiers":[{"kind":"phone","value":\
                "\(who.dropFirst(6))","role":"customer","strength":"stated"}],"attributes":{}}}
                """
        }
        let file = shop.daemon.folder.path + "/old.ndjson"
        try (lines.joined(separator: "\n") + "\n").write(
            toFile: file, atomically: true, encoding: .utf8)
        let (code, output, error) = try shop.daemon.tool(["import", "--json", file])
        #expect(code == 0, "\(output)\(error)")
        // The last one says that the import is complete.
        #expect(output.contains("\"events_stored\":31"), "\(output)")
        #expect(output.contains("\"events_suppressed\":10"), "\(output)")
        #expect(output.contains("\"dead_letters\":0"), "\(output)")
        for path in FileManager.default.subpaths(atPath: shop.daemon.folder.path) ?? []
        where path != "old.ndjson" {
            let bytes = FileManager.default.contents(
                atPath: shop.daemon.folder.path + "/" + path)
            guard path.contains("dead") || path.contains("suppression") else { continue }
            #expect(bytes?.range(of: Data("911777001".utf8)) == nil, "\(path)")
        }
        #expect(shop.daemon.stop() == 0)
    }
}
