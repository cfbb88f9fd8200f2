internal import Commands
internal import EventModel
internal import NIOCore
internal import RESP

/// One connection: finds requests in what arrives, has them run, sends the answers in order, with
/// one flush per burst.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let session: Session
    private let rounds: RoundCoordinator
    private var parser = RequestParser()
    private var inbox = ByteBuffer()
    /// What is sent; kept for its room.
    private var outbox = ByteBuffer()
    private var context: ChannelHandlerContext?
    /// Set while a request waits for a commit, for a view or for time to pass.
    private var isBlocked = false
    private var closesWhenFlushed = false
    private var readsAreOff = false
    /// How many times the connection has been blocked: tells an old timer from the present one.
    private(set) var blockCount: UInt64 = 0

    init(session: Session, rounds: RoundCoordinator) {
        self.session = session
        self.rounds = rounds
    }

    /// Whether the connection can still be answered.
    var isOpen: Bool { context != nil }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        rounds.opened(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        rounds.closed(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var incoming = unwrapInboundIn(data)
        if inbox.readableBytes == 0 {
            inbox = incoming
        } else {
            inbox.writeBuffer(&incoming)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        process()
        pauseReading(if: inbox.readableBytes > ServerLimits.inboxBytesMax)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { process() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// Goes on after what the connection waited for.
    func resume() {
        guard isBlocked else { return }
        isBlocked = false
        process()
        pauseReading(if: inbox.readableBytes > ServerLimits.inboxBytesMax)
    }

    private func pauseReading(if tooMuch: Bool) {
        guard tooMuch != readsAreOff, let context else { return }
        readsAreOff = tooMuch
        context.channel.setOption(.autoRead, value: !tooMuch).whenFailure { _ in
            // The channel is closing; nothing is read from it any more.
        }
    }

    private func process() {
        guard let context, !closesWhenFlushed else { return }
        while !isBlocked, !closesWhenFlushed, inbox.readableBytes > 0, context.channel.isWritable {
            let consumed = runRequests()
            inbox.moveReaderIndex(forwardBy: consumed)
            guard session.replies.buffer.count >= ServerLimits.outboxBytesHigh else { break }
            if session.awaitsCommit {
                block()
                rounds.blockedByCommit(self)
            } else {
                flush()
            }
        }
        // Not cleared: the one who reads the socket uses the memory again once nobody holds it.
        if inbox.readableBytes == 0 { inbox = ByteBuffer() }
        if session.awaitsCommit {
            rounds.staged(self)
        } else {
            flush()
        }
    }

    /// Runs requests until there is no whole one, one has to wait, or there are answers enough for
    /// a flush.
    ///
    /// - Returns: The bytes of those that need not run again.
    private func runRequests() -> Int {
        let (session, executor) = (session, rounds.executor)
        return unsafe inbox.withUnsafeReadableBytes { bytes in
            var place = 0
            while place < bytes.count, !isBlocked, !closesWhenFlushed,
                session.replies.buffer.count < ServerLimits.outboxBytesHigh
            {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[place...])
                guard let run = unsafe Self.run(&parser, rest.bytes, executor, session) else {
                    break
                }
                place += follow(run.execution, run.consumed)
            }
            return place
        }
    }

    /// Finds one request and has it run; returns nil when there is no whole one yet.
    private static func run(
        _ parser: inout RequestParser, _ bytes: RawSpan, _ executor: CommandExecutor,
        _ session: Session
    ) -> (execution: CommandExecutor.Execution, consumed: Int)? {
        switch parser.parse(bytes) {
        case .incomplete: return nil
        case .blank(let count): return (.answered, count)
        case .request(let count):
            return (executor.execute(parser.arguments(in: bytes), for: session), count)
        case .failure(let error):
            session.replies.error(error)
            return (.closes, bytes.byteCount)
        }
    }

    /// Does what a request left to do; returns how many of its bytes are done with.
    private func follow(_ execution: CommandExecutor.Execution, _ consumed: Int) -> Int {
        switch execution {
        case .answered:
            if session.awaitsCommit, !rounds.commitIfFull(self) { block() }
            return consumed
        case .afterCommit:
            block()
            rounds.blockedByCommit(self)
            return 0
        case .waits(let wait):
            block()
            rounds.wait(self, for: wait)
            return 0
        case .closes:
            closesWhenFlushed = true
            return consumed
        case .stops:
            closesWhenFlushed = true
            rounds.stopAfterRound()
            return consumed
        }
    }

    private func block() {
        isBlocked = true
        blockCount += 1
    }

    /// Ends the connection after what stands in the replies.
    func close() {
        closesWhenFlushed = true
        if !session.awaitsCommit { flush() }
    }

    /// Sends what stands in the replies.
    func flush() {
        guard let context else { return }
        if !session.replies.buffer.isEmpty {
            // Its memory is used again where the answers before have been sent, which they mostly
            // were at once; else this makes a new one.
            outbox.clear()
            Self.move(&session.replies.buffer, into: &outbox)
            context.writeAndFlush(wrapOutboundOut(outbox), promise: nil)
            if outbox.capacity > ServerLimits.repliesKeptBytes { outbox = ByteBuffer() }
        }
        if closesWhenFlushed { context.close(promise: nil) }
    }

    private static func move(_ replies: inout OutputBuffer, into buffer: inout ByteBuffer) {
        unsafe replies.bytes.withUnsafeBytes { _ = unsafe buffer.writeBytes($0) }
        replies.removeAll(keepingCapacity: replies.capacity <= ServerLimits.repliesKeptBytes)
    }
}
