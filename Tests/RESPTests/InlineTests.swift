import RESP
import Testing

@Suite("Inline requests")
struct InlineTests {
    @Test("words are split at white space and the line may end with or without CR")
    func words() {
        expectRequests(bytes("PING\r\n"), [request("PING")])
        expectRequests(bytes("PING\n"), [request("PING")])
        expectRequests(bytes(" \tget  key\u{0B}x \r\n"), [request("get", "key\u{0B}x")])
        expectRequests(bytes("a \u{0B}\u{0C} b\n"), [request("a", "b")])
        expectRequests(bytes("a\rb\n"), [request("a", "b")])
        expectRequests(bytes("PING"), [.pending(byteCount: 4)])
    }

    @Test("empty lines ask nothing")
    func blanks() {
        expectRequests(
            bytes("\r\n\n   \t \r\nPING\r\n"), [.blank, .blank, .blank, request("PING")])
    }

    @Test("double quotes know escapes")
    func doubleQuotes() {
        expectRequests(
            bytes(#"a "b c" "\x41\x7a\xfF" "\n\r\t\b\a\\\"\q" """# + "\r\n"),
            [
                .request([
                    bytes("a"), bytes("b c"), [0x41, 0x7A, 0xFF],
                    [10, 13, 9, 8, 7, 92, 34, 113], [],
                ])
            ])
        expectRequests(bytes(#""\x4" "\xg1" "'""# + "\n"), [request("x4", "xg1", "'")])
    }

    @Test("single quotes know only the escaped single quote")
    func singleQuotes() {
        expectRequests(
            bytes(#"'a b' 'it\'s' '\n' '"' ''"# + "\n"),
            [request("a b", "it's", #"\n"#, "\"", "")])
    }

    @Test("a quote may begin inside a word and ends it")
    func quoteInsideWord() {
        expectRequests(bytes("key=\"a b\" x'y z'\n"), [request("key=a b", "xy z")])
    }

    @Test("an inline request's arguments stay those of the last request")
    func alternating() {
        let frame = bytes("*1\r\n$4\r\nPING\r\n")
        expectRequests(
            bytes("'a b' c\n") + frame + bytes("d\n\n") + frame,
            [request("a b", "c"), request("PING"), request("d"), .blank, request("PING")])
    }

    @Test("a line is searched once, however slowly it comes")
    func resumes() {
        var parser = RequestParser()
        var line: [UInt8] = []
        for count in 1...2_000 {
            line.append(UInt8(ascii: "x"))
            #expect(outcome(of: &parser, line) == .incomplete(neededBytes: 1))
            #expect(parser.searchedLineBytes == count)
        }
        line.append(UInt8(ascii: "\n"))
        #expect(outcome(of: &parser, line) == .request(consumedBytes: 2_001))
    }
}
