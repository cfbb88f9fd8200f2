internal import Consumers
internal import EventLog
internal import EventModel
public import RESP
internal import Views

/// LIMITS, and what other parts of the daemon count here.
extension CommandExecutor {
    /// Counts that a limit was met.
    public func note(_ limit: Limit) { limitHits.note(limit) }

    /// Counts bytes that are no request, by the limit that they break if it is one.
    public func note(_ error: ProtocolError) {
        counters.protocolErrors += 1
        switch error {
        case .invalidLength(.multibulk, .some, _), .tooManyArguments: note(.arguments)
        case .invalidLength(.bulk, .some, _): note(.argumentBytes)
        case .requestTooLarge: note(.requestBytes)
        case .inlineTooLong: note(.inlineBytes)
        default: break
        }
    }

    func answerLimits(_ session: Session) {
        var json = JSONWriter()
        json.beginObject()
        json.field("position", log.head.position)
        json.key("limits")
        json.beginArray()
        for limit in Limit.allCases {
            let definition = limit.definition
            json.beginObject()
            json.field("name", definition.name)
            json.field("value", Int64(limits[limit]))
            json.field("standard", Int64(definition.standard))
            json.field("met", Int64(clamping: limitHits[limit]))
            json.field("what", definition.summary)
            json.field("then", definition.consequence)
            json.endObject()
        }
        for (name, value, summary) in Self.fixedLimits {
            json.beginObject()
            json.field("name", name)
            json.field("value", value)
            json.field("what", summary)
            json.field("then", "it is refused; this limit is not set but built in")
            json.endObject()
        }
        json.endArray()
        json.endObject()
        session.replies.bulk(json.span)
    }

    private static let fixedLimits: [(String, Int64, String)] = [
        ("nesting", 1, "depth of a request: an array of bulk strings"),
        ("event_bytes", Int64(EventLimits.recordBytesMax), "bytes of one event as it is stored"),
        ("identifiers", Int64(EventLimits.identifiersMax), "identifiers of one event"),
        ("batch_events", Int64(CommandLimits.batchEventsMax), "events of one APPENDBATCH"),
        ("guards", Int64(CommandLimits.guardsMax), "EXPECTs of one append"),
        ("events_per_reply", CommandLimits.eventsPerReplyMax, "events of one answer"),
        ("lines", CommandLimits.linesMax, "lines of QUEUES, WAITING and AGENTS"),
        (
            "consumers", Int64(ConsumerLimits.consumersMax), "named consumers"
        ),
        (
            "consumers_per_user", Int64(ConsumerLimits.consumersPerOwnerMax),
            "named consumers of one user, operators' not counted"
        ),
        (
            "follows", Int64(FollowLimits.perConnectionMax), "follows of one connection"
        ),
        (
            "filter_words", Int64(FollowLimits.filterWordsMax),
            "types, channels or identifiers of one filter"
        ),
        (
            "past_questions", Int64(CommandLimits.pastQuestionsMax),
            "questions about the past that wait at a time, and those that take a whole view"
        ),
        (
            "pages", Int64(CommandLimits.besideQuestionsMax),
            "pages of TIMELINE that wait at a time, and questions for figures"
        ),
        (
            "client_name_bytes", Int64(CommandLimits.clientNameBytesMax),
            "bytes of a connection's name"
        ),
        (
            "reply_bytes", Int64(CommandLimits.replyBytesMax),
            "bytes after which an answer of events ends, a quarter of it for who is shown masks"
        ),
        ("wait_ms", CommandLimits.waitMillisecondsMax, "time that WITHIN and WAIT may name"),
    ]
}
