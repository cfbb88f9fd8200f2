import Client
import DaemonTesting
import EventLog
import EventModel
import Foundation
import RESP
import TestSupport
import Testing

@Suite("Erasing a person")
struct ErasureTests {
    /// Every event as the log holds it, decompressed, in one run of bytes.
    private func records(_ daemon: DaemonProcess) throws -> Data {
        var reader = try StoredLog.open(store: daemon.store).source.makeReader()
        var all = Data()
        try reader.events(from: Position(1)) { (event) throws(Never) in
            unsafe event.record.withUnsafeBytes { unsafe all.append(contentsOf: $0) }
            return true
        }
        return all
    }

    private func expectForgotten(_ shop: ErasedShop) throws {
        let found = try shop.marksInFiles()
        #expect(found.isEmpty, "\(found)")
        let records = try records(shop.daemon)
        #expect(records.range(of: Data("plaintext of 3".utf8)) != nil)
        for mark in ErasedShop.marks {
            #expect(records.range(of: Data(mark.utf8)) == nil, "an event says \(mark)")
        }
        let (code, output, error) = try shop.daemon.tool(["verify", shop.daemon.store])
        #expect(code == 0, "\(output)\(error)")
    }

    @Test("nothing shows the person from then on, no file holds them, and the figures stay")
    func whole() throws {
        let shop = try ErasedShop()
        let daemon = shop.daemon
        let before = try shop.totals()
        let plan = try daemon.document(
            "ERASE", "phone:\(ErasedShop.phone)", "REASON", "a look", "DRYRUN")
        let customer = try #require(plan["customer"] as? String)
        #expect(plan["events"] as? Int == 72)
        #expect(plan["quoted"] as? Int == 1)
        let answer = try shop.erase()
        #expect(answer["events"] as? Int == 72)
        try expectHidden(daemon, customer)
        #expect(try shop.totals() == before)

        let completed = try #require(try shop.waitUntilErased())
        let attributes = try #require(completed["attributes"] as? [String: Any])
        #expect(attributes["events"] as? Int == 73)
        try expectClosed(daemon)
        try expectHidden(daemon, customer)
        #expect(try shop.totals() == before)
        try expectNewCustomer(daemon, customer)
        let after = try shop.totals()
        #expect(daemon.stop() == 0)
        // The new contact says the number again; what lies before it does not.
        try FileManager.default.removeItem(atPath: daemon.store + "/views")
        #expect(try daemon.start(arguments: ErasedShop.arguments))
        #expect(try shop.totals() == after)
        try expectNewCustomer(daemon, customer)
    }

    @Test("what was prepared for the next version before somebody was erased is not begun with")
    func prepared() throws {
        let shop = try ErasedShop()
        let daemon = shop.daemon
        #expect(daemon.stop() == 0)
        let views = daemon.store + "/views/"
        let files = FileManager.default
        let view = try #require(
            try files.contentsOfDirectory(atPath: views).first {
                $0.hasPrefix("customers-") && $0.hasSuffix(".view")
            })
        let prepared = view.replacingOccurrences(of: ".view", with: ".prepared")
        try files.moveItem(atPath: views + view, toPath: views + "customers-v1.view")
        let made = try daemon.tool(["replay", daemon.store, "--prepare"])
        #expect(made.code == 0, "\(made.error)")
        let kept = daemon.folder.path + "/kept"
        try files.copyItem(atPath: views + prepared, toPath: kept)
        #expect(try daemon.start(arguments: ErasedShop.arguments))
        _ = try shop.erase()
        _ = try shop.waitUntilErased()
        #expect(daemon.stop() == 0)
        // As where a daemon that knows nothing of prepared views has erased somebody.
        try files.moveItem(atPath: views + view, toPath: views + "customers-v1.view")
        try files.moveItem(atPath: kept, toPath: views + prepared)
        #expect(try shop.marksInFiles() != [])
        #expect(try daemon.start(arguments: ErasedShop.arguments))
        var connection = try daemon.connect()
        var text = ""
        repeat {
            text = try #require(try connection.call("PROJECTIONS").text)
        } while text.contains("\"building\"")
        #expect(daemon.stop() == 0)
        #expect(!files.fileExists(atPath: views + prepared))
        #expect(try shop.marksInFiles() == [])
    }

    /// No file of the store is open whose name is gone: what was erased would lie in it until the daemon ends.
    private func expectClosed(_ daemon: DaemonProcess) throws {
        // Another user's process does not show its files.
        guard geteuid() == 0 else { return }
        var left: [String] = []
        try waitUntil("old files are closed") {
            left = try daemon.removedFilesOpen()
            return left.isEmpty
        }
        #expect(left.isEmpty)
    }

    /// What whoever asks may see.
    private func expectHidden(_ daemon: DaemonProcess, _ customer: String) throws {
        var connection = try daemon.connect()
        let questions = [
            ["CUSTOMER", "phone:\(ErasedShop.phone)"], ["IDENTITY", "email:\(ErasedShop.email)"],
            ["CUSTOMER", customer], ["CUSTOMER", "interaction:i-2"], ["TIMELINE", "i-2"],
            ["TIMELINE", "phone:\(ErasedShop.phone)"], ["INTERACTION", "i-2"],
            ["TIMELINE", "identifier-phone:\(ErasedShop.phone)"],
            ["CUSTOMER", customer, "AT", "300"], ["INTERACTION", "i-2", "AT", "300"],
            ["CUSTOMER", "phone:\(ErasedShop.phone)", "AT", "300"],
            ["EVENTS", "FROM", "1", "COUNT", "500"], ["EVENT", "13"], ["EVENT", "73"],
            ["IDENTITY", customer, "AT", "300"], ["EXPORT", customer], ["SIGNALS"],
            ["IDENTITY", "phone:\(ErasedShop.phone)", "AT", "300"],
            ["EXPORT", "phone:\(ErasedShop.phone)"], ["WAITING", "billing"],
            ["QUEUE", "billing", "AT", "300"], ["TIMELINE", "agent-agent-0", "FROM", "1"],
            ["CONSUMER", "CREATE", "late", "FROM", "1"],
            ["CONSUMER", "READ", "late", "COUNT", "500"], ["CONSUMER", "DELETE", "late"],
        ]
        for question in questions {
            let reply = try connection.call(question).allText
            // Whoever asks by a name is told of that name.
            let said = question.joined(separator: " ")
            for mark in ErasedShop.marks where !said.contains(mark) {
                #expect(!reply.contains(mark), "\(question) shows \(mark)")
            }
        }
        let pushed = try pushes(daemon)
        #expect(pushed.contains("plaintext of 3"))
        for mark in ErasedShop.marks { #expect(!pushed.contains(mark), "FOLLOW shows \(mark)") }
        for words in [
            ["export", daemon.store], ["inspect", "event", daemon.store, "13"],
            ["inspect", "event", daemon.store, "73"], ["timeline", "i-2"],
        ] {
            let run = try daemon.tool(words)
            let said = run.output + run.error
            #expect(run.code == 0 && said.count > 100, "\(words): \(said)")
            for mark in ErasedShop.marks { #expect(!said.contains(mark), "\(words) says \(mark)") }
        }
        let tombstone = try daemon.document("CUSTOMER", customer)
        #expect(tombstone["erased"] as? Bool == true)
        #expect(try daemon.document("EVENT", "13")["erased"] as? Bool == true)
        let again = try connection.call(
            "APPEND", "interaction.created", "source", "shop", "id", "markedid-2-0",
            "interaction", "i-2", "channel", "voice", "direction", "inbound", "method", "inbound")
        #expect(again.elements?.last?.text == "ERASED", "\(again)")
    }

    /// All that a follower of the log is pushed until it has caught up.
    private func pushes(_ daemon: DaemonProcess) throws -> String {
        var connection = try daemon.connect()
        _ = try connection.call("HELLO", "3")
        #expect(try connection.call("FOLLOW", "LOG", "FROM", "1") == .integer(1))
        var said = ""
        while true {
            guard case .push(let push) = try connection.receive() else { continue }
            said += Reply.push(push).allText
            if push[2].text == "live" { return said }
        }
    }

    private func expectNewCustomer(_ daemon: DaemonProcess, _ customer: String) throws {
        var connection = try daemon.connect()
        let reply = try connection.call(
            "APPEND", "visit.noted", "source", "shop", "id", "later", "customer",
            "phone:\(ErasedShop.phone)")
        let position = reply.integerValue ?? reply.elements?.first?.integerValue ?? 0
        let card = try daemon.document(
            "CUSTOMER", "phone:\(ErasedShop.phone)", "AFTER", "\(position)", "WITHIN", "60000")
        #expect(card["customer"] as? String != customer)
        #expect(card["first_contact"] as? String == card["last_contact"] as? String)
    }

    @Test("a backup from before is restored with the ledger only, which is carried out at once")
    func restored() throws {
        let shop = try ErasedShop()
        let daemon = shop.daemon
        #expect(daemon.stop() == 0)
        // Who backs up is an operator, who erases is not.
        #expect(try daemon.start(arguments: ErasedShop.sizes))
        let made = try daemon.tool(["backup", "old"])
        #expect(made.code == 0, "\(made.error)")
        #expect(daemon.stop() == 0)
        #expect(try daemon.start(arguments: ErasedShop.arguments))
        let before = try shop.totals()
        _ = try shop.erase()
        _ = try #require(try shop.waitUntilErased())
        #expect(daemon.stop() == 0)

        let (backups, target) = (daemon.store + ".backups", daemon.folder.path + "/restored")
        let refused = try daemon.tool(["restore", backups + "/old", target])
        #expect(refused.code != 0)
        #expect(refused.error.contains("1 erasures were made after the backup"), "\(refused.error)")
        #expect(!FileManager.default.fileExists(atPath: target))
        let ledger = backups + "/erasures.ledger"
        let restored = try daemon.tool(["restore", backups + "/old", target, "--erasures", ledger])
        #expect(restored.code == 0, "\(restored.error)")
        try FileManager.default.removeItem(atPath: daemon.store)
        try FileManager.default.moveItem(atPath: target, toPath: daemon.store)
        #expect(try daemon.start(arguments: ErasedShop.arguments))
        var connection = try daemon.connect()
        let card = try connection.call("CUSTOMER", "phone:\(ErasedShop.phone)")
        #expect(card.text == nil, "\(card)")
        #expect(try daemon.document("EVENT", "13")["erased"] as? Bool == true)
        _ = try #require(try shop.waitUntilErased())
        #expect(try shop.totals() == before)
        #expect(daemon.stop() == 0)
        try expectForgotten(shop)
    }

    @Test(
        "a daemon killed while it carries an erasure out goes on with it",
        arguments: [
            "erasure.copying:1", "erasure.copying:2", "erasure.copying:4", "erasure.copied",
            "segment.packed:1", "segment.replaced:3", "index.merged:2",
            "index.replaced:2", "erasure.scrubbed", "erasure.wiped", "view.built:2", "view.moved:1",
            "erasure.rebuilt",
        ])
    func killed(_ failpoint: String) throws {
        let shop = try ErasedShop()
        let before = try shop.totals()
        #expect(shop.daemon.stop() == 0)
        #expect(try shop.daemon.start(failpoint: failpoint, arguments: ErasedShop.arguments))
        do {
            _ = try shop.erase()
            #expect(try shop.waitUntilErased() == nil)
        } catch is ClientError {}
        #expect(shop.daemon.waitUntilKilled(), "\(failpoint) was not passed")
        let identity = try identityView(shop.daemon)
        #expect(try shop.daemon.start(arguments: ErasedShop.arguments))
        #expect(try shop.info("privacy", "erasures_pending") == "1")
        _ = try #require(try shop.waitUntilErased())
        #expect(try shop.totals() == before)
        // A view that is in its place already is not folded once more.
        let isInPlace = ["view.moved:1", "view.built:2", "erasure.rebuilt"].contains(failpoint)
        #expect(try isInPlace == (identityView(shop.daemon) == identity))
        #expect(shop.daemon.stop() == 0)
        try expectForgotten(shop)
    }

    @Test(
        "a daemon killed between a segment and its index has both right, whoever is erased meanwhile",
        arguments: ["segment.replaced:1", "segment.replaced:3", "index.merged:2"])
    func killedBeforeAnother(_ failpoint: String) throws {
        let shop = try ErasedShop()
        #expect(shop.daemon.stop() == 0)
        #expect(try shop.daemon.start(failpoint: failpoint, arguments: ErasedShop.arguments))
        do {
            _ = try shop.erase()
            #expect(try shop.waitUntilErased() == nil)
        } catch is ClientError {}
        #expect(shop.daemon.waitUntilKilled(), "\(failpoint) was not passed")
        #expect(try shop.daemon.start(arguments: ErasedShop.arguments))
        // Before the daemon looks for what is to be erased: the segments are written anew for both.
        let other = try shop.daemon.document("ERASE", "phone:+34911001003", "REASON", "asked")
        #expect(other["events"] as? Int ?? 0 > 0, "\(other)")
        try waitUntil("both are erased") {
            try shop.info("privacy", "erasures_pending") == "0"
        }
        var connection = try shop.daemon.connect()
        let version = try connection.call("VERSION", "identifier-phone:\(ErasedShop.phone)")
        #expect(version == .integer(0))
        #expect(shop.daemon.stop() == 0)
        // Index and log are held against each other there.
        try expectForgotten(shop)
    }

    /// Which file the identity view is.
    private func identityView(_ daemon: DaemonProcess) throws -> UInt64? {
        let views = daemon.store + "/views"
        let names = try FileManager.default.contentsOfDirectory(atPath: views)
        let name = try #require(names.first { $0.hasPrefix("identity-v") && $0.hasSuffix(".view") })
        let values = try FileManager.default.attributesOfItem(atPath: views + "/" + name)
        return values[.systemFileNumber] as? UInt64
    }
}
