internal import RESP

extension Connection {
    /// Sends what the system takes at once; returns whether nothing is left.
    mutating func sendQueued() throws(ClientError) -> Bool {
        while sentBytes < encoder.buffer.count {
            switch try sendOnce() {
            case .moved(let byteCount):
                sentBytes += byteCount
            case .wouldBlock:
                forgetSent()
                return false
            case .ended:
                throw closedError()
            }
        }
        forgetSent()
        return true
    }

    private func sendOnce() throws(ClientError) -> Socket.Transfer {
        do {
            return try socket.send(encoder.buffer.bytes.extracting(droppingFirst: sentBytes))
        } catch {
            throw .system(path: path, error)
        }
    }

    /// Drops sent bytes once they are most of the buffer, so that each is moved once at most.
    private mutating func forgetSent() {
        guard sentBytes > 0, sentBytes >= encoder.buffer.count - sentBytes else { return }
        encoder.removeFirst(sentBytes)
        sentBytes = 0
    }

    /// Encoded bytes that the system has not taken yet.
    var queuedBytes: Int { encoder.buffer.count - sentBytes }

    /// Receives what is there, without waiting.
    mutating func receiveAvailable() throws(ClientError) -> Socket.Transfer {
        guard received.count <= ClientLimits.unreadBytesMax else {
            throw .tooMuchUnread(path: path, max: ClientLimits.unreadBytesMax)
        }
        do {
            return try received.fill(from: socket)
        } catch {
            throw .system(path: path, error)
        }
    }

    /// Waits until the socket is ready.
    func wait(toSend: Bool) throws(ClientError) -> Socket.Readiness {
        let ready: Socket.Readiness?
        do {
            ready = try socket.wait(toSend: toSend, timeoutMilliseconds: timeoutMilliseconds)
        } catch {
            throw .system(path: path, error)
        }
        if let ready { return ready }
        throw .timedOut(path: path, unansweredRequests: unansweredRequests)
    }

    /// The timeout as `poll` wants it: at least 1 ms, at most 24 days; -1: none.
    private var timeoutMilliseconds: Int32 {
        guard let timeout else { return -1 }
        let (seconds, attoseconds) = timeout.components
        guard seconds < Int64(Int32.max) / 1_000 else { return Int32.max }
        return Int32(max(1, seconds * 1_000 + attoseconds / 1_000_000_000_000_000))
    }

    /// Returns the next reply if all of it is here.
    mutating func bufferedReply() throws(ClientError) -> Reply? {
        switch Self.parse(received, &parser) {
        case .incomplete(let consumedBytes, _):
            received.removeFirst(consumedBytes)
            return nil
        case .failure(let error):
            throw .invalidReply(path: path, error)
        case .reply(let reply, let consumedBytes):
            received.removeFirst(consumedBytes)
            if case .push = reply { return reply }
            guard unansweredRequests > 0 else { throw .unexpectedReply(path: path) }
            unansweredRequests -= 1
            return reply
        }
    }

    private static func parse(
        _ received: borrowing ReceiveBuffer, _ parser: inout ReplyParser
    ) -> ReplyParser.Outcome {
        parser.parse(received.bytes)
    }

    /// Waits for the next reply or push.
    mutating func nextReply() throws(ClientError) -> Reply {
        while true {
            if let reply = try bufferedReply() { return reply }
            _ = try wait(toSend: false)
            if try receiveAvailable() == .ended { throw closedError() }
        }
    }

    /// Waits for the next reply and keeps the pushes before it.
    mutating func nextAnswer() throws(ClientError) -> Reply {
        while true {
            let reply = try nextReply()
            guard case .push = reply else { return reply }
            try keep(reply)
        }
    }

    /// Keeps a push for `receive`.
    mutating func keep(_ push: Reply) throws(ClientError) {
        guard keptPushes.count < ClientLimits.pushesKeptMax else {
            throw .tooMuchUnread(path: path, max: ClientLimits.unreadBytesMax)
        }
        keptPushes.append(push)
    }

    func closedError() -> ClientError {
        .closed(
            path: path, unansweredRequests: unansweredRequests,
            midReply: parser.isMidReply || received.count > 0)
    }
}
