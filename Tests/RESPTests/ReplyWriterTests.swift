import RESP
import Testing

@Suite("Replies as they are written")
struct ReplyWriterTests {
    /// Returns what is written in RESP2 and in RESP3.
    private func both(_ write: (inout ReplyWriter) -> Void) -> [String] {
        [ProtocolVersion.resp2, .resp3].map { version in
            var writer = ReplyWriter(protocolVersion: version)
            write(&writer)
            return text(writer.buffer)
        }
    }

    @Test("strings, integers and arrays are the same in both versions")
    func common() {
        func same(_ expected: String, _ write: (inout ReplyWriter) -> Void) {
            #expect(both(write) == [expected, expected])
        }
        same("+OK\r\n") { $0.simpleString("OK") }
        same("+\r\n") { $0.simpleString("") }
        same("+déjà\r\n") { $0.simpleString("déjà" as String) }
        same("-ERR no such command\r\n") { $0.error("ERR", "no such command") }
        same("-FULL disk \r\n") { $0.error(code: "FULL", "disk ") }
        same(":0\r\n") { $0.integer(0) }
        same(":-9223372036854775808\r\n") { $0.integer(Int64.min) }
        same(":18446744073709551615\r\n") { $0.integer(UInt64.max) }
        same(":-128\r\n") { $0.integer(Int8.min) }
        same("$0\r\n\r\n") { $0.bulk("") }
        same("$3\r\na\rb\r\n") { $0.bulk("a\rb") }
        same("$5\r\nhello\r\n") { $0.bulk("hello" as String) }
        same("$2\r\nab\r\n") { $0.bulk([0x61, 0x62]) }
        same("$3\r\n-42\r\n") { $0.bulk(decimal: -42) }
        same("*0\r\n") { $0.array(0) }
        same("*2\r\n:1\r\n:2\r\n") {
            $0.array(2)
            $0.integer(1)
            $0.integer(2)
        }
    }

    @Test("what RESP2 has no type for is written as Redis writes it there")
    func versions() {
        #expect(both { $0.null() } == ["$-1\r\n", "_\r\n"])
        #expect(both { $0.nullArray() } == ["*-1\r\n", "_\r\n"])
        #expect(both { $0.map(3) } == ["*6\r\n", "%3\r\n"])
        #expect(both { $0.set(3) } == ["*3\r\n", "~3\r\n"])
        #expect(both { $0.push(3) } == ["*3\r\n", ">3\r\n"])
        #expect(both { $0.boolean(true) } == [":1\r\n", "#t\r\n"])
        #expect(both { $0.boolean(false) } == [":0\r\n", "#f\r\n"])
        #expect(both { $0.double(1.5) } == ["$3\r\n1.5\r\n", ",1.5\r\n"])
        #expect(both { $0.double(-0.0) } == ["$4\r\n-0.0\r\n", ",-0.0\r\n"])
        #expect(both { $0.double(1e300) } == ["$6\r\n1e+300\r\n", ",1e+300\r\n"])
        #expect(both { $0.double(.infinity) } == ["$3\r\ninf\r\n", ",inf\r\n"])
        #expect(both { $0.double(-.infinity) } == ["$4\r\n-inf\r\n", ",-inf\r\n"])
        #expect(both { $0.double(-.nan) } == ["$3\r\nnan\r\n", ",nan\r\n"])
        #expect(
            both { $0.bigNumber("-123456789012345678901234567890") } == [
                "$31\r\n-123456789012345678901234567890\r\n",
                "(-123456789012345678901234567890\r\n",
            ])
        #expect(both { $0.verbatim("a\nb") } == ["$3\r\na\nb\r\n", "=7\r\ntxt:a\nb\r\n"])
        #expect(both { $0.verbatim(format: "mkd", "") } == ["$0\r\n\r\n", "=4\r\nmkd:\r\n"])
    }

    @Test("an attribute stands before the value it speaks of")
    func attribute() {
        var writer = ReplyWriter(protocolVersion: .resp3)
        writer.attribute(1)
        writer.bulk("ttl")
        writer.integer(9)
        writer.null()
        #expect(text(writer.buffer) == "|1\r\n$3\r\nttl\r\n:9\r\n_\r\n")
    }

    @Test("no control byte of a line reaches the client")
    func controlBytes() {
        let prose = "a\r\nb\tc\u{1B}[2Jd\u{7F}\0é"
        let expected = "a  b c [2Jd  é\r\n"
        #expect(both { $0.error("ERR", prose) }[0] == "-ERR " + expected)
        #expect(both { $0.error(code: "E\nRR", prose) }[0] == "-E RR " + expected)
        #expect(both { $0.simpleString(prose) }[1] == "+" + expected)
    }

    @Test("the version may change between two replies")
    func hello() {
        var writer = ReplyWriter()
        writer.null()
        writer.protocolVersion = .resp3
        writer.null()
        #expect(text(writer.buffer) == "$-1\r\n_\r\n")
    }
}
