import RESP
import Testing

@Suite("Refused replies")
struct ReplyErrorTests {
    /// Bytes that are no reply, and the message for them.
    private static let refused: [(String, String)] = [
        ("x", "expected a reply's type, got 'x'"),
        ("\r\n", "expected a reply's type, got '\\r'"),
        ("*1\r\n>1\r\n", "expected a reply's type, got '>'"),
        ("+OK\rx", "expected '\\n', got 'x'"),
        ("$1\r\naxx", "expected '\\r', got 'x'"),
        ("$1\r\na\rx", "expected '\\n', got 'x'"),
        ("$1\rx", "expected '\\n', got 'x'"),
        ("*1\rx", "expected '\\n', got 'x'"),
        (":x\r\n", "invalid integer in reply"),
        (":\r\n", "invalid integer in reply"),
        (":+\r\n", "invalid integer in reply"),
        (":+-1\r\n", "invalid integer in reply"),
        (":9223372036854775808\r\n", "invalid integer in reply"),
        (",\r\n", "invalid double in reply"),
        (",0x10\r\n", "invalid double in reply"),
        (",infinity\r\n", "invalid double in reply"),
        (",1.5.2\r\n", "invalid double in reply"),
        ("#x\r\n", "invalid boolean in reply"),
        ("#\r\n", "invalid boolean in reply"),
        ("_x\r\n", "invalid null in reply"),
        ("(\r\n", "invalid big number in reply"),
        ("(-\r\n", "invalid big number in reply"),
        ("(1x\r\n", "invalid big number in reply"),
        ("=3\r\nabc\r\n", "invalid verbatim string in reply"),
        ("=4\r\nabcd\r\n", "invalid verbatim string in reply"),
        ("$x\r\n", "invalid bulk length: expected at most 67108864, got no integer"),
        ("$-2\r\n", "invalid bulk length: expected at most 67108864, got -2"),
        ("!-1\r\n", "invalid bulk length: expected at most 67108864, got -1"),
        ("$67108865\r\n", "invalid bulk length: expected at most 67108864, got 67108865"),
        ("$67108864\r\n", "too big reply: expected at most 67108864 bytes"),
        ("*-2\r\n", "invalid array length: expected at most 4194304, got -2"),
        ("~-1\r\n", "invalid array length: expected at most 4194304, got -1"),
        ("*4194305\r\n", "invalid array length: expected at most 4194304, got 4194305"),
        ("%2097153\r\n", "invalid map length: expected at most 2097152, got 2097153"),
        (
            "%9223372036854775807\r\n",
            "invalid map length: expected at most 2097152, got 9223372036854775807"
        ),
        (
            "%18446744073709551616\r\n",
            "invalid map length: expected at most 2097152, got no integer"
        ),
    ]

    @Test("each says what is wrong", arguments: refused)
    func golden(_ sent: String, _ message: String) {
        guard case .failure(let error) = replies(in: bytes(sent)).last else {
            Issue.record("not refused")
            return
        }
        #expect("\(error)" == message)
        expectReplies(bytes(sent), [.failure(error)])
    }

    @Test("as deep as allowed, and one level more")
    func depth() {
        let limits = ReplyLimits(depthMax: 2)
        expectReplies(
            bytes("*1\r\n%1\r\n:1\r\n:2\r\n"),
            [.reply(.array([.map([.init(key: .integer(1), value: .integer(2))])]))],
            limits: limits)
        expectReplies(
            bytes("*1\r\n*1\r\n*0\r\n"), [.failure(.replyTooDeep(max: 2))], limits: limits)
        let bomb = bytes(String(repeating: "*1\r\n", count: 100_000))
        #expect(replies(in: bomb) == [.failure(.replyTooDeep(max: 16))])
    }

    @Test("as many values as allowed, and one more")
    func elements() {
        let limits = ReplyLimits(elementsMax: 4)
        let four = bytes("*2\r\n*2\r\n:1\r\n:2\r\n:3\r\n")
        expectReplies(
            four + four,
            [
                .reply(.array([.array([.integer(1), .integer(2)]), .integer(3)])),
                .reply(.array([.array([.integer(1), .integer(2)]), .integer(3)])),
            ], limits: limits)
        expectReplies(
            bytes("*2\r\n*3\r\n"), [.failure(.tooManyElements(max: 4))], limits: limits)
        expectReplies(
            bytes("%3\r\n"), [.failure(.invalidLength(.map, got: 3, max: 2))], limits: limits)
    }

    @Test("as many bytes as allowed, and one more")
    func size() {
        let limits = ReplyLimits(replyBytesMax: 16)
        expectReplies(
            bytes("$10\r\n0123456789\r\n"), [.failure(.replyTooLarge(max: 16))], limits: limits)
        expectReplies(
            bytes("$9\r\n012345678\r\n"), [.reply(.bulk(bytes("012345678")))], limits: limits)
        expectReplies(
            bytes("*2\r\n$1\r\na\r\n:100\r\n"), [.failure(.replyTooLarge(max: 16))],
            limits: limits)
        expectReplies(
            bytes("*2\r\n$1\r\na\r\n:10\r\n:2\r\n"),
            [.reply(.array([.bulk([0x61]), .integer(10)])), .reply(.integer(2))], limits: limits)
    }

    @Test("as long a line as allowed, and one byte more")
    func line() {
        let limits = ReplyLimits(lineBytesMax: 4)
        expectReplies(bytes("+abcd\r\n"), [.reply(.simple("abcd"))], limits: limits)
        expectReplies(bytes("+abcde\r\n"), [.failure(.lineTooLong(max: 4))], limits: limits)
        expectReplies(bytes("+abcd"), [.pending], limits: limits)
    }
}
