import Client
import DaemonTesting
import Foundation
import RESP
import Testing

@Suite("A pipeline of large answers")
struct PipelineBoundTests {
    private static let requests = 2_400

    /// The most memory that a process has had, in bytes.
    private func peakBytes(of process: Int32) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(Int(line.filter(\.isNumber))) * 1_024
    }

    @Test("is answered whole and in order, while the daemon holds only some of the answers")
    func bounded() throws {
        let daemon = try DaemonProcess()
        // A small map on the way: files need no more address space than they fill.
        #expect(try daemon.start(arguments: ["--map-bytes-max", "\(256 << 20)"]))
        var connection = try daemon.connect()
        let data = String(repeating: "x", count: 64 << 10)
        for number in 1...32 {
            #expect(
                try connection.call([
                    "APPEND", "note.taken", "source", "test", "id", "\(number)", "DATA", data,
                ]).integerValue == Int64(number))
        }
        let process = try #require(
            Int32(try String(contentsOfFile: daemon.store + "/LOCK", encoding: .utf8).dropLast()))
        let before = try peakBytes(of: process)
        for _ in 0..<Self.requests { connection.send(["EVENTS", "FROM", "1", "COUNT", "32"]) }
        connection.send(["HEAD"])
        try connection.flush()
        var bytes = 0
        var count: Int?
        for _ in 0..<Self.requests {
            let answer = try connection.receive()
            let events = try #require(answer.elements?.last?.elements)
            // As many as one answer holds, each time the same.
            #expect((1..<32).contains(events.count) && events.count == count ?? events.count)
            count = events.count
            #expect(answer.elements?.first?.integerValue == Int64(events.count + 1))
            bytes += events.reduce(0) { $0 + ($1.text?.utf8.count ?? 0) }
        }
        #expect(try connection.receive().integerValue == 32)
        let grown = try peakBytes(of: process) - before
        #expect(bytes > 8 * grown, "\(bytes) bytes of answers grew it by \(grown)")
        #expect(daemon.stop() == 0)
    }
}
