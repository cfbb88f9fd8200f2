import Client
import DaemonTesting
import Foundation
import RESP
import TestSupport
import Testing

@Suite("FOLLOW SIGNALS")
struct SignalFollowTests {
    private struct Pushed {
        let kind: String
        let signals: [[String: Any]]

        init(_ reply: Reply) throws {
            let words = try #require(reply.elements, "\(reply)")
            kind = words[2].text ?? ""
            let text = try #require(words.last?.text, "\(reply)")
            let document = try JSONSerialization.jsonObject(with: Data(text.utf8))
            signals = (document as? [String: Any])?["signals"] as? [[String: Any]] ?? []
        }
    }

    @Test("a promise that comes due is pushed without any event, and again when it is kept")
    func due() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        var reader = try daemon.connect()
        _ = try reader.call("HELLO", "3")
        #expect(try reader.call("FOLLOW", "SIGNALS", "KIND", "promiseDue") == .integer(1))
        #expect(try Pushed(try reader.receive()).signals.isEmpty)
        var producer = try daemon.connect()
        func tell(_ type: String, _ words: String...) throws -> String {
            let reply = try producer.call(
                ["APPEND", type, "source", "t", "id", UUID().uuidString] + words)
            return "\(try #require(reply.integerValue, "\(reply)"))"
        }
        let due = ISO8601DateFormatter().string(from: Date(timeIntervalSinceNow: 3))
        let made = try tell(
            "promise.made", "promise_id", "p-1", "what", "a call", "due", due, "customer", "crm:7")
        let pushed = try Pushed(try reader.receive())
        #expect(pushed.kind == "changed" && pushed.signals.count == 1)
        #expect(pushed.signals[0]["signal"] as? String == "promiseDue")
        #expect(pushed.signals[0]["promise"] as? String == "p-1")
        #expect((pushed.signals[0]["positions"] as? [Int])?.first.map(String.init) == made)
        let kept = try tell("promise.kept", "promise_id", "p-1")
        #expect(try Pushed(try reader.receive()).signals.isEmpty)
        // What changes no signal of the kind, and that time goes by, is not told.
        let note = try tell("note.added", "note_id", "n-1", "text", "hello", "customer", "crm:7")
        let looked = #""subject":"signals","looked":\#(note)"#
        try waitUntil("signals are looked at behind \(note)") {
            // A push would be taken for the answer.
            let list = try #require(
                try reader.call("FOLLOW", "LIST").text, "pushed behind \(kept)")
            return list.contains(looked)
        }
        #expect(daemon.stop() == 0)
    }

    @Test("it is of one to four kinds, and its options are its own")
    func refused() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        var reader = try daemon.connect()
        guard case .error("NOPROTO", _) = try reader.call("FOLLOW", "SIGNALS", "KIND", "promiseDue")
        else {
            Issue.record("RESP2 takes no pushes")
            return
        }
        _ = try reader.call("HELLO", "3")
        let kinds = ["promiseDue", "orderLate", "abandoned", "badSurvey", "cartLeft"]
        for words in [
            ["SIGNALS"], ["SIGNALS"] + kinds.flatMap { ["KIND", $0] },
            ["SIGNALS", "KIND", "nothing"], ["SIGNALS", "KIND", "orderLate", "COUNT", "65"],
            ["QUEUE", "billing", "KIND", "orderLate"],
            ["SIGNALS", "KIND", "orderLate", "FROM", "1"],
            ["SIGNALS", "QUEUE", "billing", "KIND", "orderLate"],
        ] {
            let reply = try reader.call(["FOLLOW"] + words)
            guard case .error("SYNTAX", _) = reply else {
                Issue.record("\(words): \(reply)")
                continue
            }
        }
        #expect(daemon.stop() == 0)
    }
}
