import Client
import DaemonTesting
import EventLog
import EventModel
import Foundation
import RESP
import Testing

@Suite("Redacting parts of events")
struct RedactionTests {
    private static let marks = ["markedtext", "markedpayload"]
    private static let pattern = "(?i)MARKED(text|payload)( of [0-9]+)?"
    private static let completion = "event.redactionCompleted"
    /// Twelve notes and twelve payloads are Ana's.
    private static let places = 24

    private func redact(
        _ shop: ErasedShop, _ more: [String] = []
    ) throws -> [String: Any] {
        var connection = try shop.daemon.connect()
        let words =
            ["REDACT", "1", "TO", "361", "PATTERN", Self.pattern, "REASON", "request 9"] + more
        let reply = try connection.call(words)
        guard let text = reply.text,
            let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        else { throw UnexpectedReply(command: "REDACT", reply: reply) }
        return object
    }

    private func expectForgotten(_ shop: ErasedShop) throws {
        let found = try shop.marksInFiles().filter { file in
            Self.marks.contains { file.hasSuffix($0) }
        }
        #expect(found.isEmpty, "\(found)")
        var reader = try StoredLog.open(store: shop.daemon.store).source.makeReader()
        var all = Data()
        try reader.events(from: Position(1)) { (event) throws(Never) in
            unsafe event.record.withUnsafeBytes { unsafe all.append(contentsOf: $0) }
            return true
        }
        for mark in Self.marks {
            #expect(all.range(of: Data(mark.utf8)) == nil, "an event says \(mark)")
        }
        // What was not asked for is there.
        #expect(all.range(of: Data("plaintext".utf8)) != nil)
        #expect(all.range(of: Data(ErasedShop.phone.utf8.dropFirst(3))) != nil)
        let (code, output, error) = try shop.daemon.tool(["verify", shop.daemon.store])
        #expect(code == 0, "\(output)\(error)")
    }

    /// What whoever asks may see.
    private func expectHidden(_ daemon: DaemonProcess) throws {
        var connection = try daemon.connect()
        let head = "\(try connection.call("HEAD").integerValue ?? 0)"
        let questions = [
            ["CUSTOMER", "phone:\(ErasedShop.phone)", "AFTER", head, "WITHIN", "60000"],
            ["CUSTOMER", "phone:\(ErasedShop.phone)", "FIELDS", "notes", "HISTORY"],
            ["CUSTOMER", "phone:\(ErasedShop.phone)", "AT", "300"], ["TIMELINE", "i-2"],
            ["TIMELINE", "phone:\(ErasedShop.phone)"], ["CUSTOMER", "interaction:i-2", "POP"],
            ["EVENTS", "FROM", "1", "COUNT", "1000"], ["EVENT", "16"],
            ["EXPORT", "phone:\(ErasedShop.phone)"],
        ]
        for question in questions {
            let reply = try connection.call(question).allText
            #expect(reply.count > 100, "\(question) shows \(reply)")
            for mark in Self.marks { #expect(!reply.contains(mark), "\(question) shows \(mark)") }
        }
        let event = try daemon.document("EVENT", "16")
        // What the daemon itself records may come before it.
        let redaction = try #require(event["redacted"] as? Int, "\(event)")
        #expect(try daemon.document("EVENT", "\(redaction)")["type"] as? String == "event.redacted")
        let attributes = try #require(event["attributes"] as? [String: Any])
        #expect(attributes["text"] as? String == String(repeating: "*", count: 15))
        let again = try connection.call(
            "APPEND", "note.added", "source", "shop", "id", "markedid-2-3", "interaction", "i-2",
            "note_id", "n-2", "text", "something else")
        #expect(again.elements?.last?.text == "REPEAT", "\(again)")
    }

    @Test("what fits is hidden at once, then no file holds it, and the figures stay")
    func whole() throws {
        let shop = try ErasedShop()
        let daemon = shop.daemon
        let before = try shop.totals()
        // A card that is kept from here on.
        let seen = ["AFTER", "361", "WITHIN", "60000"]
        var connection = try daemon.connect()
        let card =
            "\(try connection.call(["CUSTOMER", "phone:\(ErasedShop.phone)"] + seen).text ?? "")"
        #expect(Self.marks.contains { card.contains($0) })
        let plan = try redact(shop, ["DRYRUN"])
        #expect(plan["events"] as? Int == Self.places && plan["places"] as? Int == Self.places)
        let answer = try redact(shop, ["REQUEST", "r-1"])
        #expect(answer["events"] as? Int == Self.places)
        let position = try #require(answer["position"] as? Int)
        #expect(position > 361)
        try expectHidden(daemon)
        #expect(try shop.totals() == before)
        let completed = try #require(try shop.waitUntilErased(Self.completion))
        let attributes = try #require(completed["attributes"] as? [String: Any])
        #expect(attributes["events"] as? Int == Self.places)
        try expectHidden(daemon)
        #expect(try shop.totals() == before)
        // Asked once more, the request has been carried out.
        let repeated = try redact(shop, ["REQUEST", "r-1"])
        #expect(repeated["position"] as? Int == position && repeated["repeated"] as? Bool == true)
        #expect(try redact(shop)["events"] as? Int == 0)
        #expect(daemon.stop() == 0)
        try expectForgotten(shop)
        try FileManager.default.removeItem(atPath: daemon.store + "/views")
        #expect(try daemon.start(arguments: ErasedShop.arguments))
        #expect(try shop.totals() == before)
        try expectHidden(daemon)
    }

    @Test("a redaction and an erasure of the same events go through one round")
    func both() throws {
        let shop = try ErasedShop()
        let before = try shop.totals()
        _ = try redact(shop)
        _ = try shop.erase()
        _ = try #require(try shop.waitUntilErased(Self.completion))
        _ = try #require(try shop.waitUntilErased())
        #expect(try shop.totals() == before)
        #expect(shop.daemon.stop() == 0)
        #expect(try shop.marksInFiles() == [])
        let (code, output, error) = try shop.daemon.tool(["verify", shop.daemon.store])
        #expect(code == 0, "\(output)\(error)")
    }

    @Test("a backup from before is restored with the ledger only, which is carried out at once")
    func restored() throws {
        let shop = try ErasedShop()
        let daemon = shop.daemon
        #expect(daemon.stop() == 0)
        #expect(try daemon.start(arguments: ErasedShop.sizes))
        #expect(try daemon.tool(["backup", "old"]).code == 0)
        #expect(daemon.stop() == 0)
        #expect(try daemon.start(arguments: ErasedShop.arguments))
        _ = try redact(shop)
        _ = try #require(try shop.waitUntilErased(Self.completion))
        #expect(daemon.stop() == 0)
        let (backups, target) = (daemon.store + ".backups", daemon.folder.path + "/restored")
        let refused = try daemon.tool(["restore", backups + "/old", target])
        #expect(refused.code != 0 && refused.error.contains("1 erasures"), "\(refused.error)")
        let ledger = backups + "/erasures.ledger"
        let restored = try daemon.tool(["restore", backups + "/old", target, "--erasures", ledger])
        #expect(restored.code == 0, "\(restored.error)")
        // What is still to be said is hidden from those who look without a daemon, too.
        let looked = try daemon.tool(["inspect", "event", target, "16", "--json"])
        #expect(looked.code == 0 && looked.output.contains("\"redacted\""), "\(looked.error)")
        #expect(!looked.output.contains("markedtext"))
        try FileManager.default.removeItem(atPath: daemon.store)
        try FileManager.default.moveItem(atPath: target, toPath: daemon.store)
        #expect(try daemon.start(arguments: ErasedShop.arguments))
        let event = try daemon.document("EVENT", "16")
        #expect(!"\(event)".contains("markedtext"), "\(event)")
        _ = try #require(try shop.waitUntilErased(Self.completion))
        #expect(daemon.stop() == 0)
        try expectForgotten(shop)
    }

    @Test(
        "a daemon killed while it carries a redaction out goes on with it",
        arguments: [
            "log.committed:1", "erasure.copying:3", "erasure.copied", "segment.replaced:3",
            "index.replaced:2",
            "erasure.scrubbed", "erasure.wiped", "view.moved:1", "erasure.rebuilt",
        ])
    func killed(_ failpoint: String) throws {
        let shop = try ErasedShop()
        #expect(shop.daemon.stop() == 0)
        #expect(try shop.daemon.start(failpoint: failpoint, arguments: ErasedShop.arguments))
        do {
            _ = try redact(shop)
            #expect(try shop.waitUntilErased(Self.completion) == nil)
        } catch is ClientError {}
        #expect(shop.daemon.waitUntilKilled(), "\(failpoint) was not passed")
        #expect(try shop.daemon.start(arguments: ErasedShop.arguments))
        _ = try #require(try shop.waitUntilErased(Self.completion))
        try expectHidden(shop.daemon)
        #expect(shop.daemon.stop() == 0)
        try expectForgotten(shop)
    }
}
