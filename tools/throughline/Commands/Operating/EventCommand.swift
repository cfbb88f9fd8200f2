import ArgumentParser

struct EventCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event", abstract: "One event, by its position.")

    @Argument(help: "The event's position.")
    var position: UInt64

    @OptionGroup var connection: ConnectionOptions

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard position >= 1 else { throw ValidationError("positions begin at 1") }
    }

    func run() throws {
        var session = try connection.connect()
        let document = try session.document(
            ["EVENT", "\(position)"], missing: "the log ends before position \(position)")
        if output.csv {
            Terminal.write(EventCSV.header + EventCSV.line(try document.value()))
        } else {
            try output.show(document)
        }
    }
}
