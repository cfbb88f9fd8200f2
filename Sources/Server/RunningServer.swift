internal import Commands
internal import EventLog
internal import Glibc
internal import Logging
internal import NIOCore
internal import NIOPosix

/// The listening socket and what is behind it.
final class RunningServer: @unchecked Sendable {
    // Unchecked: touched on `loop` only, but for `listen`, which runs before any connection.
    private let rounds: RoundCoordinator
    private let duties: [LoopDuty]
    private let loop: any EventLoop
    private let logger: Logger
    private let end: EventLoopPromise<Void>
    private var listener: (any Channel)?
    private let access: AccessPolicy
    private let manager: ServiceManager
    private var nextSession: UInt64 = 1
    private var refusedCount: UInt64 = 0
    private var isStopping = false

    init(
        store: OpenStore, options: Server.Options, socketPath: String, loop: any EventLoop,
        deadline: StopDeadline, logger: Logger
    ) throws(ServerError) {
        self.loop = loop
        self.logger = logger
        access = options.access
        manager = ServiceManager()
        end = loop.makePromise()
        var count: () -> ConnectionCounts = { ConnectionCounts(open: 0) }
        var held: () -> Int = { 0 }
        var audit: (Session, String, CallOutcome) -> Void = { _, _, _ in }
        let environment = CommandEnvironment(
            clock: store.clock(), nanoseconds: OpenStore.monotonicClock, zone: { Zone($0) },
            version: options.version, storeID: store.folder.storeID,
            storePath: options.storePath, socketPath: socketPath,
            connections: { count() }, epochs: store.epochs,
            backups: store.backups, consumers: store.consumers, limits: options.limits,
            redaction: options.redaction, disclosure: options.disclosure,
            suppression: store.suppression)
        environment.audit = { audit($0, $1, $2) }
        environment.memory = { ProcessMemory.use(bufferedBytes: held()) }
        let executor: CommandExecutor
        do throws(EventLogError) {
            executor = try CommandExecutor(
                log: store.log, writer: store.writer, views: store.views, environment: environment)
        } catch {
            throw .log(error)
        }
        rounds = RoundCoordinator(
            executor: executor, loop: loop, log: store.log, views: store.views,
            deadline: deadline, logger: logger,
            fail: { error in Server.end(after: error, logger) })
        environment.hasRoomToWait = { [rounds] in rounds.hasRoomToWait }
        environment.clients = { [rounds] in rounds.describedClients(of: $0) }
        environment.client = { [rounds] in rounds.describedClient($0) }
        environment.followers = { [rounds] in rounds.follows.sessions }
        duties = [.sweeping(rounds, loop, logger), .erasing(rounds, loop, logger)]
        for duty in duties { duty.start() }
        count = { [weak self] in self?.connectionCounts ?? ConnectionCounts(open: 0) }
        held = { [rounds] in rounds.heldBytes }
        audit = { [rounds] in rounds.audit($0, $1, $2) }
        rounds.whenStopped { [weak self] in self?.stop() }
    }

    /// Accepts connections on a bound socket.
    func listen(on socket: ListeningSocket, group: MultiThreadedEventLoopGroup) throws {
        let outputBytes = rounds.limits[.outputBytes]
        listener = try ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: ServerLimits.backlog)
            .childChannelOption(
                .writeBufferWaterMark,
                value: .init(
                    low: outputBytes / ServerLimits.outputResumeDivisor, high: outputBytes)
            )
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(
                    minimum: ServerLimits.receiveBytesMin,
                    initial: ServerLimits.receiveBytesMin, maximum: ServerLimits.receiveBytes)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.accept(channel) }
            }
            .withBoundSocket(socket.descriptor).wait()
        rounds.beginWatching()
        manager.say(.ready)
        guard let microseconds = manager.watchdogMicroseconds else { return }
        let half = TimeAmount.microseconds(max(1, microseconds / 2))
        loop.scheduleRepeatedTask(initialDelay: half, delay: half) { [manager] _ in
            manager.say(.alive)
        }
    }

    /// Takes a connection, or one that is told why it is not taken.
    private func accept(_ channel: any Channel) throws {
        guard let peer = try PeerCredentials.of(channel) else {
            return try refuse(channel, nil, "NOPERM", "the system does not tell who you are")
        }
        guard let role = access.role(of: peer) else {
            return try refuse(
                channel, peer, "NOPERM",
                "user \(peer.user) has no role here, a connection needs at least "
                    + "\(Role.reader.rawValue); an access rule gives one to a user or a group")
        }
        guard !isStopping else {
            let error = CommandError.stopping
            return try refuse(channel, peer, error.code, error.description)
        }
        if let limit = rounds.census.admit(user: peer.user, role: role) {
            rounds.executor.note(limit)
            let error = CommandError.limit(limit, value: rounds.limits[limit])
            return try refuse(channel, peer, error.code, error.description)
        }
        let session = Session(id: nextSession, role: role, user: peer.user)
        nextSession += 1
        try channel.pipeline.syncOperations.addHandler(
            ConnectionHandler(session: session, peer: peer, rounds: rounds))
    }

    private var connectionCounts: ConnectionCounts {
        ConnectionCounts(
            open: rounds.connectionCount, waiting: rounds.waiterCount, taken: nextSession - 1,
            refused: refusedCount, linesLeftOut: rounds.lines.skipped,
            linesUnwritten: LogLines.standardError.leftOut)
    }

    private func refuse(
        _ channel: any Channel, _ peer: PeerCredentials?, _ code: StaticString, _ reason: String
    ) throws {
        refusedCount += 1
        if rounds.lines.takes(.refused, NIODeadline.now().uptimeNanoseconds) {
            logger.warning(
                "connection refused",
                metadata: [
                    "uid": "\(peer.map { "\($0.user)" } ?? "unknown")", "code": "\(code)",
                    "open": "\(rounds.connectionCount)",
                ])
        }
        try channel.pipeline.syncOperations.addHandler(
            RefusedConnection(code: code, reason: reason))
    }

    /// Waits until the server has ended.
    func ended() async {
        do {
            try await end.futureResult.get()
        } catch {
            preconditionFailure("the end never fails: \(error)")
        }
    }

    /// Ends the server as SHUTDOWN does.
    func drain() { rounds.stopAfterRound() }

    /// Ends what works beside the loop.
    func close() { rounds.executor.past.stop() }

    /// Stops accepting, ends connections behind their last answers, then the server; what is staged
    /// was committed with its round, and those that waited have been told.
    private func stop() {
        loop.preconditionInEventLoop()
        guard !isStopping else { return }
        isStopping = true
        for duty in duties { duty.stop() }
        manager.say(.stopping)
        logger.info("stopping", metadata: ["connections": "\(rounds.connectionCount)"])
        listener?.close().whenFailure { [logger] error in
            logger.warning("the socket cannot be closed", metadata: ["error": "\(error)"])
        }
        rounds.drain { self.end.succeed() }
    }
}
