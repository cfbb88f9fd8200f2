import RESP
import Testing

/// Bytes that are no request, and the answer to them.
struct RefusedRequest: CustomTestStringConvertible {
    var sent: [UInt8]
    var answer: String

    var testDescription: String { answer }

    init(_ sent: String, _ answer: String) {
        self.init(bytes(sent), answer)
    }

    init(_ sent: [UInt8], _ answer: String) {
        self.sent = sent
        self.answer = answer
    }

    static let all: [RefusedRequest] = [
        RefusedRequest("*1\r\nxPING\r\n", "expected '$', got 'x'"),
        RefusedRequest("*1\r\n\r\n", "expected '$', got '\\r'"),
        RefusedRequest("*1\r\n\n", "expected '$', got '\\n'"),
        RefusedRequest("*1\r\n'", "expected '$', got '\\''"),
        RefusedRequest("*1\r\n\\", "expected '$', got '\\\\'"),
        RefusedRequest(bytes("*1\r\n") + [0x1B], "expected '$', got '\\x1b'"),
        RefusedRequest(bytes("*1\r\n") + [0x07], "expected '$', got '\\x07'"),
        RefusedRequest(bytes("*1\r\n") + [0xFF], "expected '$', got '\\xff'"),
        RefusedRequest("*1\r\n$4\r\nPINGxx", "expected '\\r', got 'x'"),
        RefusedRequest("*1\r\n$4\r\nPING\rx", "expected '\\n', got 'x'"),
        RefusedRequest("*1\rx", "expected '\\n', got 'x'"),
        RefusedRequest("*1\r\n$4\rx", "expected '\\n', got 'x'"),
        RefusedRequest("*x\r\n", multibulk + "no integer"),
        RefusedRequest("*\r\n", multibulk + "no integer"),
        RefusedRequest("*-\r\n", multibulk + "no integer"),
        RefusedRequest("*-0\r\n", multibulk + "no integer"),
        RefusedRequest("*01\r\n", multibulk + "no integer"),
        RefusedRequest("*+1\r\n", multibulk + "no integer"),
        RefusedRequest("*1 \r\n", multibulk + "no integer"),
        RefusedRequest("*1\n", multibulk + "no integer"),
        RefusedRequest("*16385\r\n", multibulk + "16385"),
        RefusedRequest("*2147483648\r\n", multibulk + "2147483648"),
        RefusedRequest("*9223372036854775807\r\n", multibulk + "9223372036854775807"),
        RefusedRequest("*9223372036854775808\r\n", multibulk + "no integer"),
        RefusedRequest("*18446744073709551616\r\n", multibulk + "no integer"),
        RefusedRequest("*99999999999999999999999\r\n", multibulk + "no integer"),
        RefusedRequest("*1\r\n$-1\r\n", bulk + "-1"),
        RefusedRequest("*1\r\n$-9223372036854775807\r\n", bulk + "-9223372036854775807"),
        RefusedRequest("*1\r\n$-9223372036854775809\r\n", bulk + "no integer"),
        RefusedRequest("*1\r\n$1048577\r\n", bulk + "1048577"),
        RefusedRequest("*1\r\n$9223372036854775807\r\n", bulk + "9223372036854775807"),
        RefusedRequest("*1\r\n$9223372036854775808\r\n", bulk + "no integer"),
        RefusedRequest("*1\r\n$\r\n", bulk + "no integer"),
        RefusedRequest("*1\r\n$4a\r\n", bulk + "no integer"),
        RefusedRequest("\"a\n", "unbalanced quotes in request"),
        RefusedRequest("'a\n", "unbalanced quotes in request"),
        RefusedRequest("'a'b\n", "unbalanced quotes in request"),
        RefusedRequest("\"a\"b\n", "unbalanced quotes in request"),
        RefusedRequest("\"a\\\"\n", "unbalanced quotes in request"),
        RefusedRequest("\"\\\n", "unbalanced quotes in request"),
        RefusedRequest("a\0b\n", "NUL byte in inline request"),
    ]

    private static let multibulk = "invalid multibulk length: expected at most 16384, got "
    private static let bulk = "invalid bulk length: expected at most 1048576, got "

}

@Suite("Refused requests")
struct ProtocolErrorTests {
    @Test("each says what was expected and what came", arguments: RefusedRequest.all)
    func golden(_ refused: RefusedRequest) throws {
        let items = requests(in: refused.sent)
        guard case .failure(let error) = items.last, items.count == 1 else {
            Issue.record("not refused: \(items)")
            return
        }
        var writer = ReplyWriter()
        writer.error(error)
        #expect(text(writer.buffer) == "-ERR Protocol error: \(refused.answer)\r\n")
        expectRequests(refused.sent, [.failure(error)])
    }

    @Test("what came before a refused request is still served")
    func requestsBefore() {
        expectRequests(
            bytes("PING\r\n*1\r\n$4\r\nINFO\r\n*x"),
            [
                request("PING"), request("INFO"),
                .failure(.invalidLength(.multibulk, got: nil, max: 16_384)),
            ])
    }

    @Test("no message holds a line end or another control byte")
    func noControlBytes() {
        for byte in UInt8.min...UInt8.max {
            let message = "\(ProtocolError.unexpectedByte(expected: "'$'", got: byte))"
            #expect(message.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
        }
    }
}

/// Returns what a buffer holds, as text.
func text(_ buffer: OutputBuffer) -> String {
    String(decoding: contents(buffer), as: UTF8.self)
}

/// Returns what a buffer holds.
func contents(_ buffer: OutputBuffer) -> [UInt8] {
    buffer.bytes.octetsCopied()
}
