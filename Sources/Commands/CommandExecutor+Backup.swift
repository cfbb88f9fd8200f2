internal import EventLog
internal import EventModel
internal import RESP
internal import Views

/// BACKUP: begins a backup, or tells how the newest stands. It is made beside the loop.
extension CommandExecutor {
    func backup(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        guard let backups = environment.backups else { throw .backup(.stopped) }
        if let name = try arguments.text("name") {
            do throws(BackupError) {
                try backups.start(name)
            } catch {
                if case .badName = error {
                    throw .badArgument(
                        command.name, argument: "name",
                        expected: "1 to 64 of A-Z a-z 0-9 . _ -, not begin with a dot and not end "
                            + "with .partial")
                }
                throw .backup(error)
            }
            session.replies.simpleString("OK")
            return .answered
        }
        let status = backups.status
        var json = JSONWriter()
        json.beginObject()
        json.field("position", log.head.position)
        json.field("backup", status.name.isEmpty ? nil : status.name)
        json.field("state", status.state.rawValue)
        json.field("path", status.path.isEmpty ? nil : status.path)
        json.field("bytes", Int64(clamping: status.bytes))
        json.field("total_bytes", Int64(clamping: status.totalBytes))
        json.field("taken_over_bytes", Int64(clamping: status.takenOver))
        json.field("last", status.position.map { Int64(clamping: $0.rawValue) })
        json.field("reason", status.failure)
        json.endObject()
        session.replies.bulk(json.bytes)
        return .answered
    }
}
