import Client
import DaemonTesting
import Foundation
import RESP
import Testing

@Suite("The tool's receipts of erasures and redactions")
struct ReceiptTests {
    @Test("what was taken is signed, held against the store, and listed by verify")
    func whole() throws {
        let shop = try ErasedShop()
        let daemon = shop.daemon
        let key = daemon.folder.path + "/operator.pem"
        let other = daemon.folder.path + "/other.pem"
        for path in [key, other] {
            #expect(try daemon.tool(["checkpoint", "key", "-o", path]).code == 0)
        }
        var connection = try daemon.connect()
        let redacted = try connection.call(
            "REDACT", "16", "FIELD", "text", "REASON", "two\nlines", "ACTOR", "agent:eva")
        #expect(redacted.text?.contains("\"redaction\":1") == true, "\(redacted)")
        let file = daemon.folder.path + "/redaction.receipt"
        let write = [
            "receipt", "write", daemon.store, "redaction", "1", "--key", key, "-o", file,
        ]
        let early = try daemon.tool(write)
        #expect(early.code == 1 && early.error.contains("is not carried out yet"), "\(early.error)")
        _ = try #require(try shop.waitUntilErased("event.redactionCompleted"))
        let written = try daemon.tool(write)
        #expect(written.code == 0, "\(written.error)")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.contains("\nkind redaction\nnumber 1\nposition 362\n"))
        #expect(text.contains("\nby agent:eva\nrequest \nreason two\\nlines\n"))
        #expect(text.contains("\nevents 1\nevent 16 "))
        let check = ["receipt", "check", daemon.store, file, "--public-key"]
        let checked = try daemon.tool(check + [key + ".pub"])
        #expect(checked.code == 0, "\(checked.error)")
        #expect(checked.output.contains("redaction 1, 1 events"), "\(checked.output)")
        #expect(!checked.output.contains("since"))
        let foreign = try daemon.tool(check + [other + ".pub"])
        #expect(foreign.code == 1 && foreign.error.contains("bad signature"))

        // The person goes as well: of the event more has been taken than the receipt says.
        _ = try shop.erase()
        let pending = try daemon.tool(["verify", daemon.store])
        #expect(pending.code == 0 && pending.output.contains("pending"), "\(pending.output)")
        _ = try #require(try shop.waitUntilErased())
        let after = try daemon.tool(check + [key + ".pub"])
        #expect(after.code == 0, "\(after.error)")
        #expect(after.output.contains("of 1 of them more was taken since"), "\(after.output)")
        let second = daemon.folder.path + "/erasure.receipt"
        let erased = try daemon.tool([
            "receipt", "write", daemon.store, "erasure", "1", "--key", key, "-o", second,
        ])
        #expect(erased.code == 0 && erased.output.contains("73 events"), "\(erased.error)")
        let whole = try daemon.tool([
            "receipt", "check", daemon.store, second, "--public-key", key + ".pub",
        ])
        #expect(whole.code == 0, "\(whole.error)")

        let listed = try daemon.tool(["verify", daemon.store, "--json"])
        #expect(listed.code == 0)
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [String: Any])
        let statements = try #require(report["erasures"] as? [[String: Any]])
        #expect(statements.map { $0["kind"] as? String } == ["redaction", "erasure"])
        #expect(statements.map { $0["events"] as? Int } == [1, 73])
        #expect(statements.allSatisfy { $0["completed"] is Int })
        #expect(daemon.stop() == 0)

        // A text that was changed is not believed.
        try text.replacing("by agent:eva", with: "by agent:ana")
            .write(toFile: file, atomically: true, encoding: .utf8)
        let forged = try daemon.tool(check + [key + ".pub"])
        #expect(forged.code == 1 && forged.error.contains("bad signature"))
        let unknown = try daemon.tool([
            "receipt", "write", daemon.store, "erasure", "2", "--key", key, "-o", file + "2",
        ])
        #expect(unknown.code == 1 && unknown.error.contains("has no erasure 2"), "\(unknown.error)")
    }
}
