import Glibc
import Testing

@testable import Server

@Suite("Lines of the log, whoever reads them")
struct LogLinesTests {
    /// A pipe that nobody reads until a test does.
    @safe
    private final class Pipe {
        let reading: Int32
        let writing: Int32

        init() throws {
            var ends: [Int32] = [0, 0]
            try #require(unsafe Glibc.pipe(&ends) == 0)
            (reading, writing) = (ends[0], ends[1])
        }

        /// Reads until the text ends so.
        func read(until end: String) -> String {
            var text = ""
            var bytes = [UInt8](repeating: 0, count: 65_536)
            while !text.hasSuffix(end) {
                let count = unsafe Glibc.read(reading, &bytes, bytes.count)
                guard count > 0 else { return text }
                text += String(decoding: bytes[..<count], as: UTF8.self)
            }
            return text
        }
    }

    private static let line = String(repeating: "x", count: 999) + "\n"

    @Test(
        "nobody waits for a reader; what finds no room is counted, and told of once there is room")
    func full() throws {
        let pipe = try Pipe()
        let lines = LogLines(pipe.writing, bytesMax: 100_000)
        // Until the thread stands in a full pipe, with as many lines behind it as may wait.
        var (sent, lost) = (0, UInt64(0))
        repeat {
            for _ in 0..<200 { lines.write(Self.line) }
            lines.settle(milliseconds: 50)
            lost = lines.leftOut
            lines.write(Self.line)
            sent += 201
        } while lines.leftOut == lost
        lost += 1
        #expect(lines.takeLeftOut() == nil, "there is no room to tell it")
        _ = pipe.read(until: String(repeating: Self.line, count: sent - Int(lost)))
        lines.settle(milliseconds: 60_000)
        #expect(lines.takeLeftOut() == lost)
        #expect(lines.takeLeftOut() == nil)
        lines.write("again\n")
        #expect(pipe.read(until: "again\n") == "again\n")
        #expect(lines.leftOut == lost)
    }

    @Test("lines come whole and in order, from however many threads")
    func order() async throws {
        let pipe = try Pipe()
        let lines = LogLines(pipe.writing)
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask { for number in 0..<200 { lines.write("\(writer) \(number)\n") } }
            }
        }
        lines.write("end\n")
        let read = pipe.read(until: "end\n").split(separator: "\n").map { $0.split(separator: " ") }
        for writer in 0..<4 {
            let numbers = read.filter { $0[0] == "\(writer)" }.map { Int($0[1]) }
            #expect(numbers == Array(0..<200))
        }
        #expect(lines.leftOut == 0)
    }

    @Test("where nobody will ever read, lines are lost and counted, and the process goes on")
    func closed() throws {
        let pipe = try Pipe()
        close(pipe.reading)
        let lines = LogLines(pipe.writing)
        lines.write("one\n")
        lines.settle(milliseconds: 60_000)
        // Whoever would be told is not there: a line about it would be the next that is lost.
        #expect(lines.leftOut == 1 && lines.takeLeftOut() == nil)
        lines.write("two\n")
        lines.settle(milliseconds: 60_000)
        #expect(lines.leftOut == 2)
    }

    @Test("a file that was opened not to wait is written all the same")
    func notWaiting() throws {
        let pipe = try Pipe()
        _ = fcntl(pipe.writing, F_SETFL, O_NONBLOCK)
        let lines = LogLines(pipe.writing)
        for _ in 0..<200 { lines.write(Self.line) }
        #expect(pipe.read(until: String(repeating: Self.line, count: 200)).utf8.count == 200_000)
        #expect(lines.leftOut == 0)
    }
}
