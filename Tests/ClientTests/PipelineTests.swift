import Client
import RESP
import Testing

@Suite("Pipelines")
struct PipelineTests {
    /// Collects what a pipeline hands out.
    private final class Answers {
        var replies: [Reply] = []
        var isInOrder = true

        func take(_ sequence: UInt64, _ reply: Reply) {
            isInOrder = isInOrder && sequence == UInt64(replies.count)
            replies.append(reply)
        }
    }

    private func echo(_ encoder: inout RequestEncoder, _ number: Int, _ payload: [UInt8]) {
        encoder.begin(argumentCount: 3)
        encoder.append("ECHO")
        encoder.append(number)
        encoder.append(payload)
    }

    @Test(
        "every request gets its reply, in order, whatever the window and the socket buffers",
        arguments: [
            PipelineWindow(), PipelineWindow(requestsMax: 1), PipelineWindow(requestsMax: 3),
            PipelineWindow(bytesMax: 1), PipelineWindow(bytesMax: 5_000),
            PipelineWindow(requestsMax: 1_000_000, bytesMax: 1 << 30),
        ])
    func order(_ window: PipelineWindow) throws {
        let count = 5_000
        let payload = [UInt8](repeating: 9, count: 500)
        let answers = Answers()
        let (mostUnderWay, isUsable) = try withPeer { peer in
            peer.serve(answerSimply)
        } use: { connection throws(ClientError) in
            var pipeline = Pipeline(connection, window: window, onReply: answers.take)
            var mostUnderWay = 0
            for number in 0..<count {
                try pipeline.submit { self.echo(&$0, number, payload) }
                mostUnderWay = max(mostUnderWay, pipeline.requestsUnderWay)
            }
            var connection = try pipeline.finish()
            return (mostUnderWay, try connection.call("PING") == .simple("PONG"))
        }
        #expect(answers.isInOrder && isUsable)
        #expect(answers.replies == (0..<count).map { .bulk(Array("\($0)".utf8)) })
        #expect(mostUnderWay <= window.requestsMax)
        if window.bytesMax < 500 { #expect(mostUnderWay == 1) }
    }

    @Test("replies much larger than requests do not stop it")
    func largeReplies() throws {
        let answers = Answers()
        try withPeer(sendBufferBytes: 4_096) { peer in
            peer.serve { _, writer in
                writer.bulk([UInt8](repeating: 1, count: 10_000))
                return true
            }
        } use: { connection throws(ClientError) in
            var pipeline = Pipeline(
                connection, window: PipelineWindow(requestsMax: 10_000), onReply: answers.take)
            for _ in 0..<2_000 { try pipeline.submit(["GET"]) }
            _ = try pipeline.finish()
        }
        #expect(answers.replies.count == 2_000 && answers.isInOrder)
    }

    @Test("error replies are handed out like others")
    func errors() throws {
        let answers = Answers()
        try withPeer { peer in
            peer.serve(answerSimply)
        } use: { connection throws(ClientError) in
            var pipeline = Pipeline(connection, onReply: answers.take)
            try pipeline.submit(["PING"])
            try pipeline.submit(["FAIL"])
            try pipeline.submit([Array("PING".utf8)])
            try pipeline.drain()
            #expect(pipeline.requestsUnderWay == 0)
            try pipeline.submit(["PING"])
            _ = try pipeline.finish()
        }
        #expect(answers.replies.map(\.isError) == [false, true, false, false])
    }

    @Test("pushes are no replies and are kept for the connection")
    func pushes() throws {
        let answers = Answers()
        let push = try withPeer { peer in
            peer.serve(answerSimply)
        } use: { connection throws(ClientError) in
            var pipeline = Pipeline(connection, onReply: answers.take)
            try pipeline.submit(["PUSH", "1"])
            try pipeline.submit(["PING"])
            var connection = try pipeline.finish()
            return try connection.receive()
        }
        #expect(answers.replies == [.simple("OK"), .simple("PONG")])
        #expect(push == .push([.bulk(Array("event".utf8)), .integer(0)]))
    }

    @Test("when the daemon closes, its last replies are handed out and the rest is counted")
    func closes() {
        let answers = Answers()
        let error = #expect(throws: ClientError.self) {
            try withPeer { peer in
                peer.serve(answerSimply)
            } use: { connection throws(ClientError) in
                var pipeline = Pipeline(connection, onReply: answers.take)
                try pipeline.submit(["PING"])
                try pipeline.submit(["QUIT"])
                try pipeline.submit(["PING"])
                _ = try pipeline.finish()
            }
        }
        #expect(answers.replies == [.simple("PONG"), .simple("BYE")])
        #expect(error == .closed(path: pairPath, unansweredRequests: 1, midReply: false))
    }

    @Test("when the daemon closes in the middle of much traffic, nothing answered is lost")
    func closesUnderLoad() {
        let answers = Answers()
        let error = #expect(throws: ClientError.self) {
            try withPeer { peer in
                peer.serve { arguments, writer in
                    writer.bulk(arguments[1])
                    return arguments[1] != Array("700".utf8)
                }
            } use: { connection throws(ClientError) in
                var pipeline = Pipeline(connection, onReply: answers.take)
                for number in 0..<100_000 {
                    try pipeline.submit {
                        self.echo(&$0, number, [UInt8](repeating: 1, count: 900))
                    }
                }
                _ = try pipeline.finish()
            }
        }
        #expect(answers.replies.count == 701 && answers.isInOrder)
        guard case .closed(_, let unanswered, midReply: false) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(unanswered > 0)
    }
}
