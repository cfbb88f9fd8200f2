import Client
import DaemonTesting
import EventLog
import EventModel
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

    /// A store of one event, recorded at the beginning of 2020.
    private func makeOldStore(_ path: String) throws -> Timestamp {
        let now = Timestamp(milliseconds: 1_577_836_800_000)
        let folder = try StoreFolder(path: path, now: now) { .random(in: .min ... .max) }
        let (log, writer) = try EventLog.open(folder: folder)
        _ = try writer.stage { (records) throws(Never) in
            let (type, source, id) = (Array("note.taken".utf8), Array("a".utf8), Array("1".utf8))
            var encoder = EventEncoder()
            unsafe encoder.begin(type: type.span.bytes)
            unsafe encoder.set(source: source.span.bytes)
            unsafe encoder.set(id: id.span.bytes)
            encoder.finish(into: &records)
        }
        while try writer.commit(now: now) == .waitsForStride { log.settle() }
        try writer.close()
        log.close()
        return now
    }

    @Test("a clock that appends are refused by does not tell when an epoch began")
    func wrongClock() throws {
        let daemon = try DaemonProcess()
        let old = try makeOldStore(daemon.store)
        try "epoch 2\nreason restored\nlast 1\n".write(
            toFile: daemon.store + "/epoch.next", atomically: true, encoding: .utf8)
        try #require(try daemon.start())
        #expect(try epoch(daemon) == 2)
        let began = try daemon.document("EVENT", "2")
        #expect(began["type"] as? String == "store.epoch")
        let recorded = try #require(began["recorded"] as? String)
        #expect(Timestamp(rfc3339: recorded) == old, "\(recorded)")
        // What the clock says is still years away from what was recorded.
        var connection = try daemon.connect()
        let reply = try connection.call("APPEND", "note.taken", "source", "a", "id", "2")
        #expect(reply.isError && "\(reply)".contains("CLOCK"), "\(reply)")
        #expect(daemon.stop() == 0)
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
