import RESP
import Testing

@Suite("Replies as they are read")
struct ReplyParserTests {
    @Test("scalars of RESP2")
    func scalars2() {
        expectReply("+OK\r\n", .simple("OK"))
        expectReply("+\r\n", .simple(""))
        expectReply("-ERR no such\r\n", .error(code: "ERR", message: "no such"))
        expectReply("-ERR\r\n", .error(code: "ERR", message: ""))
        expectReply(":0\r\n", .integer(0))
        expectReply(":+7\r\n", .integer(7))
        expectReply(":-9223372036854775808\r\n", .integer(.min))
        expectReply("$0\r\n\r\n", .bulk([]))
        expectReply("$4\r\na\r\nb\r\n", .bulk(bytes("a\r\nb")))
        expectReply("$-1\r\n", .null)
        expectReply("*-1\r\n", .null)
    }

    @Test("scalars of RESP3")
    func scalars3() {
        expectReply("_\r\n", .null)
        expectReply("#t\r\n", .boolean(true))
        expectReply("#f\r\n", .boolean(false))
        expectReply(",1.5\r\n", .double(1.5))
        expectReply(",10\r\n", .double(10))
        expectReply(",-1.5E-3\r\n", .double(-0.0015))
        expectReply(",inf\r\n", .double(.infinity))
        expectReply(",-inf\r\n", .double(-.infinity))
        expectReply(
            "(-3492890328409238509324850943850943825024385\r\n",
            .bigNumber("-3492890328409238509324850943850943825024385"))
        expectReply("=8\r\ntxt:abcd\r\n", .verbatim(format: "txt", text: bytes("abcd")))
        expectReply("!9\r\nERR a\r\nb \r\n", .error(code: "ERR", message: "a\r\nb "))
        let nan = replies(in: bytes(",nan\r\n"))
        guard case .reply(.double(let value)) = nan.first else {
            Issue.record("no double: \(nan)")
            return
        }
        #expect(value.isNaN)
    }

    @Test("aggregates, empty and inside each other")
    func aggregates() {
        expectReply("*0\r\n", .array([]))
        expectReply("%0\r\n", .map([]))
        expectReply(
            "*2\r\n:1\r\n*2\r\n*0\r\n$1\r\na\r\n",
            .array([.integer(1), .array([.array([]), .bulk([0x61])])]))
        expectReply(
            "%2\r\n+a\r\n:1\r\n+b\r\n%1\r\n:2\r\n_\r\n",
            .map([
                .init(key: .simple("a"), value: .integer(1)),
                .init(
                    key: .simple("b"),
                    value: .map([.init(key: .integer(2), value: .null)])),
            ]))
        expectReply("~2\r\n#t\r\n~0\r\n", .set([.boolean(true), .set([])]))
        expectReply(">2\r\n+follow\r\n:1\r\n", .push([.simple("follow"), .integer(1)]))
        expectReply("*3\r\n*-1\r\n$-1\r\n_\r\n", .array([.null, .null, .null]))
    }

    @Test("attributes are read over wherever they stand")
    func attributes() {
        expectReply("|1\r\n+ttl\r\n:9\r\n+OK\r\n", .simple("OK"))
        expectReply("|0\r\n+OK\r\n", .simple("OK"))
        expectReply(
            "*2\r\n|1\r\n+a\r\n*1\r\n:1\r\n:1\r\n|0\r\n:2\r\n",
            .array([.integer(1), .integer(2)]))
        expectReply("|1\r\n|1\r\n:1\r\n:2\r\n+a\r\n:3\r\n|1\r\n:1\r\n:1\r\n_\r\n", .null)
        expectReplies(bytes("|1\r\n+ttl\r\n:9\r\n"), [.pending])
    }

    @Test("replies come out one after the other, and an unfinished one stays")
    func pipeline() {
        expectReplies(
            bytes(":1\r\n*2\r\n+a\r\n+b\r\n>1\r\n+p\r\n*2\r\n+a\r\n"),
            [
                .reply(.integer(1)), .reply(.array([.simple("a"), .simple("b")])),
                .reply(.push([.simple("p")])), .pending,
            ])
    }

    @Test("what can be asked of a reply")
    func accessors() {
        #expect(Reply.integer(3).integerValue == 3)
        #expect(Reply.simple("3").integerValue == nil)
        #expect(Reply.bulk(bytes("ñ")).text == "ñ")
        #expect(Reply.verbatim(format: "txt", text: bytes("x")).text == "x")
        #expect(Reply.null.text == nil)
        #expect(Reply.push([.null]).elements == [.null])
        #expect(Reply.integer(1).elements == nil)
        #expect(Reply.error(code: "ERR", message: "").isError)
        #expect(!Reply.null.isError)
        let flat = Reply.array([.simple("a"), .integer(1), .bulk(bytes("b")), .integer(2)])
        #expect(flat.value(forKey: "b") == .integer(2))
        #expect(flat.value(forKey: "c") == nil)
        #expect(Reply.array([.simple("a")]).value(forKey: "a") == nil)
        let map = Reply.map([.init(key: .simple("a"), value: .integer(1))])
        #expect(map.value(forKey: "a") == .integer(1))
        #expect(Reply.null.value(forKey: "a") == nil)
    }
}
