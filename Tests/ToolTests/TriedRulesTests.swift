import Client
import DaemonTesting
import Foundation
import RESP
import Testing

@Suite("Other rules of identity are tried on a store, and taken up")
struct TriedRulesTests {
    private let daemon: DaemonProcess

    init() throws { daemon = try DaemonProcess() }

    private func fill(_ connection: inout Connection) throws {
        let shown = [
            ["crm:1", "phone:600000001"], ["email:b@x.es", "phone:+34600000001"],
            ["crm:2", "email:c@x.es"],
        ]
        for (number, names) in shown.enumerated() {
            var words = ["APPEND", "identity.observed", "source", "crm", "id", "\(number)"]
            for name in names { words += ["customer:verified", name] }
            #expect(try connection.call(words).integerValue != nil)
        }
    }

    private func tried(_ words: [String] = []) throws -> (code: Int32, output: String) {
        let file = daemon.folder.path + "/rules.json"
        try Data(#"{"region":"ES"}"#.utf8).write(to: URL(fileURLWithPath: file))
        let run = try daemon.tool(["replay", daemon.store, "--rules", file] + words)
        return (run.code, run.output)
    }

    @Test("who would join is told before anything is defined, and so it is once it is")
    func takenUp() throws {
        try daemon.start()
        var connection = try daemon.connect()
        try fill(&connection)
        let told = try tried()
        #expect(told.code == 0)
        #expect(told.output.contains("persons    3 now, 2 by these rules\n"), "\(told)")
        #expect(told.output.contains("join       2 into 1\n"), "\(told)")
        #expect(told.output.contains("would be one\n") && told.output.contains("c_1 ("), "\(told)")
        let document = try JSONSerialization.jsonObject(
            with: Data(try tried(["--json"]).output.utf8))
        let figures = try #require(document as? [String: Any])
        #expect(figures["joined"] as? Int == 2 && figures["split"] as? Int == 0)
        #expect(
            (figures["joins"] as? [[String: Any]])?.first?["before"] as? [String] == ["c_1", "c_2"])
        let defined = try connection.call(
            "APPEND", "definition.set", "source", "ops", "id", "rules", "kind", "identityRules",
            "key", "default", "version", "2", "body", #"{"region":"ES","all_history":true}"#)
        #expect(defined.integerValue == 4)
        let waits = try connection.call("IDENTITY", "crm:1", "AFTER", "4").text
        #expect(waits?.contains("email") == false, "\(waits ?? "")")
        let views = try connection.call("INFO", "views").text
        #expect(views?.contains("identity_rules_pending:4") == true, "\(views ?? "")")
        // Prepared beside the daemon, so that the next start has nothing to fold.
        let made = try daemon.tool(["replay", daemon.store, "--prepare", "--json"])
        #expect(made.code == 0 && made.output.contains("identity"), "\(made)")
        #expect(daemon.stop() == 0)
        try daemon.start()
        connection = try daemon.connect()
        let one = try connection.call("IDENTITY", "crm:1", "AFTER", "4").text
        #expect(one?.contains(#""value":"b@x.es""#) == true, "\(one ?? "")")
        // What the old spelling alone had founded leads there still.
        let former = try connection.call("IDENTITY", "c_2-1", "AFTER", "4").text
        #expect(former?.contains(#""value":"b@x.es""#) == true, "\(former ?? "")")
        let after = try connection.call("INFO", "views").text
        #expect(after?.contains("identity_rules_pending:none") == true, "\(after ?? "")")
        #expect(try tried().output.contains("join       0 into 0\n"))
        let compared = try daemon.tool(["replay", daemon.store, "--compare"])
        #expect(compared.code == 0, "\(compared)")
        #expect(daemon.stop() == 0)
    }

    @Test("what is no body of rules is refused")
    func refused() throws {
        try daemon.start()
        #expect(daemon.stop() == 0)
        let file = daemon.folder.path + "/none.json"
        try Data(#"{"regions":"ES"}"#.utf8).write(to: URL(fileURLWithPath: file))
        let run = try daemon.tool(["replay", daemon.store, "--rules", file])
        #expect(run.code != 0 && run.error.contains("cannot be read"), "\(run)")
        let both = try daemon.tool(["replay", daemon.store, "--rules", file, "--compare"])
        #expect(both.code == 2)
    }
}
