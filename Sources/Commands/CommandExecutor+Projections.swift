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
            json.endObject()
        }
        json.endArray()
        json.endObject()
        session.replies.bulk(json.span)
    }
}

extension ProjectionStatus {
    /// One word for how it stands.
    var state: String {
        if fault != nil { return "halted" }
        return shortage == nil ? "running" : "waiting"
    }

    /// Events folded in a second of folding; nil before the first.
    fileprivate var eventsPerSecond: Int64? {
        guard nanosecondsFolding > 0 else { return nil }
        return Int64(Double(eventsFolded) * 1e9 / Double(nanosecondsFolding))
    }
}
