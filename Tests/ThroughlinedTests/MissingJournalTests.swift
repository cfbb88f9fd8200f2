import Client
import DaemonTesting
import Foundation
import RESP
import TestSupport
import Testing

@Suite("A store without its journal")
struct MissingJournalTests {
    private static let count = 60

    @Test("a journal that is missing is refused, a link to a disk that is not there, too")
    func missingJournal() throws {
        let daemon = try DaemonProcess()
        try #require(try daemon.start(arguments: ["--stride-bytes", "1"]))
        do {
            var connection = try daemon.connect()
            for id in 1...Self.count {
                let text = String(repeating: "call \(id) ", count: 100)
                let reply = try connection.call(
                    "APPEND", "note.added", "source", "a", "id", "\(id)", "note_id", "n", "text",
                    text)
                #expect(reply == .integer(Int64(id)))
            }
            try waitUntil("a segment holds some of it") {
                let text = try connection.call("INFO", "log").text ?? ""
                return text.contains("in_segments:") && !text.contains("in_segments:0\r\n")
            }
        }
        #expect(daemon.stop() == 0)
        let journal = daemon.store + "/journal"
        let beside = daemon.folder.path + "/journal"
        try FileManager.default.moveItem(atPath: journal, toPath: beside)
        let said = SaidText()
        #expect(try !daemon.start(log: said.writing))
        said.read(until: "missing")
        #expect(daemon.waitForExitCode() == 65)
        #expect(said.text.contains("journal") && said.text.contains("missing"), "\(said.text)")
        try FileManager.default.createSymbolicLink(
            atPath: journal, withDestinationPath: daemon.folder.path + "/elsewhere/journal")
        #expect(try !daemon.start(quietly: true))
        #expect(daemon.waitForExitCode() == 1)
        try FileManager.default.removeItem(atPath: journal)
        try FileManager.default.moveItem(atPath: beside, toPath: journal)
        try #require(try daemon.start())
        var connection = try daemon.connect()
        #expect(try connection.call("HEAD") == .integer(Int64(Self.count)))
        #expect(daemon.stop() == 0)
    }
}
