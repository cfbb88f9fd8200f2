import ArgumentParser
import Importing

/// Runs the tool: 0 success, 1 failure, 2 a command line that cannot be read.
@main
enum Main {
    static func main() {
        do {
            var command = try Throughline.parseAsRoot()
            try command.run()
        } catch let failure as ToolFailure {
            Terminal.complain(failure.message)
            Terminal.exit(1)
        } catch let error as ImportError {
            Terminal.complain("\(error)")
            Terminal.exit(1)
        } catch {
            let code = Throughline.exitCode(for: error)
            let message = Throughline.fullMessage(for: error)
            if code.isSuccess {
                Terminal.write(message + "\n")
                Terminal.exit(0)
            }
            if code == .validationFailure {
                Terminal.writeError(message + "\n")
                Terminal.exit(2)
            }
            Terminal.complain("\(error)")
            Terminal.exit(1)
        }
    }
}

/// The operators' tool.
struct Throughline: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "throughline",
        abstract: "Look into a contact centre's memory, and feed it.",
        discussion: """
            All commands talk to a running daemon over its Unix socket: --socket, else \
            $THROUGHLINE_SOCKET, else the default of daemon and tool.
            """,
        subcommands: [
            StatusCommand.self, TailCommand.self, CustomerCommand.self, InteractionCommand.self,
            QueuesCommand.self, QueueCommand.self, MetricsCommand.self, ImportCommand.self,
            SimulateCommand.self, TrainDictionaryCommand.self,
        ])
}

/// Why a command failed, in words for the person who typed it.
struct ToolFailure: Error {
    let message: String

    init(_ message: String) { self.message = message }
}
