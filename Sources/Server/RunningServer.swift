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
    private let loop: any EventLoop
    private let logger: Logger
    private let end: EventLoopPromise<Void>
    private var listener: (any Channel)?
    private var nextSession: UInt64 = 1
    private var isStopping = false

    init(
        store: OpenStore, options: Server.Options, loop: any EventLoop, logger: Logger
    ) throws(ServerError) {
        self.loop = loop
        self.logger = logger
        end = loop.makePromise()
        var count: () -> Int = { 0 }
        let environment = CommandEnvironment(
            clock: store.clock(), nanoseconds: OpenStore.monotonicClock, zone: { Zone($0) },
            version: options.version, storeID: store.folder.storeID,
            storePath: options.storePath, socketPath: options.socketPath,
            connections: { count() }, epochs: store.epochs,
            backups: store.backups, consumers: store.consumers)
        let executor: CommandExecutor
        do throws(EventLogError) {
            executor = try CommandExecutor(
                log: store.log, writer: store.writer, views: store.views, environment: environment)
        } catch {
            throw .log(error)
        }
        rounds = RoundCoordinator(
            executor: executor, loop: loop, log: store.log, views: store.views, logger: logger,
            fail: { error in Server.end(after: error, logger) })
        count = { [rounds] in rounds.connectionCount }
        rounds.whenStopped { [weak self] in self?.stop() }
    }

    /// Binds the socket and accepts connections.
    func listen(on path: String, group: MultiThreadedEventLoopGroup) throws {
        listener = try ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: ServerLimits.backlog)
            .childChannelOption(
                .writeBufferWaterMark,
                value: .init(low: ServerLimits.outboxBytesLow, high: ServerLimits.outboxBytesHigh)
            )
            .childChannelOption(
                .recvAllocator,
                value: FixedSizeRecvByteBufferAllocator(
                    capacity: ServerLimits.receiveBytes)
            )
            .childChannelInitializer { channel in
                PeerCredentials.of(channel).flatMapThrowing { peer in
                    try self.accept(channel, peer)
                }
            }
            .bind(unixDomainSocketPath: path).wait()
    }

    /// Takes a connection; a thrown error closes it.
    private func accept(_ channel: any Channel, _ peer: PeerCredentials) throws {
        guard !isStopping, rounds.connectionCount < ServerLimits.connectionsMax,
            let role = peer.role
        else {
            logger.warning(
                "connection refused",
                metadata: ["uid": "\(peer.user)", "open": "\(rounds.connectionCount)"])
            throw ChannelError.operationUnsupported
        }
        let session = Session(id: nextSession, role: role)
        nextSession += 1
        try channel.pipeline.syncOperations.addHandler(
            ConnectionHandler(session: session, rounds: rounds))
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

    /// Stops accepting, ends connections, then the server; what is staged was committed with its
    /// round.
    private func stop() {
        loop.preconditionInEventLoop()
        guard !isStopping else { return }
        isStopping = true
        listener?.close(promise: nil)
        rounds.closeAll { $0.close() }
        end.succeed()
    }
}
