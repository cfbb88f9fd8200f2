import EventModel
import Testing

@testable import Importing

@Suite("lines of a file")
struct LineReaderTests {
    private func lines(
        _ text: String, stride: Int = .max, quote: UInt8? = nil
    ) throws -> [(Int, String)] {
        let source = MemorySource(Array(text.utf8), stride: stride)
        var reader = LineReader(source, quote: quote, delimiter: UInt8(ascii: ","))
        var lines: [(Int, String)] = []
        while try reader.next() { lines.append((reader.lineNumber, reader.line.text())) }
        return lines
    }

    @Test("every way to cut the bytes gives the same lines", arguments: [1, 2, 3, 7, 1_000])
    func strides(stride: Int) throws {
        let found = try lines("one\r\n\ntwo\nlast without a feed", stride: stride)
        #expect(found.map(\.1) == ["one", "", "two", "last without a feed"])
        #expect(found.map(\.0) == [1, 2, 3, 4])
    }

    @Test("nothing has no line, and a feed at the end begins none")
    func ends() throws {
        #expect(try lines("").isEmpty)
        #expect(try lines("a\n").map(\.1) == ["a"])
        #expect(try lines("\n").map(\.1) == [""])
    }

    @Test("a byte order mark is no text")
    func mark() throws {
        #expect(try lines("\u{FEFF}a\nb").map(\.1) == ["a", "b"])
    }

    @Test("quoted line feeds stay in their line, and lines are counted on", arguments: [1, 5, 100])
    func quotes(stride: Int) throws {
        let text = "a,\"x\ny\"\nb,\"he said \"\"no\n\"\"\"\nc,5\" disc\nd\n"
        let found = try lines(text, stride: stride, quote: UInt8(ascii: "\""))
        #expect(found.map(\.1) == ["a,\"x\ny\"", "b,\"he said \"\"no\n\"\"\"", "c,5\" disc", "d"])
        #expect(found.map(\.0) == [1, 3, 5, 6])
    }

    @Test("a NUL at the start says that it is no text")
    func binary() {
        #expect(throws: ImportError.notText(path: "memory", offset: 2)) {
            try lines("ab\u{0}c\n")
        }
    }

    @Test("a line without an end is refused before it fills the memory")
    func tooLong() {
        let text = "ok\n" + String(repeating: "x", count: ImportLimits.lineBytesMax * 2)
        #expect(
            throws: ImportError.lineTooLong(
                path: "memory", line: 2, bytesMax: ImportLimits.lineBytesMax)
        ) {
            try lines(text, stride: 4_096)
        }
    }

    @Test("lines longer than a read come whole")
    func longLines() throws {
        let long = String(repeating: "y", count: ImportLimits.readBytes * 2 + 17)
        #expect(try lines("\(long)\nshort\n\(long)").map(\.1) == [long, "short", long])
    }
}
