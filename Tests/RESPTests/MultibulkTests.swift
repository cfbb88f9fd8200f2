import RESP
import Testing

@Suite("Multibulk requests")
struct MultibulkTests {
    @Test("a request's arguments are found where they lie, however the bytes are cut")
    func arguments() {
        expectRequests(bytes("*1\r\n$4\r\nPING\r\n"), [request("PING")])
        expectRequests(bytes("*2\r\n$4\r\nECHO\r\n$0\r\n\r\n"), [request("ECHO", "")])
        expectRequests(
            bytes("*3\r\n$3\r\nSET\r\n$10\r\n0123456789\r\n$2\r\nñ\r\n"),
            [request("SET", "0123456789", "ñ")])
    }

    @Test("an argument may hold any bytes, line ends and frames included")
    func binary() {
        let payload: [UInt8] = [0, 13, 10, 36, 49, 13, 10, 42, 255, 0]
        expectRequests(
            bytes("*2\r\n$4\r\nECHO\r\n$10\r\n") + payload + bytes("\r\n"),
            [.request([bytes("ECHO"), payload])])
    }

    @Test("pipelined requests come out one after the other, what is unfinished stays")
    func pipeline() {
        let ping = bytes("*1\r\n$4\r\nPING\r\n")
        expectRequests(
            ping + bytes("INFO\r\n") + ping + bytes("*2\r\n$1\r\na\r\n$5\r\nbcd"),
            [request("PING"), request("INFO"), request("PING"), .pending(byteCount: 18)])
    }

    @Test("an empty or negative multibulk asks nothing, as in Redis")
    func blanks() {
        expectRequests(
            bytes("*0\r\n*-1\r\n*-10\r\n*1\r\n$4\r\nPING\r\n"),
            [.blank, .blank, .blank, request("PING")])
    }

    @Test("how many bytes are missing is told as soon as a length is known")
    func neededBytes() {
        var parser = RequestParser()
        let head = bytes("*2\r\n$4\r\nECHO\r\n$100\r\nabc")
        #expect(outcome(of: &parser, head) == .incomplete(neededBytes: 99))
        let header = bytes("*2\r\n$4\r\nECHO\r\n$100\r")
        var another = RequestParser()
        #expect(outcome(of: &another, header) == .incomplete(neededBytes: 1))
        var empty = RequestParser()
        #expect(outcome(of: &empty, []) == .incomplete(neededBytes: 1))
    }

    @Test("words are compared without regard to case, in letters only")
    func equalsIgnoringCase() {
        var parser = RequestParser()
        let frame = bytes("*4\r\n$6\r\naPpEnD\r\n$2\r\n[@\r\n$2\r\n{`\r\n$0\r\n\r\n")
        #expect(outcome(of: &parser, frame) == .request(consumedBytes: frame.count))
        let arguments = parser.arguments(in: frame.span.octets)
        #expect(arguments.count == 4)
        let same = [
            arguments.equalsIgnoringCase(0, "APPEND"), arguments.equalsIgnoringCase(0, "append"),
            arguments.equalsIgnoringCase(3, ""),
        ]
        #expect(same == [true, true, true])
        let different = [
            arguments.equalsIgnoringCase(0, "APPENDS"), arguments.equalsIgnoringCase(0, "APPENT"),
            arguments.equalsIgnoringCase(1, "{`"), arguments.equalsIgnoringCase(2, "[@"),
        ]
        #expect(different == [false, false, false, false])
    }

    @Test("arguments are read as integers, strictly, and as text")
    func values() {
        var parser = RequestParser()
        let words = [
            "0", "-1", "9223372036854775807", "-9223372036854775808", "42",
            "9223372036854775808", "-9223372036854775809", "-0", "007", "+1", "", "-", "1 ",
            "99999999999999999999",
        ]
        var frame = bytes("*\(words.count + 1)\r\n")
        for word in words { frame += bytes("$\(word.utf8.count)\r\n\(word)\r\n") }
        frame += bytes("$2\r\n") + [0xC3, 0x28] + bytes("\r\n")
        #expect(outcome(of: &parser, frame) == .request(consumedBytes: frame.count))
        let arguments = parser.arguments(in: frame.span.octets)
        let integers = words.indices.map { arguments.integer(at: $0) }
        #expect(
            integers == [0, -1, .max, .min, 42] + [Int64?](repeating: nil, count: 9))
        let texts = [arguments.string(at: 4), arguments.string(at: words.count)]
        #expect(texts == ["42", nil], "what is not UTF-8 is no text")
        let copy = arguments.copy(at: words.count)
        #expect(copy == [0xC3, 0x28])
    }

    @Test("bytes before the request's first one are not looked at again after it is done")
    func reuse() {
        var parser = RequestParser()
        let one = bytes("*2\r\n$1\r\na\r\n$1\r\nb\r\n")
        let other = bytes("*1\r\n$1\r\nc\r\n")
        for _ in 0..<3 {
            #expect(outcome(of: &parser, one) == .request(consumedBytes: one.count))
            let count = parser.arguments(in: one.span.octets).count
            #expect(count == 2)
            #expect(outcome(of: &parser, other) == .request(consumedBytes: other.count))
            let name = parser.arguments(in: other.span.octets).string(at: 0)
            #expect(name == "c")
        }
    }
}
