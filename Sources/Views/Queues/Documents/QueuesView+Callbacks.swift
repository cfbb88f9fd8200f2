internal import ContactCentre
internal import EventModel

/// Call backs that are still to be made, those due first.
extension QueuesView {
    static func writeCallbacks<Reader: ViewReader & ~Copyable>(
        of queue: String, _ now: Timestamp, _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(ViewFault) {
        var start = [DueRow.prefix]
        start.append(keyText: queue)
        var names: [String] = []
        try reader.rows(from: start, below: start.keyAfterPrefix) { key, _ throws(ViewFault) in
            names.append(try key.keyText(at: start.count + 8).text)
            return names.count <= ViewLimits.callbacksShown
        }
        let isMore = names.count > ViewLimits.callbacksShown
        json.key("callbacks")
        json.beginArray()
        for name in names.prefix(ViewLimits.callbacksShown) {
            var key = [CallbackRecord.prefix]
            key.append(keyText: name)
            guard let record = try CallbackRecord.decoded(try reader.row(key)) else { continue }
            json.beginObject()
            json.field("callback", name)
            json.field("interaction", record.interaction)
            json.field("due_from", record.dueFrom)
            json.field("due_to", record.dueTo)
            json.field("overdue", record.deadline.map { $0 < now } ?? false)
            json.field("attempts", record.attempts)
            json.field("last_outcome", record.outcome)
            json.endObject()
        }
        json.endArray()
        if isMore { json.field("callbacks_truncated", true) }
    }
}
