public import Commands
internal import Consumers
public import EventLog
public import EventModel
internal import Glibc
public import Logging
internal import NIOCore
internal import NIOPosix
internal import Projecting
public import ServiceLifecycle
internal import Threads

/// The daemon: a store, its views, and the socket that serves them.
public struct Server: Service, CustomStringConvertible {
    /// Where things lie.
    public struct Options: Sendable {
        /// The store's folder.
        public var storePath: String
        /// The socket's path.
        public var socketPath: String
        /// When appends are answered.
        public var durability: LogDurability
        /// The sizes of the log.
        public var sizes: LogSizes
        /// Where backups lie.
        public var backupFolder: String
        /// The mode of the socket's file.
        public var socketMode: UInt32 = 0o660
        /// The group of the socket's file; nil for the daemon's own.
        public var socketGroup: String?
        /// Who may connect, and what each may do.
        public var access = AccessPolicy()
        /// The limits of requests and connections.
        public var limits = ServiceLimits()
        /// What is taken out of events before they are stored.
        public var redaction = RedactionRules.standard
        /// What each role sees of persons.
        public var disclosure = Disclosure()
        /// Whether events from before an erasure are kept from bringing the person back.
        public var suppresses = true
        /// Where the list for that and its key lie; nil = beside the store, under the store's id.
        public var suppressionFolder: String?
        /// Whether the store may lie on a network file system.
        public var allowsNetworkFileSystem = false
        /// The program's version.
        public var version: String
        /// Called once connections are accepted.
        public var ready: @Sendable (_ socketPath: String) -> Void

        /// Names a store and a socket.
        public init(
            storePath: String, socketPath: String, durability: LogDurability = .always,
            sizes: LogSizes = LogSizes(), backupFolder: String? = nil, version: String,
            ready: @escaping @Sendable (String) -> Void = { _ in }
        ) {
            self.storePath = storePath
            self.socketPath = socketPath
            self.durability = durability
            self.sizes = sizes
            self.backupFolder = backupFolder ?? storePath + ".backups"
            self.version = version
            self.ready = ready
        }
    }

    /// The exit code of a process that could not write its log: nothing was acknowledged that is
    /// not on disk (`EX_IOERR` of sysexits.h).
    public static let storageFailureExitCode: Int32 = 74

    /// The exit code of a process that did not end in the time it has for that: everything answered
    /// is on disk (`EX_TEMPFAIL` of sysexits.h).
    public static let stopTimeoutExitCode: Int32 = 75

    /// Ends the process, as when a write or a sync has failed: what is on disk is not known any
    /// more, and the next start looks.
    static func end(after error: EventLogError, _ logger: Logger) -> Never {
        logger.critical("the log cannot be written, ending", metadata: ["error": "\(error)"])
        exitNow(storageFailureExitCode)
    }

    /// Ends the process in the same way where the consumers' file cannot be written.
    static func end(after error: ConsumerError, _ logger: Logger) -> Never {
        logger.critical("consumers cannot be written, ending", metadata: ["error": "\(error)"])
        exitNow(storageFailureExitCode)
    }

    /// Ends the process at once: nothing that runs at an orderly exit may touch the store. What the log
    /// says of it has a moment to get out, whether anybody reads it or not.
    static func exitNow(_ code: Int32) -> Never {
        LogLines.standardError.settle()
        _exit(code)
    }

    /// Reads one file of a store to its end, as a start has a child process do after the daemon has
    /// died while it read some file.
    ///
    /// - Returns: The exit code of the process; a damaged file may end that before.
    public static func check(file path: String) -> Int32 { SuspectFiles.read(path) }

    private let options: Options
    private let logger: Logger

    /// How those who run it name it. Without this they would have all options described by reflection,
    /// which takes half of a start.
    public var description: String { "server" }

    /// Makes a server; `run` opens the store.
    public init(options: Options, logger: Logger) {
        self.options = options
        self.logger = logger
    }

    /// Opens store and socket and serves until a graceful shutdown or SHUTDOWN.
    ///
    /// - Throws: `ServerError` when store, views or socket cannot be opened, or the environment
    ///   names no failpoint that exists.
    public func run() async throws {
        if let mistake = Failpoint.mistake { throw ServerError.failpoint(mistake: mistake) }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        OpenFiles.raise(for: options.limits, logger)
        let socket = try ListeningSocket.open(options)
        let deadline = StopDeadline()
        let store = try await group.next().submit { try OpenStore(options, logger) }.get()
        let loop = group.next()
        let started = try await loop.submit {
            // Every append and read goes through this thread, and the folds share its processors.
            ThreadSchedule.prompt.take()
            return try RunningServer(
                store: store, options: options, socketPath: socket.path, loop: loop,
                deadline: deadline, logger: logger)
        }.get()
        try started.listen(on: socket, group: group)
        options.ready(socket.path)
        await withGracefulShutdownHandler {
            await started.ended()
        } onGracefulShutdown: {
            deadline.begin(milliseconds: options.limits[.stopMilliseconds], logger)
            loop.execute { started.drain() }
        }
        socket.remove(logger)
        try await loop.submit {
            started.close()
            store.close()
        }.get()
        try await group.shutdownGracefully()
        socket.leave()
        deadline.meet()
        logger.info("stopped", metadata: ["head": "\(store.log.head.position)"])
    }
}
