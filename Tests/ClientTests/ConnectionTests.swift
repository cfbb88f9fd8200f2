import Client
import RESP
import Testing

@Suite("Calls on one connection")
struct ConnectionTests {
    @Test("a call returns its reply")
    func call() throws {
        let replies = try withPeer { peer in
            peer.serve(answerSimply)
        } use: { connection throws(ClientError) in
            var connection = connection
            return [
                try connection.call("PING"),
                try connection.call(["ECHO", "déjà\r\n"]),
                try connection.call([Array("ECHO".utf8), [0, 255]]),
                try connection.call { encoder in
                    encoder.begin(argumentCount: 2)
                    encoder.append("ECHO")
                    encoder.append(-42)
                },
            ]
        }
        #expect(
            replies == [
                .simple("PONG"), .bulk(Array("déjà\r\n".utf8)), .bulk([0, 255]),
                .bulk(Array("-42".utf8)),
            ])
    }

    @Test("an error reply is a reply, and the connection lives")
    func errorReply() throws {
        let replies = try withPeer { peer in
            peer.serve(answerSimply)
        } use: { connection throws(ClientError) in
            var connection = connection
            return [try connection.call("FAIL"), try connection.call("PING")]
        }
        #expect(
            replies == [
                .error(code: "WRONGVERSION", message: "expected 1, stream is at 2"),
                .simple("PONG"),
            ])
    }

    @Test("queued requests are sent by receive and answered in order")
    func queued() throws {
        let (replies, left) = try withPeer { peer in
            peer.serve(answerSimply)
        } use: { connection throws(ClientError) in
            var connection = connection
            connection.send(["PING"])
            connection.send([Array("ECHO".utf8), [1]])
            let before = connection.unansweredRequests
            let replies = [try connection.receive(), try connection.receive()]
            return (replies, [before, connection.unansweredRequests])
        }
        #expect(replies == [.simple("PONG"), .bulk([1])])
        #expect(left == [2, 0])
    }

    @Test("a flush deeper than both socket buffers does not stop a daemon that answers first")
    func deepFlush() throws {
        let count = 2_000
        let payload = [UInt8](repeating: 7, count: 3_000)
        let equal = try withPeer { peer in
            peer.serve(answerSimply)
        } use: { connection throws(ClientError) in
            var connection = connection
            for _ in 0..<count { connection.send([Array("ECHO".utf8), payload]) }
            try connection.flush()
            var equal = 0
            for _ in 0..<count where try connection.receive() == .bulk(payload) { equal += 1 }
            return equal
        }
        #expect(equal == count)
    }

    @Test("one request and one reply larger than the socket buffers")
    func large() throws {
        let payload = (0..<900_000).map { UInt8(truncatingIfNeeded: $0) }
        let reply = try withPeer(sendBufferBytes: 4_096) { peer in
            peer.serve(answerSimply)
        } use: { connection throws(ClientError) in
            var connection = connection
            return try connection.call([Array("ECHO".utf8), payload])
        }
        #expect(reply == .bulk(payload))
    }

    @Test("pushes before a reply are kept for receive, in order")
    func pushes() throws {
        let replies = try withPeer { peer in
            peer.serve(answerSimply)
        } use: { connection throws(ClientError) in
            var connection = connection
            return [
                try connection.call("PUSH", "2"), try connection.call("PING"),
                try connection.receive(), try connection.receive(),
            ]
        }
        let event = Reply.bulk(Array("event".utf8))
        #expect(
            replies == [
                .simple("OK"), .simple("PONG"), .push([event, .integer(0)]),
                .push([event, .integer(1)]),
            ])
    }

    @Test("a reply that comes one byte at a time is put together")
    func trickle() throws {
        let reply = try withPeer { peer in
            _ = peer.read()
            for byte in Array("*2\r\n$3\r\nabc\r\n:-1\r\n".utf8) { peer.write([byte]) }
        } use: { connection throws(ClientError) in
            var connection = connection
            return try connection.call("PING")
        }
        #expect(reply == .array([.bulk(Array("abc".utf8)), .integer(-1)]))
    }

    @Test("many pushes are kept and come out in order, however they are taken")
    func manyPushes() throws {
        let numbers = try withPeer { peer in
            peer.serve(answerSimply)
        } use: { connection throws(ClientError) in
            var connection = connection
            _ = try connection.call("PUSH", "3000")
            var numbers: [Int64?] = []
            for _ in 0..<2_000 {
                numbers.append(try connection.receive().elements?[1].integerValue)
            }
            _ = try connection.call("PUSH", "1")
            for _ in 0..<1_001 {
                numbers.append(try connection.receive().elements?[1].integerValue)
            }
            return numbers
        }
        #expect(numbers == (0..<3_000).map { $0 } + [0])
    }
}
