import ArgumentParser
import Client
import Importing

/// Runs the tool: 0 success, 1 failure, 2 a command line that cannot be read.
@main
enum Main {
    static func main() {
        StandardFiles.ensureOpen()
        Terminal.outliveReaders()
        do {
            var command = try Throughline.parseAsRoot()
            try command.run()
        } catch let failure as ToolFailure {
            Terminal.complain(failure.lines)
            Terminal.exit(failure.code)
        } catch let error as ImportError {
            Terminal.complain(["\(error)"])
            Terminal.exit(1)
        } catch {
            let code = Throughline.exitCode(for: error)
            let message = Throughline.fullMessage(for: error)
            if code.isSuccess {
                Terminal.write(message + "\n")
                Terminal.exit(0)
            }
            if code == .validationFailure {
                // The parser quotes the words it cannot read, and puts line breaks of its own
                // between its sentences.
                let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
                Terminal.writeError(
                    lines.map { Escaping.printable(String($0)) + "\n" }.joined())
                Terminal.exit(2)
            }
            Terminal.complain(["\(error)"])
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
            Commands talk to a running daemon over its Unix socket: --socket, else \
            $THROUGHLINE_SOCKET, else the default of daemon and tool. Those that take a store's \
            folder look at it themselves.
            """,
        version: version,
        groupedSubcommands: [
            CommandGroup(
                name: "Look",
                subcommands: [
                    CustomerCommand.self, IdentityCommand.self, SignalsCommand.self,
                    TimelineCommand.self, InteractionCommand.self, QueuesCommand.self,
                    QueueCommand.self, WaitingCommand.self, WaitCommand.self, AgentsCommand.self,
                    AgentCommand.self, MetricsCommand.self, ScorecardCommand.self,
                    SeasonCommand.self, EventCommand.self, TailCommand.self, StepCommand.self,
                ]),
            CommandGroup(
                name: "Feed",
                subcommands: [
                    AppendCommand.self, ImportCommand.self, ExportCommand.self,
                    SimulateCommand.self,
                ]),
            CommandGroup(
                name: "Operate",
                subcommands: [
                    StatusCommand.self, DoctorCommand.self, ProjectionsCommand.self,
                    LimitsCommand.self, ConsumersCommand.self, RebuildCommand.self,
                    SealCommand.self, BackupCommand.self, RestoreCommand.self,
                ]),
            CommandGroup(
                name: "Prove",
                subcommands: [
                    VerifyCommand.self, CheckpointCommand.self, ReceiptCommand.self,
                    ReplayCommand.self, WhyCommand.self, InspectCommand.self,
                    TrainDictionaryCommand.self,
                ]),
        ])

    /// The version of tool and daemon, which come together.
    static let version = "1.0.0"
}

/// Why a command failed, in words for the person who typed it.
struct ToolFailure: Error {
    /// What is shown, a line each. A line break within a line came from outside and is shown as
    /// its escape.
    let lines: [String]
    /// The exit code.
    let code: Int32

    init(_ lines: String..., code: Int32 = 1) {
        self.lines = lines
        self.code = code
    }
}
