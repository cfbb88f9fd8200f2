internal import EventLog
internal import EventModel
internal import Projecting
internal import RESP
internal import Views

/// PROJECTIONS: how far each view is, in positions of the store's epoch.
extension CommandExecutor {
    func answerProjections(_ session: Session) {
        let head = log.head.position
        var json = JSONWriter()
        json.beginObject()
        json.field("position", head)
        json.field("epoch", Int64(clamping: environment.epoch))
        json.key("projections")
        json.beginArray()
        for status in views.status {
            json.beginObject()
            json.field("name", status.name)
            json.field("version", status.version)
            json.field("position", status.position)
            json.field("behind", Int64(clamping: head.rawValue &- status.position.rawValue))
            json.field("state", status.state)
            json.field("reason", status.fault ?? status.shortage)
            json.field("events_folded", Int64(clamping: status.eventsFolded))
            json.field("events_per_second", status.eventsPerSecond)
            json.field("bytes", Int64(clamping: status.fileBytes))
            json.field("map_bytes", Int64(clamping: status.mapBytes))
            write(status.rebuild, status, &json)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        session.replies.bulk(json.span)
    }

    private func write(
        _ rebuild: RebuildProgress?, _ status: ProjectionStatus, _ json: inout JSONWriter
    ) {
        if status.isBuilding { json.field("remaining_ms", status.remainingMilliseconds) }
        guard let rebuild else { return }
        json.key("rebuild")
        json.beginObject()
        switch rebuild {
        case .waits: json.field("state", "waiting")
        case .failed(let reason):
            json.field("state", "failed")
            json.field("reason", reason)
        case .folds(let start, let end, let nanoseconds):
            json.field("state", "running")
            json.field("position", Int64(clamping: end.rawValue))
            if nanoseconds > 0 {
                let events = Double(end.rawValue - start.rawValue)
                json.field("events_per_second", Int64(events * 1e9 / Double(nanoseconds)))
            }
            json.field("remaining_ms", status.remainingMilliseconds)
        }
        json.endObject()
    }

    /// REBUILD: has a view folded anew beside the one in use.
    func rebuild(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) {
        guard let name = try arguments.text("projection"), views.rebuild(name) else {
            throw .badArgument(
                command.name, argument: "projection",
                expected: "one of " + ViewSet.names.joined(separator: ", "))
        }
        session.replies.simpleString("OK")
    }
}

extension ProjectionStatus {
    /// One word for how it stands.
    var state: String {
        if fault != nil { return "halted" }
        if isBuilding { return "building" }
        return shortage == nil ? "running" : "waiting"
    }

    /// Events folded in a second of folding; nil before the first.
    fileprivate var eventsPerSecond: Int64? {
        guard nanosecondsFolding > 0 else { return nil }
        return Int64(Double(eventsFolded) * 1e9 / Double(nanosecondsFolding))
    }
}
