import Client
import DaemonTesting
import Foundation
import RESP
import Testing

@Suite("Epochs of a daemon's store")
struct EpochTests {
    private func append(_ ids: ClosedRange<Int>, to daemon: DaemonProcess) throws {
        var connection = try daemon.connect()
        for id in ids {
            let reply = try connection.call(
                "APPEND", "note.taken", "source", "pbx", "id", "\(id)", "interaction", "i-1")
            #expect(!reply.isError, "\(reply)")
        }
        _ = try connection.call("QUEUES", "AFTER", "\(ids.upperBound)", "WITHIN", "60000")
    }

    private func epoch(_ daemon: DaemonProcess) throws -> Int64? {
        var connection = try daemon.connect()
        let reply = try connection.call("HELLO")
        guard let words = reply.elements,
            let index = words.firstIndex(where: { $0.text == "epoch" })
        else { return nil }
        return words[index + 1].integerValue
    }

    @Test("a log that lost what views have seen begins the next, and says so")
    func shorter() throws {
        let daemon = try DaemonProcess()
        #expect(try daemon.start())
        try append(1...5, to: daemon)
        #expect(try epoch(daemon) == 1)
        #expect(daemon.stop() == 0)
        let files = FileManager.default
        for name in ["log", "journal"] {
            try files.copyItem(
                atPath: daemon.store + "/" + name, toPath: daemon.folder.path + "/" + name)
        }
        #expect(try daemon.start())
        try append(6...9, to: daemon)
        #expect(try epoch(daemon) == 1)
        #expect(daemon.stop() == 0)
        for name in ["log", "journal"] {
            try files.removeItem(atPath: daemon.store + "/" + name)
            try files.moveItem(
                atPath: daemon.folder.path + "/" + name, toPath: daemon.store + "/" + name)
        }
        #expect(try daemon.start())
        #expect(try epoch(daemon) == 2)
        let event = try daemon.document("EVENT", "6")
        #expect(event["type"] as? String == "store.epoch")
        let attributes = event["attributes"] as? [String: Any]
        #expect(attributes?["reason"] as? String == "logShorter")
        #expect(attributes?["last_common"] as? Int == 5)
        try append(10...12, to: daemon)
        #expect(try daemon.tool(["verify", daemon.store]).code == 0)
        #expect(daemon.stop() == 0)
        #expect(try daemon.start())
        #expect(try epoch(daemon) == 2)
    }
}
