internal import Commands
internal import EventModel
internal import NIOCore
internal import RESP

/// One connection: finds requests in what arrives, has them run, sends the answers in order, with
/// one flush per burst.
final class ConnectionHandler: ChannelInboundHandler, TurnTaker {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let session: Session
    let peer: PeerCredentials
    private let rounds: RoundCoordinator
    private var parser: RequestParser
    private var inbox = ByteBuffer()
    /// What is sent; kept for its room.
    private var outbox = ByteBuffer()
    private var context: ChannelHandlerContext?
    /// Set while a request waits for a commit, for a view or for time to pass.
    private var isBlocked = false
    private var closesWhenFlushed = false
    private var isClosing = false
    private var isProcessing = false
    /// Whether its turn was over with requests left: it goes on when others have had theirs.
    private var isDueAgain = false
    private var readsAreOff = false
    /// Whether the coordinator knows that its answers wait for the commit.
    var isInRound = false
    /// Whether it is among those who follow, as `FollowRounds` counts them.
    var isFollower = false
    /// Whether it is in the line of those who are given a turn of pushes.
    var isDueForPushes = false
    /// How many times the connection has been blocked: tells an old timer from the present one.
    private(set) var blockCount: UInt64 = 0
    private var watch: ConnectionWatch
    /// Bytes of requests and answers held for it, as the coordinator counts them.
    private(set) var heldBytes = 0
    /// Bytes of answers that the channel holds, when it was asked last, and those written since.
    private var outputBytes = (known: 0, since: 0)

    init(session: Session, peer: PeerCredentials, rounds: RoundCoordinator) {
        self.session = session
        self.peer = peer
        self.rounds = rounds
        parser = RequestParser(limits: rounds.limits.ofRequests)
        watch = ConnectionWatch(rounds.tick)
    }

    /// The peer's user.
    var user: UInt32 { peer.user }

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
        rounds.hold(-heldBytes)
        heldBytes = 0
        rounds.closed(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var incoming = unwrapInboundIn(data)
        watch.bytesMoved(rounds.tick)
        if inbox.readableBytes == 0 {
            inbox = incoming
        } else {
            if inbox.readerIndex > ServerLimits.inboxSlackBytes { inbox.discardReadBytes() }
            inbox.writeBuffer(&incoming)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        process()
        pauseReading()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        watch.output(isStalled: !isWritable, rounds.tick)
        guard isWritable else { return }
        watch.bytesMoved(rounds.tick)
        process()
        pauseReading()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// Goes on after what the connection waited for.
    func resume() {
        guard isBlocked else { return }
        isBlocked = false
        process()
        pauseReading()
    }

    private func pauseReading() {
        let tooMuch = inbox.readableBytes > rounds.limits[.inputBytes]
        guard tooMuch != readsAreOff, let context else { return }
        readsAreOff = tooMuch
        if tooMuch { rounds.executor.note(.inputBytes) }
        context.channel.setOption(.autoRead, value: !tooMuch).whenFailure { _ in
            // The channel is closing; nothing is read from it any more.
        }
    }

    /// Goes on with requests that were left when its turn was over.
    func goOn() {
        isDueAgain = false
        process()
        pauseReading()
    }

    private func waitForTurn() {
        isDueAgain = true
        rounds.turns.goOn(self)
    }

    private func process() {
        // A write that is sent at once can call this again from within: the loop below goes on.
        guard let context, !closesWhenFlushed, !isProcessing, !isDueAgain else { return }
        let slice = rounds.turns.slice(of: user)
        if slice == 0, !isBlocked, inbox.readableBytes > 0 {
            waitForTurn()
            return account()
        }
        isProcessing = true
        defer { isProcessing = false }
        var clock = TurnClock(slice: slice)
        var isOver = false
        let writtenBefore = outputBytes.since
        while !isBlocked, !closesWhenFlushed, !isOver, inbox.readableBytes > 0,
            context.channel.isWritable
        {
            let consumed = runRequests(&clock, &isOver)
            inbox.moveReaderIndex(forwardBy: consumed)
            guard session.replies.buffer.count >= ServerLimits.burstBytes else { break }
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
        if session.isFollowing || isFollower { rounds.follows.note(self) }
        if isOver || clock.taken >= ServerLimits.countedNanoseconds
            || outputBytes.since - writtenBefore >= ServerLimits.burstBytes
        {
            // Once more: writing takes its time as well.
            clock.look()
            rounds.turns.use(clock.taken, by: user)
        }
        account()
        if isOver, !isBlocked { waitForTurn() }
    }

    /// Tells the coordinator what is held for the connection.
    private func account() {
        if outputBytes.since > ServerLimits.burstBytes || outputBytes.known > 0, let context {
            // A channel that is closing holds nothing that can be asked for.
            let known = try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)
            outputBytes = (known ?? 0, 0)
        }
        let inboxBytes = inbox.readableBytes == 0 ? 0 : inbox.storageCapacity
        let bytes = inboxBytes + session.replies.buffer.count + outputBytes.known
        guard bytes != heldBytes, context != nil else { return }
        rounds.hold(bytes - heldBytes)
        heldBytes = bytes
    }

    /// Runs requests until there is no whole one, one has to wait, there are answers enough for a
    /// flush, or the turn is over.
    ///
    /// - Returns: The bytes of those that need not run again.
    private func runRequests(_ clock: inout TurnClock, _ isOver: inout Bool) -> Int {
        let (session, executor) = (session, rounds.executor)
        return unsafe inbox.withUnsafeReadableBytes { bytes in
            var place = 0
            while place < bytes.count, !isBlocked, !closesWhenFlushed, !isOver,
                session.replies.buffer.count < ServerLimits.burstBytes
            {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[place...])
                guard let run = unsafe Self.run(&parser, rest.bytes, executor, session) else {
                    watch.requestIsBegun(rounds.tick)
                    break
                }
                watch.requestEnded()
                place += follow(run.execution, run.consumed)
                isOver = clock.requestRan()
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
            executor.note(error)
            session.replies.error(error)
            return (.closes, bytes.byteCount)
        }
    }

    /// Does what a request left to do; returns how many of its bytes are done with.
    private func follow(_ execution: CommandExecutor.Execution, _ consumed: Int) -> Int {
        switch execution {
        case .answered:
            guard !session.awaitsCommit || rounds.commitIfFull(self) else {
                block()
                return consumed
            }
            if rounds.executor.hasEnoughInFlight(session) {
                rounds.executor.note(.appendsInFlight)
                block()
                rounds.blockedByCommit(self)
            }
            return consumed
        case .afterCommit:
            block()
            rounds.blockedByCommit(self)
            return 0
        case .waits(let wait):
            guard rounds.hasRoomToWait else {
                rounds.executor.refuseWaiter(session)
                return consumed
            }
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

    /// Ends the connection at once, whatever it has not read.
    func drop() { context?.close(promise: nil) }

    /// Gives back what its last answers needed, once it has been silent for a while: connections
    /// that are kept for later cost little.
    func rest() {
        guard watch.ages(rounds.tick).silent >= ServerLimits.looksUntilRest else { return }
        let most = ServerLimits.repliesRestingBytes
        if session.replies.buffer.isEmpty, session.replies.buffer.capacity > most {
            session.replies.buffer.removeAll(keepingCapacity: false)
        }
        if outbox.capacity > most { outbox = ByteBuffer() }
    }

    /// How CLIENT LIST shows it.
    func described(tickMilliseconds: UInt64) -> ClientConnection {
        let ages = watch.ages(rounds.tick)
        return ClientConnection(
            session: session, user: user, ageMilliseconds: ages.open * tickMilliseconds,
            idleMilliseconds: ages.silent * tickMilliseconds, heldBytes: heldBytes)
    }

    /// The limit of silence that the connection has met, if any.
    func overdue(_ spans: ConnectionWatch.Spans) -> Limit? {
        watch.overdue(
            rounds.tick, spans, awaits: isBlocked || isDueAgain || closesWhenFlushed,
            isFollowing: session.isFollowing)
    }

    /// Ends the connection for a limit. It is told where it can be expected to listen.
    func end(for limit: Limit) {
        switch limit {
        case .stalledMilliseconds, .idleMilliseconds:
            rounds.executor.note(limit)
            drop()
        case _ where closesWhenFlushed || context?.channel.isWritable != true:
            rounds.executor.note(limit)
            drop()
        default:
            rounds.executor.refuse(limit, session)
            inbox = ByteBuffer()
            close()
            account()
        }
    }

    /// Sends what stands in the replies.
    func flush() {
        guard let context else { return }
        if !session.replies.buffer.isEmpty {
            // Its memory is used again where the answers before have been sent, which they mostly
            // were at once; else this makes a new one.
            outbox.clear()
            Self.move(&session.replies.buffer, into: &outbox)
            outputBytes.since += outbox.readableBytes
            watch.bytesMoved(rounds.tick)
            context.writeAndFlush(wrapOutboundOut(outbox), promise: nil)
            if outbox.capacity > ServerLimits.repliesKeptBytes { outbox = ByteBuffer() }
            if !context.channel.isWritable { rounds.executor.note(.outputBytes) }
        }
        if closesWhenFlushed { closeWhenWritten(context) }
    }

    /// Closes behind everything written: a peer that reads slowly gets its last answers, one that
    /// does not read is ended by its limit.
    private func closeWhenWritten(_ context: ChannelHandlerContext) {
        guard !isClosing else { return }
        isClosing = true
        watch.closes(rounds.tick)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in
            channel.close(promise: nil)
        }
    }

    private static func move(_ replies: inout OutputBuffer, into buffer: inout ByteBuffer) {
        unsafe replies.bytes.withUnsafeBytes { _ = unsafe buffer.writeBytes($0) }
        replies.removeAll(keepingCapacity: replies.capacity <= ServerLimits.repliesKeptBytes)
    }
}
