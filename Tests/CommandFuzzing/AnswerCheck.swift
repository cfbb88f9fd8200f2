import Commands
import JSON
import RESP

/// Reads what a session was answered as a client does.
enum AnswerCheck {
    /// Returns the replies and pushes in a buffer from a place on.
    ///
    /// - Throws: `FuzzFailure` where they are no protocol, or end within a reply.
    static func replies(
        in buffer: OutputBuffer, from start: Int, after words: [[UInt8]]
    ) throws(FuzzFailure) -> (replies: [Reply], pushes: [Reply]) {
        let bytes = buffer.bytes
        var parser = ReplyParser()
        var (replies, pushes): ([Reply], [Reply]) = ([], [])
        var place = start
        while place < bytes.byteCount {
            switch parser.parse(bytes.extracting(place..<bytes.byteCount)) {
            case .reply(let reply, let consumed):
                place += consumed
                if case .push = reply { pushes.append(reply) } else { replies.append(reply) }
            case .incomplete:
                throw FuzzFailure("an answer that does not end", after: words)
            case .failure(let error):
                throw FuzzFailure("an answer that is no protocol, \(error)", after: words)
            }
        }
        return (replies, pushes)
    }

    /// Checks that a refusal has a code, and that what begins like a document is one.
    static func check(_ reply: Reply, after words: [[UInt8]]) throws(FuzzFailure) {
        switch reply {
        case .error(let code, let message):
            guard !message.isEmpty, code.utf8.allSatisfy({ 0x41...0x5A ~= $0 }) else {
                throw FuzzFailure("a refusal without code or reason: \(code)", after: words)
            }
        case .bulk(let bytes):
            guard bytes.first == 0x7B else { return }
            do throws(JSONFault) {
                _ = try unsafe JSONReader.read(bytes.span.bytes)
            } catch {
                throw FuzzFailure(
                    "a document that is no JSON: \(error.problem) at \(error.offset)",
                    after: words)
            }
        case .array(let elements), .push(let elements):
            for element in elements { try check(element, after: words) }
        default: break
        }
    }
}
