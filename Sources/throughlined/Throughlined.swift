public import ArgumentParser
import Client
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

    @Option(help: "The least log level: trace, debug, info, notice, warning, error, critical.")
    var logLevel: Logger.Level = .info

    private static var defaultStore: String {
        let environment = ProcessInfo.processInfo.environment
        let state = environment["XDG_STATE_HOME"] ?? NSHomeDirectory() + "/.local/state"
        return state + "/throughline/store"
    }

    private static var defaultSocket: String { DefaultSocket.path }

    func run() async throws {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        var logger = Logger(label: "throughlined")
        logger.logLevel = logLevel
        let socket = socket
        let server = Server(
            options: .init(
                storePath: absolute(store), socketPath: absolute(socket), version: Self.version,
                ready: { Self.sayHowToTalk(socket) }),
            logger: logger)
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

extension Logger.Level: @retroactive ExpressibleByArgument {}
