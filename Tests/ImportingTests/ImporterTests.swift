import EventModel
import Foundation
import JSON
import Testing

@testable import Importing

@Suite("importing files")
struct ImporterTests {
    private static let now = Timestamp(rfc3339: "2026-01-01T00:00:00Z") ?? .latest
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var letters: String { folder.path + "/dead" }

    private func run(
        _ files: [String], _ toml: String? = nil, batch: Int = 4
    ) throws -> (ImportSummary, [ImportProgress]) {
        let log = ProgressLog()
        var importer = Importer(
            CheckingChannel(now: Self.now), files: files,
            mapping: try toml.map { try Mapping(toml: $0) }, batchEvents: batch,
            deadLettersPath: letters, onProgress: { log.all.append($0) })
        try importer.run()
        return (importer.summary, log.all)
    }

    private final class ProgressLog {
        var all: [ImportProgress] = []
    }

    private func rows(_ range: Range<Int>) -> String {
        range.map { "\($0);x;;990131;1:00:00;;\n" }.joined()
    }

    @Test("files are read in order, and the source's completion is stored at the end")
    func files() throws {
        let paths = [
            try folder.write("1", rows(0..<10)), try folder.write("2", rows(8..<20) + "\n"),
        ]
        let (summary, progress) = try run(paths, SmallTable.text(SmallTable.oneEvent))
        #expect(summary.rowsRead == 22)
        #expect(summary.eventsSent == 23)
        #expect(summary.eventsStored == 21)
        #expect(summary.eventsRepeated == 2)
        #expect(folder.read("dead") == nil)
        #expect(progress.map(\.bytesRead) == progress.map(\.bytesRead).sorted())
        #expect(progress.last?.fileNumber == 2)
        #expect(progress.last?.bytesTotal == (rows(0..<10) + rows(8..<20)).utf8.count + 1)
    }

    @Test("rows that cannot be used go to the dead letters with file, line and raw text")
    func deadLetters() throws {
        let path = try folder.write(
            "t", "1;x;;990131;1:00:00;;\nshort\n2;x;;990131;25:00:00;;\n3;x;;990131;2:00:00;;\n")
        let (summary, _) = try run([path], SmallTable.text(SmallTable.oneEvent))
        #expect(summary.rowsRead == 4)
        #expect(summary.deadLetters == ["fieldCount": 1, "badTime": 1])
        let lines = try (folder.read("dead") ?? "").split(separator: "\n").map {
            try JSONValue.read(Array($0.utf8))
        }
        #expect(lines.map { $0["line"] } == [.integer(2), .integer(3)])
        #expect(lines[0]["raw"] == .string("short"))
        #expect(lines[0]["file"] == .string(path))
        #expect(lines[1]["message"] == .string("column start is not written as h:mm:ss"))
        let mode = try FileManager.default.attributesOfItem(atPath: letters)[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test("bytes that are no UTF-8 are kept as base64")
    func rawBytes() throws {
        let path = folder.path + "/t"
        let good = Array("1;x;;990131;1:00:00;;\n".utf8)
        try Data(good + [0xFF, 0x0A]).write(to: URL(fileURLWithPath: path))
        _ = try run([path], SmallTable.text(SmallTable.oneEvent))
        #expect(folder.read("dead")?.contains("\"raw_base64\":\"/w==\"") == true)
    }

    @Test("a dead letter shows nothing that a terminal would obey, and means the same")
    func hostileRow() throws {
        let raw = "a\u{1B}[2J\u{9B}\u{202E}\u{2028}\u{7F}"
        let path = try folder.write("t", "1;x;;990131;1:00:00;;\n\(raw)\n")
        _ = try run([path], SmallTable.text(SmallTable.oneEvent))
        let letter = try #require(folder.read("dead")?.split(separator: "\n").first)
        #expect(Escaping.printable(String(letter)) == letter)
        #expect(try JSONValue.read(Array(letter.utf8))["raw"] == .string(raw))
    }

    @Test("rows without events are counted")
    func withoutEvents() throws {
        let path = try folder.write("t", rows(0..<5))
        let toml = SmallTable.text(SmallTable.oneEvent + "\nwhen = \"id < 2\"")
        let (summary, _) = try run([path], toml)
        #expect(summary.rowsWithoutEvents == 3)
        #expect(summary.eventsStored == 3)
    }

    @Test("a file that is no such table stops early and leaves no dead letters")
    func hopeless() throws {
        let path = try folder.write("t", String(repeating: "a,b\n", count: 5_000))
        do {
            _ = try run([path], SmallTable.text(SmallTable.oneEvent))
            Issue.record("it was taken")
        } catch let error as ImportError {
            #expect(
                error
                    == .notSuchRows(
                        path: path, rows: ImportLimits.hopelessRows,
                        lastLine: ImportLimits.hopelessRows,
                        fault: "the row has 1 fields, expected 7"))
        }
        #expect(folder.read("dead") == nil)
        let few = try folder.write("few", "a,b\n")
        #expect(throws: ImportError.self) {
            try run([few], SmallTable.text(SmallTable.oneEvent))
        }
    }

    @Test("a header that names other columns is refused by name")
    func header() throws {
        let toml = SmallTable.text(SmallTable.oneEvent).replacing(
            "header = false", with: "header = true")
        let right = "id;a;b;day;start;middle;stop\n"
        let path = try folder.write("t", right + rows(0..<3))
        #expect(try run([path], toml).0.eventsStored == 4)
        let wrong = try folder.write("w", right.replacing("day", with: "date") + rows(0..<3))
        do {
            _ = try run([wrong], toml)
            Issue.record("it was taken")
        } catch {
            #expect("\(error)".contains("column 4 is \"date\", expected \"day\""), "\(error)")
        }
        let fewer = try folder.write("f", "id,a,b\n")
        #expect(throws: ImportError.self) { try run([fewer], toml) }
    }

    @Test("columns that only the header names are found in any order")
    func headerNames() throws {
        let toml = SmallTable.text(SmallTable.oneEvent)
            .replacing("header = false", with: "header = true")
            .replacing(
                "columns = [\"id\", \"a\", \"b\", \"day\", \"start\", \"middle\", \"stop\"]",
                with: "")
        let path = try folder.write(
            "t", "more;stop;middle;start;day;b;a;id\nz;;;1:00:00;990131;;x;7\n")
        #expect(try run([path], toml).0.eventsStored == 2)
        let lacking = try folder.write("l", "stop;middle;start;day;b;a\n;;1:00:00;990131;;x\n")
        #expect(throws: ImportError.self) { try run([lacking], toml) }
    }

    @Test("without a mapping each line is an event; other files are told apart")
    func documents() throws {
        func line(_ id: Int, _ type: String) -> String {
            "{\"specversion\":\"1.0\",\"id\":\"\(id)\",\"source\":\"s\",\"type\":\"\(type)\"}\n"
        }
        let path = try folder.write("e", line(1, "a") + "\n" + line(2, "queue.entered") + "{\n")
        let (summary, _) = try run([path])
        #expect(summary.eventsStored == 2)
        #expect(summary.deadLetters == ["MISSING": 1, "notJSON": 1])
        for (text, word) in [("[{}]\n", "jq -c"), ("a;b\n", "--mapping")] {
            let other = try folder.write("o", text)
            do {
                _ = try run([other])
                Issue.record("it was taken")
            } catch {
                #expect("\(error)".contains(word), "\(error)")
            }
        }
    }

    @Test("compressed files are read like plain ones; damaged ones say so")
    func compressed() throws {
        let plain = try folder.write("t", rows(0..<5_000))
        let tool = Process()
        tool.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        tool.arguments = ["zstd", "-q", plain, "-o", plain + ".zst"]
        try tool.run()
        tool.waitUntilExit()
        try #require(tool.terminationStatus == 0, "this test needs the program zstd")
        let toml = SmallTable.text(SmallTable.oneEvent)
        #expect(try run([plain + ".zst"], toml).0.eventsStored == 5_001)
        let renamed = folder.path + "/renamed"
        try FileManager.default.copyItem(atPath: plain + ".zst", toPath: renamed)
        #expect(try run([renamed], toml).0.eventsStored == 5_001)

        var bytes = try Data(contentsOf: URL(fileURLWithPath: renamed))
        bytes.removeLast(100)
        try bytes.write(to: URL(fileURLWithPath: renamed))
        #expect(throws: ImportError.self) { try run([renamed], toml) }
        let noFrame = try folder.write("n.zst", "not compressed\n")
        #expect(throws: ImportError.self) { try run([noFrame], toml) }
    }

    @Test("files that cannot be read say why")
    func unreadable() throws {
        for path in [folder.path, folder.path + "/none"] {
            #expect(throws: ImportError.self) {
                try run([path], SmallTable.text(SmallTable.oneEvent))
            }
        }
    }

    @Test("the progress line has share, rows, rate and the time that remains")
    func progressLine() {
        let progress = ImportProgress(
            path: "/data/may.txt", fileNumber: 5, fileCount: 7, bytesRead: 250, bytesTotal: 1_000,
            rowsRead: 1_234_567, eventsSent: 5_000_000)
        #expect(
            progress.line(elapsed: .seconds(20))
                == "may.txt (5/7)  25 %  1,234,567 rows  250,000 events/s  1:00 left")
        let pipe = ImportProgress(
            path: "-", fileNumber: 1, fileCount: 1, bytesRead: 5, bytesTotal: nil, rowsRead: 10,
            eventsSent: 20)
        #expect(pipe.line(elapsed: .milliseconds(500)) == "-  10 rows  40 events/s")
    }
}
