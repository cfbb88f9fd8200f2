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

    /// Whether it can be sent what it did not ask for just now: it reads, and nothing that stands in
    /// its replies waits for a commit.
    var takesPushes: Bool {
        guard let context, !closesWhenFlushed else { return false }
        return context.channel.isWritable && !session.awaitsCommit
    }

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
        while !isBlocked, !closesWhenFlushed, context.channel.isWritable,
            inbox.readableBytes > 0, runOne()
        {}
        if inbox.readableBytes == 0 { inbox.clear(minimumCapacity: 0) }
        if session.awaitsCommit {
            rounds.staged(self)
        } else {
            flush()
        }
        if session.isFollowing { rounds.follows.note(self) }
    }

    /// Runs the next request; returns false when there is none or it has to wait.
    private func runOne() -> Bool {
        let (session, executor) = (session, rounds.executor)
        let run = unsafe inbox.withUnsafeReadableBytes { bytes in
            unsafe Self.run(&parser, bytes.bytes, executor, session)
        }
        guard let run else { return false }
        return follow(run.execution, run.consumed)
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

    private func follow(_ execution: CommandExecutor.Execution, _ consumed: Int) -> Bool {
        switch execution {
        case .answered:
            inbox.moveReaderIndex(forwardBy: consumed)
            guard rounds.commitIfFull(self) else {
                block()
                return false
            }
        case .afterCommit:
            block()
            rounds.blockedByCommit(self)
            return false
        case .waits(let wait):
            block()
            rounds.wait(self, for: wait)
            return false
        case .closes:
            inbox.moveReaderIndex(forwardBy: consumed)
            closesWhenFlushed = true
        case .stops:
            inbox.moveReaderIndex(forwardBy: consumed)
            closesWhenFlushed = true
            rounds.stopAfterRound()
        }
        return true
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
            var buffer = context.channel.allocator.buffer(capacity: session.replies.buffer.count)
            Self.move(&session.replies.buffer, into: &buffer)
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        }
        if closesWhenFlushed { context.close(promise: nil) }
    }

    private static func move(_ replies: inout OutputBuffer, into buffer: inout ByteBuffer) {
        unsafe replies.bytes.withUnsafeBytes { _ = unsafe buffer.writeBytes($0) }
        replies.removeAll(keepingCapacity: replies.capacity <= ServerLimits.repliesKeptBytes)
    }
}
