public import ArgumentParser
import Client
public import EventLog
import Foundation
public import Logging
import Server
import ServiceLifecycle
import UnixSignals

/// The daemon's command line: where the store and the socket lie. It owns every word on the
/// terminal.
@main
struct Throughlined: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "throughlined",
        abstract:
            "The memory of a contact centre: records every touchpoint once, in order, for good.",
        version: version)

    static let version = "1.0.0"

    @Option(help: "The store's folder; made when missing.")
    var store: String = Self.defaultStore

    @Option(help: "The Unix socket to listen on.")
    var socket: String = Self.defaultSocket

    @Option(help: "Where backups lie, a folder each. Default: beside the store, <store>.backups.")
    var backupFolder: String?

    @Option(
        help: ArgumentHelp(
            "When appends are answered: always = after they are on disk; interval:MS = before, the disk follows within MS milliseconds; os = before, whenever the system writes.",
            valueName: "always|interval:MS|os"))
    var durability: LogDurability = .always

    @Option(
        help: ArgumentHelp(
            "Events after which a segment of the log ends.", visibility: .hidden))
    var segmentEvents: UInt64 = LogLimits.segmentEventsMax

    @Option(
        help: ArgumentHelp(
            "Bytes of events that are moved into a segment at once.", visibility: .hidden))
    var strideBytes: Int = LogLimits.strideBytes

    @Option(help: ArgumentHelp("Bytes of the journal's ring.", visibility: .hidden))
    var journalBytes: Int = LogLimits.journalBytes

    @Option(
        help: ArgumentHelp(
            "The most address space that one file may map: for valgrind and ulimit -v.",
            visibility: .hidden))
    var mapBytesMax: Int?

    @Flag(
        help: ArgumentHelp(
            "Opens a store on a network file system, whose locks and flushes may not hold what it needs."
        ))
    var forceNetworkFilesystem = false

    @Option(
        help: ArgumentHelp(
            "Reads one file of a store to its end, and nothing else.", visibility: .hidden))
    var checkFile: String?

    @Option(help: "The least log level: trace, debug, info, notice, warning, error, critical.")
    var logLevel: Logger.Level = .info

    private static var defaultStore: String {
        let environment = ProcessInfo.processInfo.environment
        let state = environment["XDG_STATE_HOME"] ?? NSHomeDirectory() + "/.local/state"
        return state + "/throughline/store"
    }

    private static var defaultSocket: String { DefaultSocket.path }

    func run() async throws {
        StandardFiles.ensureOpen()
        if let mapBytesMax { EventLog.limitMaps(toBytes: mapBytesMax) }
        if let checkFile { throw ExitCode(Server.check(file: checkFile)) }
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        var logger = Logger(label: "throughlined")
        logger.logLevel = logLevel
        let socket = socket
        var options = Server.Options(
            storePath: absolute(store), socketPath: absolute(socket), durability: durability,
            sizes: sizes, backupFolder: backupFolder.map(absolute), version: Self.version,
            ready: { Self.sayHowToTalk(socket) })
        options.allowsNetworkFileSystem = forceNetworkFilesystem
        let server = Server(options: options, logger: logger)
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(
                        service: server, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup)
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do {
            try await group.run()
        } catch let error as ServerError {
            FileHandle.standardError.write(Data("throughlined: \(error)\n".utf8))
            throw ExitCode(error.exitCode)
        }
    }

    private var sizes: LogSizes {
        var sizes = LogSizes()
        sizes.segmentEvents = segmentEvents
        sizes.strideBytes = strideBytes
        sizes.journalBytes = journalBytes
        return sizes
    }

    func validate() throws {
        let least = LogLimits.journalBytesMin
        guard journalBytes >= least, journalBytes % 4_096 == 0 else {
            throw ValidationError(
                "--journal-bytes is \(journalBytes); give a multiple of 4096, at least \(least)")
        }
        guard mapBytesMax ?? LogLimits.mapBytesMin >= LogLimits.mapBytesMin else {
            throw ValidationError("--map-bytes-max must be at least \(LogLimits.mapBytesMin)")
        }
        guard segmentEvents > 0, strideBytes > 0 else {
            throw ValidationError("--segment-events and --stride-bytes must be greater than 0")
        }
    }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    private static func sayHowToTalk(_ socket: String) {
        print(
            """
            listening on \(socket)
              talk to it:   redis-cli -s \(socket)
              look at it:   throughline status --socket \(socket)
              end it:       Ctrl-C, or SHUTDOWN
            """)
        // Whoever started the daemon may wait for these lines through a pipe.
        fflush(nil)
    }
}

extension LogDurability: ExpressibleByArgument {
    /// Reads the word of the command line.
    public init?(argument: String) {
        self.init(argument)
    }

    /// What help and errors offer.
    public static var allValueStrings: [String] { ["always", "interval:MS", "os"] }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
