import Client
import DaemonTesting
import Foundation
import RESP
import Testing

@Suite("A daemon that takes numbers out of what it is told")
struct RedactedStoreTests {
    /// The digit that makes a number pass Luhn's test is found here, not trusted.
    private static let card: String = {
        let body = [4, 9, 2, 9, 7, 7, 1, 6, 3, 4, 5, 2, 0, 0, 8]
        let sum = body.reversed().enumerated().reduce(0) { sum, digit in
            let value = digit.offset % 2 == 0 ? digit.element * 2 : digit.element
            return sum + value / 10 + value % 10
        }
        return body.map { "\($0)" }.joined() + "\((10 - sum % 10) % 10)"
    }()

    private static let dni: String = {
        let letters = Array("TRWAGMYFPDXBNJZSQVHLCKE")
        return "71928374\(letters[71_928_374 % 23])"
    }()

    @Test("answers, journal and files have none of them; the same event again is a repeat")
    func nowhere() throws {
        let daemon = try DaemonProcess()
        try #require(
            try daemon.start(arguments: [
                "--set", "redaction.rules=card_number,spanish_dni", "--set",
                "redaction.patterns=SHOP-########",
            ]))
        var connection = try daemon.connect()
        let said = "\(Self.card) cvv 917, \(Self.dni), SHOP-55667788"
        let single = [
            "APPEND", "demo.said", "source", "t", "id", "1", "words", said, "DATA",
            "{\"card\":\(Self.card)}",
        ]
        let event = ["demo.said", "source", "t", "id", "2", "words", said]
        let batch = ["APPENDBATCH", "1", "\(event.count)"] + event
        #expect(try connection.call(single).integerValue == 1)
        #expect(try connection.call(batch).elements?.first?.integerValue == 2)
        #expect(try connection.call(single).elements?.last?.text == "REPEAT")
        let stored = try connection.call("EVENT", "1").text ?? ""
        let kept = "[card *\(Self.card.suffix(4))] cvv [*], [dni], [*]"
        #expect(stored.contains(kept), "\(stored)")
        let info = try connection.call("INFO", "stats").text ?? ""
        for line in [
            "redacted_card_number:3", "redacted_card_code:2", "redacted_spanish_dni:2",
            "redacted_pattern:2", "redacted_korean_rrn:0",
        ] { #expect(info.contains("\(line)\r\n"), "\(line): \(info)") }
        #expect(daemon.stop() == 0)
        let secrets = [Self.card, String(Self.dni.dropLast()), "55667788"]
        for file in try #require(FileManager.default.subpaths(atPath: daemon.store)) {
            guard let bytes = FileManager.default.contents(atPath: daemon.store + "/" + file) else {
                continue
            }
            for secret in secrets {
                #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(file) has \(secret)")
            }
        }
        let journal = try Data(contentsOf: URL(fileURLWithPath: daemon.store + "/journal"))
        #expect(journal.range(of: Data(kept.utf8)) != nil, "the journal is not what is searched")
    }

    @Test("with no rules everything is kept as it was said")
    func off() throws {
        let daemon = try DaemonProcess()
        try #require(try daemon.start(arguments: ["--set", "redaction.rules="]))
        var connection = try daemon.connect()
        _ = try connection.call("APPEND", "demo.said", "source", "t", "id", "1", "words", Self.card)
        #expect(try connection.call("EVENT", "1").text?.contains(Self.card) == true)
        #expect(daemon.stop() == 0)
    }
}
