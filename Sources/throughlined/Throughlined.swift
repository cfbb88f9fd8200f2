import ArgumentParser
import Client
import EventLog
import Foundation
import Logging
import Server
import ServiceLifecycle
import Threads
import UnixSignals

/// The daemon's command line. It owns every word on the terminal.
@main
struct Throughlined: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "throughlined",
        abstract:
            "The memory of a contact centre: records every touchpoint once, in order, for good.",
        discussion:
            "A flag goes before the environment (THROUGHLINED_SECTION_NAME), that before the configuration file. --check-config shows every setting, its value and who gave it.",
        version: version)

    static let version = "1.0.0"

    @Option(help: "A configuration file, TOML; else the one $THROUGHLINED_CONFIG names.")
    var config: String?

    @Option(
        help: ArgumentHelp("Any setting, like limits.connections=500.", valueName: "key=value"))
    var set: [String] = []

    @Flag(help: "Shows what holds and where each value comes from, and nothing else.")
    var checkConfig = false

    @Flag(
        help: ArgumentHelp(
            "Tells whether this program can open the store, and which views it would fold anew, and nothing else. A daemon may be serving the store. Exit code 1 when it cannot."
        ))
    var checkUpgrade = false

    @Option(help: "The store's folder; made when missing (store.path).")
    var store: String?

    @Option(help: "The Unix socket to listen on (socket.path).")
    var socket: String?

    @Option(help: "Where backups lie, a folder each; else <store>.backups (store.backup_folder).")
    var backupFolder: String?

    @Option(
        help: ArgumentHelp(
            "When appends are answered: always = after they are on disk; interval:MS = before, the disk follows within MS milliseconds; os = before, whenever the system writes (store.durability).",
            valueName: "always|interval:MS|os"))
    var durability: String?

    @Option(
        help: ArgumentHelp(
            "Events after which a segment of the log ends.", visibility: .hidden))
    var segmentEvents: String?

    @Option(
        help: ArgumentHelp(
            "Bytes of events that are moved into a segment at once.", visibility: .hidden))
    var strideBytes: String?

    @Option(help: ArgumentHelp("Bytes of the journal's ring.", visibility: .hidden))
    var journalBytes: String?

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

    @Option(
        help:
            "The least log level: trace, debug, info, notice, warning, error, critical (log.level)."
    )
    var logLevel: String?

    func run() async throws {
        StandardFiles.ensureOpen()
        LargeBlocks.giveBack()
        PrivateMemory.keep()
        if let mapBytesMax {
            guard mapBytesMax >= LogLimits.mapBytesMin else {
                Self.complain("--map-bytes-max must be at least \(LogLimits.mapBytesMin)")
                throw ExitCode(Self.usageExitCode)
            }
            EventLog.limitMaps(toBytes: mapBytesMax)
        }
        if let checkFile { throw ExitCode(Server.check(file: checkFile)) }
        let (options, level) = try configured()
        if checkUpgrade {
            let check = UpgradeCheck(store: options.storePath, version: Self.version)
            print(check.text, terminator: "")
            throw check.isPossible ? ExitCode.success : ExitCode(1)
        }
        LoggingSystem.bootstrap {
            StreamLogHandler(label: $0, stream: LogLines.standardError, metadataProvider: nil)
        }
        defer { LogLines.standardError.settle() }
        var logger = Logger(label: "throughlined")
        logger.logLevel = level
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
            Self.complain("\(error)")
            throw ExitCode(error.exitCode)
        }
    }

    /// What the configuration says; ends the process where that is a mistake, or where it was only
    /// to be shown.
    private func configured() throws -> (Server.Options, Logger.Level) {
        do {
            let configuration = try DaemonConfiguration(
                flags: try flags(), environment: ProcessInfo.processInfo.environment,
                file: try file(), standard: Self.standard)
            var options = try configuration.options(
                version: Self.version, workingFolder: FileManager.default.currentDirectoryPath)
            options.ready = { Self.sayHowToTalk($0) }
            let level = try configuration.logLevel()
            guard !checkConfig else {
                print(configuration.table)
                throw CleanExit.message("")
            }
            return (options, level)
        } catch let mistake as ConfigurationMistake {
            Self.complain("configuration refused: \(mistake)")
            throw ExitCode(Self.usageExitCode)
        }
    }

    /// `EX_USAGE` of sysexits.h.
    private static let usageExitCode: Int32 = 64

    private static func complain(_ text: String) {
        LogLines.standardError.write("throughlined: \(text)\n")
        LogLines.standardError.settle()
    }

    private func file() throws -> ConfigurationFile? {
        let variable = ProcessInfo.processInfo.environment[DaemonConfiguration.configVariable]
        guard let path = config ?? variable else { return nil }
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ConfigurationMistake("\(path) cannot be read: \(error.localizedDescription)")
        }
        return try ConfigurationFile(path: path, text: text)
    }

    /// What the command line says: `--set` and the flags that have names of their own.
    func flags() throws(ConfigurationMistake) -> [String: SettingValue] {
        var texts: [(key: String, text: String)] = []
        for pair in set {
            guard let sign = pair.firstIndex(of: "=") else {
                throw ConfigurationMistake("command line: --set takes key=value")
            }
            texts.append((String(pair[..<sign]), String(pair[pair.index(after: sign)...])))
        }
        let named = [
            ("store.path", store), ("store.backup_folder", backupFolder),
            ("store.durability", durability), ("store.segment_events", segmentEvents),
            ("store.stride_bytes", strideBytes), ("store.journal_bytes", journalBytes),
            ("store.force_network_filesystem", forceNetworkFilesystem ? "true" : nil),
            ("socket.path", socket), ("log.level", logLevel),
        ]
        for (key, text) in named {
            if let text { texts.append((key, text)) }
        }
        var flags: [String: SettingValue] = [:]
        for (key, text) in texts {
            guard let setting = Setting.named(key) else {
                throw ConfigurationMistake(
                    "command line: no setting is called \(key)\(NearestSetting.hint(key))")
            }
            guard let value = setting.kind.value(of: text) else {
                throw ConfigurationMistake(
                    "command line: \(key) is \(text), must be \(setting.kind.words)")
            }
            flags[key] = value
        }
        return flags
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
