import EventModel
import Foundation
import Synchronization
import Testing

@testable import Consumers

@Suite("The consumers' file")
struct ConsumerStoreTests {
    /// A folder for one test.
    final class Folder {
        let path: String

        init() throws {
            let url = FileManager.default.temporaryDirectory
                .appendingPathComponent("consumers-\(UInt32.random(in: 0 ... .max))")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            path = url.path
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private func record(_ name: String, _ acknowledged: UInt64) -> ConsumerRecord {
        ConsumerRecord(
            name: name, epoch: 3, acknowledged: Position(acknowledged),
            created: Timestamp(milliseconds: 1_772_442_000_123), owner: 991,
            types: ["queue.*", "é"],
            channels: ["voice"])
    }

    @Test("what was set is found again, what was removed is not")
    func reopened() throws {
        let folder = try Folder()
        // A process has a file open once: each use ends with its scope.
        do {
            let store = try ConsumerStore(store: folder.path)
            #expect(store.found.isEmpty && store.recordedPosition == .zero)
            _ = store.set(record("b", 7))
            _ = store.set(record("a", 5))
            _ = store.set(record("c", 9))
            _ = store.set(record("a", 6))
            _ = store.remove("c")
            store.close()
        }
        let again = try ConsumerStore(store: folder.path)
        #expect(again.found == [record("a", 6), record("b", 7)])
        #expect(again.recordedPosition == Position(7))
        again.close()
    }

    @Test("a change waits for others for at most half of the 100 ms in which it is to be durable")
    func delay() { #expect(ConsumerLimits.flushDelayNanoseconds <= 50_000_000) }

    @Test("a change is durable soon by itself; what comes meanwhile is flushed with it")
    func flushes() throws {
        let folder = try Folder()
        let flushes = Mutex(0)
        let done = DispatchSemaphore(value: 0)
        do {
            let store = try ConsumerStore(
                store: folder.path, options: .init(flushed: { flushes.withLock { $0 += 1 } }))
            store.observe { done.signal() }
            var last: UInt64 = 0
            for position in 1...500 { last = store.set(record("a", UInt64(position))) }
            while store.durable < last { done.wait() }
            #expect(flushes.withLock { $0 } < 100)
            let hurried = store.set(record("a", 501))
            store.hurry()
            while store.durable < hurried { done.wait() }
            store.close()
        }
        let again = try ConsumerStore(store: folder.path)
        #expect(again.found == [record("a", 501)])
        again.close()
    }

    @Test("a copy holds what is on disk and has no faults; a flipped bit is one")
    func copied() throws {
        let (folder, backup) = (try Folder(), try Folder())
        let path = backup.path + "/" + ConsumerFile.name
        do {
            let done = DispatchSemaphore(value: 0)
            let store = try ConsumerStore(store: folder.path)
            store.observe { done.signal() }
            let change = store.set(record("a", 5))
            store.hurry()
            while store.durable < change { done.wait() }
            try store.copy(to: path)
            store.close()
        }
        #expect(ConsumerFile.faults(store: backup.path).isEmpty)
        #expect(ConsumerFile.faults(store: folder.path).isEmpty)
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let needle = Array("queue.*".utf8)
        let place = try #require(
            (0..<bytes.count - needle.count).first {
                Array(bytes[$0..<$0 + needle.count]) == needle
            })
        bytes[place] ^= 1
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        #expect(ConsumerFile.faults(store: backup.path).count == 1)
        #expect(throws: ConsumerError.self) { _ = try ConsumerStore(store: backup.path) }
    }

    @Test("a record has this form, and no other is read")
    func format() throws {
        let record = ConsumerRecord(
            name: "ab", epoch: 2, acknowledged: Position(258), created: Timestamp(milliseconds: 1),
            owner: 513, types: ["x"], channels: [])
        let encoded = record.encoded
        #expect(
            encoded.dropLast(4) == [
                2, 2, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0,
                0,
                1, 0, 1, 0, 0x78, 0, 0,
            ])
        let name = Array("ab".utf8)
        #expect(
            try unsafe ConsumerRecord(name: name.span.bytes, value: encoded.span.bytes) == record)
        for place in encoded.indices {
            var wrong = encoded
            wrong[place] ^= 0x10
            #expect(throws: MalformedBytes.self) {
                _ = try unsafe ConsumerRecord(name: name.span.bytes, value: wrong.span.bytes)
            }
        }
    }

    @Test("a record from before consumers had owners is nobody's")
    func withoutOwner() throws {
        let name = Array("ab".utf8)
        var bytes: [UInt8] = [
            1, 2, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0,
            0x78, 0, 0,
        ]
        let all = name + bytes
        bytes.append(littleEndian: unsafe CRC32C.checksum(all.span.bytes))
        let record = try unsafe ConsumerRecord(name: name.span.bytes, value: bytes.span.bytes)
        #expect(record.owner == nil && record.acknowledged == Position(258))
        #expect(record.types == ["x"] && record.epoch == 2)
        // Written anew it still is.
        let again = record.encoded
        let read = try unsafe ConsumerRecord(name: name.span.bytes, value: again.span.bytes)
        #expect(read == record)
    }

    @Test("a file of the format before is read, and of this one from then on; later ones are not")
    func formats() throws {
        let folder = try Folder()
        let path = folder.path + "/" + ConsumerFile.name
        func setFormat(_ from: UInt8, _ to: UInt8) throws {
            var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            let needle = Array("format".utf8) + [from, 0, 0, 0]
            let places = (0..<bytes.count - needle.count).filter {
                bytes[$0] == needle[0] && Array(bytes[$0..<$0 + needle.count]) == needle
            }
            #expect(!places.isEmpty)
            for place in places { bytes[place + 6] = to }
            try Data(bytes).write(to: URL(fileURLWithPath: path))
        }
        do {
            let store = try ConsumerStore(store: folder.path)
            _ = store.set(record("a", 5))
            store.close()
        }
        try setFormat(2, 1)
        #expect(ConsumerFile.look(store: folder.path).records == [record("a", 5)])
        do {
            let store = try ConsumerStore(store: folder.path)
            #expect(store.found == [record("a", 5)])
            store.close()
        }
        try setFormat(2, 3)
        let error = #expect(throws: ConsumerError.self) {
            _ = try ConsumerStore(store: folder.path)
        }
        let text = "\(try #require(error))"
        #expect(text.contains("has format 3, this program knows 2 and those before"))
    }
}
