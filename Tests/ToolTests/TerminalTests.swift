import Importing
import Testing

@testable import throughline

@Suite("text on a terminal")
struct TerminalTests {
    @Test("what could move the cursor, turn the line round or hide is shown as its number")
    func escaping() {
        #expect(Escaping.printable("plain – señor 김 😀 שלום") == "plain – señor 김 😀 שלום")
        #expect(Escaping.printable("a\u{1B}[2Jb") == "a\\u{1B}[2Jb")
        #expect(Escaping.printable("a\nb\r\tc") == "a\\nb\\r\\tc")
        #expect(Escaping.printable("a\r\nb") == "a\\r\\nb")
        #expect(Escaping.printable("x\u{202E}y\u{2066}z") == "x\\u{202E}y\\u{2066}z")
        #expect(Escaping.printable("a\u{2028}b\u{2029}c\u{85}d") == "a\\u{2028}b\\u{2029}c\\u{85}d")
        #expect(Escaping.printable("a\u{200B}b\u{FEFF}") == "a\\u{200B}b\\u{FEFF}")
        #expect(Escaping.printable("\u{7F}\u{0}") == "\\u{7F}\\u{0}")
        #expect(Escaping.printable("👨‍👩‍👧") == "👨‍👩‍👧")
    }

    @Test("columns line up whatever is in them")
    func table() {
        var table = TextTable(titles: ["queue", "waiting"], isNumeric: [false, true])
        table.add(["billing", "7"])
        table.add(["상담", "12"])
        table.add(["e\u{301}t", "3"])
        let lines = table.lines(indentation: "  ")
        #expect(
            Array(lines.dropFirst()) == [
                "  billing        7", "  상담          12", "  e\u{301}t             3",
            ])
    }

    @Test("bars have the length of their share, and something is never nothing")
    func bars() {
        #expect(Bar.text(10, of: 10, width: 4) == "████")
        #expect(Bar.text(5, of: 10, width: 4) == "██")
        #expect(Bar.text(1, of: 1_000, width: 4) == "▏")
        #expect(Bar.text(0, of: 10) == "")
        #expect(Bar.text(3, of: 0) == "")
    }

    @Test("durations are shown in the units that matter")
    func durations() {
        let cases: [(Int64, String)] = [
            (0, "0 ms"), (999, "999 ms"), (1_500, "1.5 s"), (61_000, "1 m 1 s"),
            (3_660_000, "1 h 1 m"), (90_000_000, "1 d 1 h"), (-61_000, "-1 m 1 s"),
            (.min, "-106751991167 d 7 h"),
        ]
        for (milliseconds, text) in cases { #expect(Cell.duration(milliseconds) == text) }
    }

    private func shown(_ json: String, bars: Set<String> = []) throws -> [String] {
        let text = DocumentPrinter.text(try JSONValue.read(Array(json.utf8)), bars: bars)
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test("a document shows names beside values, objects below, lists of objects as tables")
    func document() throws {
        let lines = try shown(
            """
            {"position":7,"oldest_wait_ms":61000,"tags":["a","b"],"none":[],"nothing":null,
             "inner":{"open":true},
             "queues":[{"name":"x","waiting":4},{"name":"yy\\u001b","agents":2}]}
            """, bars: ["waiting"])
        #expect(
            lines == [
                "position     7", "oldest wait  1 m 1 s", "tags         a, b", "none         none",
                "nothing      –", "", "inner", "  open  yes", "", "queues",
                "  name      waiting  agents", "  x               4       –  ████████████████████",
                "  yy\\u{1B}        –       2", "",
            ])
    }

    @Test("lists that fit no table are shown one below the other")
    func nested() throws {
        let lines = try shown("[{\"a\":[{\"b\":1}]},{\"a\":[{\"b\":2}]},3]")
        #expect(lines.contains("  b") && lines.contains("3"))
    }

    @Test("inner objects are columns of their table")
    func flattened() throws {
        let lines = try shown(
            """
            [{"queue":"x","totals":{"offered":4,"queue":1}},{"queue":"y","totals":{}}]
            """)
        #expect(lines[0] == "queue  offered  totals queue  totals")
        #expect(lines[1] == "x            4             1  –")
    }

    @Test("an event is one line, long values cut")
    func eventLine() throws {
        let event = try JSONValue.read(
            Array(
                """
                {"position":12,"type":"queue.entered","occurred":"2026-01-01T00:00:00.000Z",
                 "interaction":"c-1","attributes":{"queue":"billing","note":"\(String(repeating: "x", count: 99))"}}
                """.utf8))
        let line = EventLine.text(event)
        #expect(line.hasPrefix("       12  2026-01-01T00:00:00.000Z  queue.entered"))
        #expect(line.contains("interaction=c-1  queue=billing  note=xxx"))
        #expect(line.hasSuffix("x…"))
    }
}
