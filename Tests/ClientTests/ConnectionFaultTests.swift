import Client
import Glibc
import RESP
import Testing

@Suite("Connections that fail")
struct ConnectionFaultTests {
    /// What a call gives against a daemon that reads once, writes this and closes.
    private func call(answered answer: String) throws(ClientError) -> Reply {
        try withPeer { peer in
            _ = peer.read()
            peer.write(answer)
        } use: { connection throws(ClientError) in
            var connection = connection
            return try connection.call("PING")
        }
    }

    @Test(
        "a daemon that closes in the middle of a reply", arguments: ["$10\r\nabc", "*2\r\n:1\r\n"])
    func midReply(_ answer: String) {
        #expect(throws: ClientError.closed(path: pairPath, unansweredRequests: 1, midReply: true)) {
            try call(answered: answer)
        }
    }

    @Test("a daemon that closes without an answer")
    func noAnswer() {
        let error = #expect(throws: ClientError.self) { try call(answered: "") }
        #expect(error == .closed(path: pairPath, unansweredRequests: 1, midReply: false))
        #expect(
            error?.description
                == "the daemon on /run/example/socket closed the connection with 1 requests "
                + "unanswered; connect again and repeat them")
    }

    @Test("what is no reply says what came")
    func invalidReply() {
        let error = #expect(throws: ClientError.self) { try call(answered: "HTTP/1.1 400\r\n") }
        #expect(
            error?.description
                == "the daemon on /run/example/socket sent no valid reply: expected a reply's "
                + "type, got 'H'")
    }

    @Test("a reply that nobody asked for")
    func unexpectedReply() {
        #expect(throws: ClientError.unexpectedReply(path: pairPath)) {
            try withPeer { peer in
                peer.write(":1\r\n")
            } use: { connection throws(ClientError) in
                var connection = connection
                return try connection.receive()
            }
        }
    }

    @Test("a daemon that refuses and closes while much is to be sent: its reason is returned")
    func refusedWhileSending() throws {
        let payload = [UInt8](repeating: 0x61, count: 4 << 20)
        let reply = try withPeer { peer in
            peer.write("-ERR Protocol error: too big request\r\n")
        } use: { connection throws(ClientError) in
            var connection = connection
            return try connection.call([payload])
        }
        #expect(reply == .error(code: "ERR", message: "Protocol error: too big request"))
    }

    @Test("what a daemon sent before it closed is received, then that it closed")
    func receivedBeforeClose() throws {
        var replies: [Reply] = []
        let error = #expect(throws: ClientError.self) {
            try withPeer { peer in
                peer.write(":1\r\n:2\r\n")
            } use: { connection throws(ClientError) in
                var connection = connection
                for _ in 0..<3 { connection.send([[UInt8](repeating: 0x61, count: 400_000)]) }
                while true { replies.append(try connection.receive()) }
            }
        }
        #expect(replies == [.integer(1), .integer(2)])
        #expect(error == .closed(path: pairPath, unansweredRequests: 1, midReply: false))
    }

    @Test("writing to a daemon that is gone throws and raises no signal")
    func gone() {
        #expect(throws: ClientError.closed(path: pairPath, unansweredRequests: 1, midReply: false))
        {
            try withPeer { _ in
            } use: { connection throws(ClientError) in
                var connection = connection
                connection.send([[UInt8](repeating: 0x61, count: 4 << 20)])
                try connection.flush()
            }
        }
    }

    @Test("a daemon that stays silent is waited for as long as allowed")
    func timeout() {
        #expect(throws: ClientError.timedOut(path: pairPath, unansweredRequests: 1)) {
            try withPeer(timeout: .milliseconds(1)) { peer in
                while !peer.read().isEmpty {}
            } use: { connection throws(ClientError) in
                var connection = connection
                return try connection.call("PING")
            }
        }
    }

    @Test("signals interrupt nothing")
    func interruptions() throws {
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = { _ in }
        unsafe sigaction(SIGUSR2, &action, nil)
        let client = pthread_self()
        let payload = [UInt8](repeating: 1, count: 500_000)
        let reply = try withPeer { peer in
            peer.serve { arguments, writer in
                for _ in 0..<20 { pthread_kill(client, SIGUSR2) }
                return answerSimply(arguments, &writer)
            }
        } use: { connection throws(ClientError) in
            var connection = connection
            for _ in 0..<20 { _ = try connection.call("PING") }
            return try connection.call([Array("ECHO".utf8), payload])
        }
        #expect(reply == .bulk(payload))
    }
}
