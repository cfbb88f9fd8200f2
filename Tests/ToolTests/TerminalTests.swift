import Importing
import JSON
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

    @Test("what is drawn as nothing is shown as its number, what emoji are made of is not")
    func invisible() {
        #expect(
            Escaping.printable("a\u{3164}b\u{115F}\u{E0041}") == "a\\u{3164}b\\u{115F}\\u{E0041}")
        #expect(Escaping.printable("\u{AD}\u{E000}") == "\\u{AD}\\u{E000}")
        #expect(Escaping.printable("❤️ 👍🏽") == "❤️ 👍🏽")
    }

    @Test("JSON for programs means the same and moves no cursor either")
    func documents() throws {
        let texts = [
            "plain", "señor 김 😀", "a\u{9B}2Jb", "x\u{202E}y\u{2066}z", "a\u{2028}b\u{7F}c",
            "\u{E0041}\u{10FFFE}", "a\nb\u{1B}\"\\",
        ]
        for text in texts {
            var plain: [UInt8] = []
            JSONValue.object([JSONValue.Member(text, .string(text))]).write(to: &plain)
            let shown = Escaping.document(plain + [0x0A] + plain)
            let lines = shown.split(separator: 0x0A)
            #expect(lines.count == 2)
            for line in lines {
                #expect(try JSONValue.read(Array(line)) == JSONValue.read(plain))
                let string = String(decoding: line, as: UTF8.self)
                #expect(Escaping.printable(string) == string)
            }
        }
        #expect(Escaping.document([0x22, 0xFF, 0x22]) == [0x22, 0xFF, 0x22])
    }

    @Test("a failure's lines are ours; line breaks from outside are escaped")
    func complaint() {
        let failure = ToolFailure("cannot read a\nb\u{1B}[2J: no", "Try again.")
        #expect(
            Terminal.complaint(failure.lines)
                == "throughline: cannot read a\\nb\\u{1B}[2J: no\nTry again.\n")
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

    /// What somebody could put into every name and value that a producer chooses.
    private static let hostile = "\u{1B}[2J\r\n\u{202E}\u{2028}\u{9B}\u{7F}\u{3164}"

    @Test("nothing in an event or a view reaches the terminal unescaped, in whatever place")
    func hostileDocuments() throws {
        let bad = JSONValue.string(Self.hostile)
        let names = ["position", "occurred", "type", "source", "id", "waiting", Self.hostile]
        let object = JSONValue.object(names.map { JSONValue.Member($0, bad) })
        let event = JSONValue.object([
            JSONValue.Member("position", bad), JSONValue.Member("occurred", bad),
            JSONValue.Member("type", bad), JSONValue.Member("attributes", object),
            JSONValue.Member("identifiers", .array([object])),
            JSONValue.Member(Self.hostile, .array([bad, bad])),
        ])
        let rows = JSONValue.object([JSONValue.Member("rows", .array([object, object]))])
        var shown = [EventLine.text(event)]
        for document in [
            event, object, bad, .array([object, object]), .array([event, bad]), rows,
        ] {
            let text = DocumentPrinter.text(document, bars: ["waiting"])
            shown += text.split(separator: "\n").map(String.init)
        }
        let table = try #require(MetricsTable.text(rows))
        shown += table.split(separator: "\n").map(String.init)
        for line in shown { #expect(Escaping.printable(line) == line) }
    }
}
