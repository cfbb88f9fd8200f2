import Client
import DaemonTesting
import Foundation
import RESP
import TestSupport
import Testing

/// A daemon whose file system is full to the last byte, by a file of somebody else's.
@Suite("A daemon on a full disk", .serialized)
struct FullVolumeTests {
    @Test(
        "refuses appends with FULL, serves reads, and takes both up again without a restart",
        arguments: SmallVolume.Kind.allCases)
    func full(_ kind: SmallVolume.Kind) throws {
        if let obstacle = SmallVolume.obstacle(kind) {
            print("skipped: \(obstacle)")
            return
        }
        let daemon = try DaemonProcess()
        let volume = try #require(SmallVolume(kind, on: daemon.folder.path, megabytes: 64))
        defer { volume.unmount() }
        let arguments = [
            "--segment-events", "64", "--stride-bytes", "1000", "--journal-bytes", "10485760",
        ]
        #expect(try daemon.start(arguments: arguments, quietly: true))
        var connection = try daemon.connect()
        var stored: Int64 = 0
        for _ in 0..<20 {
            stored += 1
            #expect(try append(stored, &connection).integerValue == stored)
        }
        _ = try connection.call("QUEUES", "AFTER", "\(stored)", "WITHIN", "60000")
        let ballast = daemon.folder.path + "/ballast"
        try fill(ballast)
        let refusal = try appendUntilRefused(&stored, &connection)
        #expect("\(refusal)".contains("append refused: no room on the disk; free some and retry"))
        for _ in 0..<3 {
            #expect("\(try append(stored + 1, &connection))".contains("FULL"))
            #expect(try connection.call("HEAD").integerValue == stored)
            #expect(try connection.call("EVENT", "\(stored)").text != nil)
            for question in [["QUEUES"], ["CUSTOMER", "crm:1"], ["INTERACTION", "i-1"]] {
                let reply = try connection.call(question)
                #expect(reply.text != nil, "\(question): \(reply)")
            }
        }
        try FileManager.default.removeItem(atPath: ballast)
        try appendUntilTaken(&stored, &connection)
        for question in [["QUEUES"], ["CUSTOMER", "crm:1"], ["INTERACTION", "i-\(stored)"]] {
            let reply = try connection.call(question + ["AFTER", "\(stored)", "WITHIN", "60000"])
            #expect(reply.text != nil, "\(question): \(reply)")
        }
        #expect(try !("\(connection.call("PROJECTIONS"))".contains("halted")))
        #expect(daemon.stop() == 0)
        #expect(try daemon.start(arguments: arguments, quietly: true))
        var again = try daemon.connect()
        #expect(try again.call("HEAD").integerValue == stored)
        for id in 1...stored {
            #expect(try append(id, &again).elements?.first?.integerValue == id)
        }
        #expect(daemon.stop() == 0)
    }

    @Test("keeps room for sealing and scrubbing: a person can be erased while appends are refused")
    func reserve() throws {
        if let obstacle = SmallVolume.obstacle(.tmpfs) {
            print("skipped: \(obstacle)")
            return
        }
        let daemon = try DaemonProcess()
        let volume = try #require(SmallVolume(.tmpfs, on: daemon.folder.path, megabytes: 64))
        defer { volume.unmount() }
        let arguments = [
            "--segment-events", "64", "--stride-bytes", "1000", "--journal-bytes", "10485760",
            "--set", "access.rules=user:\(geteuid())=privacy",
        ]
        #expect(try daemon.start(arguments: arguments, quietly: true))
        var connection = try daemon.connect()
        var stored: Int64 = 0
        for _ in 0..<20 {
            stored += 1
            #expect(try append(stored, &connection).integerValue == stored)
        }
        _ = try connection.call("CUSTOMER", "crm:1", "AFTER", "\(stored)", "WITHIN", "60000")
        let ballast = daemon.folder.path + "/ballast"
        try fill(ballast, leaving: 3_900_000)
        _ = try appendUntilRefused(&stored, &connection)
        #expect(try connection.call("INFO").text?.contains("room_reserve_reached:1") == true)
        _ = try connection.call("CUSTOMER", "crm:1", "AFTER", "\(stored)", "WITHIN", "60000")
        let erased = try connection.call("ERASE", "crm:1", "REASON", "asked")
        #expect(erased.text != nil, "\(erased)")
        let reply = try connection.call("EVENT", "1")
        #expect(reply.text?.contains("crm:1") == false, "\(reply)")
        #expect("\(try append(stored + 1, &connection))".contains("FULL"))
        try FileManager.default.removeItem(atPath: ballast)
        let head = try #require(try connection.call("HEAD").integerValue)
        stored = head
        try appendUntilTaken(&stored, &connection)
        #expect(daemon.stop() == 0)
    }

    private func append(_ id: Int64, _ connection: inout Connection) throws -> Reply {
        var random = SeededGenerator(seed: UInt64(id))
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        let text = String((0..<60_000).map { _ in letters.randomElement(using: &random)! })
        return try connection.call([
            "APPEND", "message.received", "source", "producer", "id", "\(id)", "interaction",
            "i-\(id)", "channel", "chat", "message_id", "m-\(id)", "author", "customer", "customer",
            "crm:1", "content_type", "text/plain", "DATA", text,
        ])
    }

    private func fill(_ path: String, leaving left: UInt64 = 0) throws {
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        let page = [UInt8](repeating: 1, count: 4_096)
        var volume = statvfs()
        while unsafe fstatvfs(file.fileDescriptor, &volume) == 0,
            UInt64(volume.f_bavail) * UInt64(volume.f_frsize) >= left,
            unsafe write(file.fileDescriptor, page, page.count) > 0
        {}
        try file.close()
    }

    private func appendUntilRefused(
        _ stored: inout Int64, _ connection: inout Connection
    ) throws -> Reply {
        for _ in 0..<2_000 {
            let reply = try append(stored + 1, &connection)
            guard reply.integerValue == stored + 1 else { return reply }
            stored += 1
        }
        throw UnexpectedReply(command: "APPEND", reply: try connection.call("INFO"))
    }

    private func appendUntilTaken(_ stored: inout Int64, _ connection: inout Connection) throws {
        let end = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < end {
            let reply = try append(stored + 1, &connection)
            if reply.integerValue == stored + 1 {
                stored += 1
                return
            }
            #expect("\(reply)".contains("FULL"))
        }
        Issue.record("appends were not taken up again within 20 s")
    }
}
