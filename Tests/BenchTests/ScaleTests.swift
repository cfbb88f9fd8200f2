import ArgumentParser
import Foundation
import Synchronization
import Testing

@testable import throughline_bench

@Suite("Waiting for views, and steps that were interrupted")
struct ScaleTests {
    /// A server whose views are late so many times, and move meanwhile or do not.
    private func settle(late: Int, moving: Bool) throws {
        let asked = Mutex(0)
        let server = try FakeServer { words, _ in
            switch words[0] {
            case "HEAD": return ":1000\r\n"
            case "INFO":
                let position = moving ? asked.withLock { $0 } : 7
                let text = "# Views\r\ncustomers_position:\(position)\r\n"
                return "$\(text.utf8.count)\r\n\(text)\r\n"
            default:
                let times = asked.withLock { asked in
                    asked += 1
                    return asked
                }
                return times <= late ? "-STALE the view is at 7\r\n" : "$2\r\n{}\r\n"
            }
        }
        defer { server.stop() }
        try Settling(socketPath: server.path, patienceMilliseconds: 1).run()
    }

    @Test("views are waited for as long as they move, and given up once they stand still")
    func settling() throws {
        try settle(late: 11, moving: true)
        try settle(late: 0, moving: false)
        let failure = #expect(throws: BenchFailure.self) { try settle(late: 11, moving: false) }
        #expect(failure?.description.contains("customers_position:7") == true)
    }

    private func step(_ millions: Int, next: UInt64) -> ScaleStep {
        ScaleStep(
            millions: millions, nextOrdinal: next, appendsPerSecond: 1, lagSeconds: 1,
            cpuMicroseconds: 1, appendP99: 1, cardP99: 1, timelineP99: 1, memoryMiB: 1,
            openSeconds: 1, logBytes: 1, indexBytes: 1, viewBytes: 1)
    }

    @Test("a step that an earlier run had begun has no rate, and nothing is sent where it is done")
    func interrupted() {
        #expect(
            ScaleStep.growth(to: 1, from: 0, after: nil)
                == .init(count: 1_000_000, ordinal: 0, isWhole: true))
        let one = step(1, next: 1_030_000)
        #expect(
            ScaleStep.growth(to: 2, from: 1_030_000, after: one)
                == .init(count: 970_000, ordinal: 1_030_000, isWhole: true))
        #expect(
            ScaleStep.growth(to: 2, from: 1_500_000, after: one)
                == .init(count: 500_000, ordinal: 1_500_000, isWhole: false))
        #expect(
            ScaleStep.growth(to: 2, from: 2_000_500, after: one)
                == .init(count: 0, ordinal: 2_000_500, isWhole: false))
        var half = step(2, next: 0)
        half.appendsPerSecond = nil
        #expect(half.line.contains("–"))
    }

    @Test("a number is read from what a program printed last, and asked for where it is not")
    func numbers() throws {
        let text = "verifying 10 %\nverifying 90 %\n{\"events\":42,\"whole\":true}\n"
        #expect(try Programs.number("events", in: text) == 42)
        #expect(throws: BenchFailure.self) { try Programs.number("whole", in: text) }
    }

    @Test("what was measured until a run fails is written")
    func writtenHalfway() throws {
        let path = "/tmp/tl-halfway-\(UInt32.random(in: 0 ... .max)).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let options = try BenchOptions.parse(["--peers", "none"])
        let bench = Bench(options: options, profile: "x", folder: "/tmp", program: "/bin/true")
        #expect(throws: BenchFailure.self) {
            try BenchOptions.measure(bench, json: path) { bench in
                bench.report.figures.append(.init(name: "first", value: 3, unit: "s"))
                throw BenchFailure("the second could not be measured")
            }
        }
        let report = try JSONDecoder().decode(
            Report.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(report.figures.map(\.name) == ["first"])
    }
}
