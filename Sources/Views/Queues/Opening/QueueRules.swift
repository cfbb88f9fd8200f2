internal import ContactCentre
internal import EventModel
internal import JSON

/// What a queue is to keep to: `definition.set` of kind `queue`, key a queue's name, or `default` for
/// all that have none of their own.
///
///     {"waiting_max":20,"wait_max_ms":300000,"overflow_to":"orders","reply_within_ms":14400000}
///
/// All members may be left out. With as many waiting as `waiting_max`, or somebody as long as
/// `wait_max_ms`, a limit is reached and work belongs to `overflow_to`; whoever routes decides. Who
/// wrote is promised a reply within `reply_within_ms` of business time.
struct QueueRules: Equatable {
    private static let members = ["waiting_max", "wait_max_ms", "overflow_to", "reply_within_ms"]
    private static let longest: Int64 = 366 * 86_400_000

    let waitingMax: Int64?
    let waitMaxMilliseconds: Int64?
    let overflowQueue: String?
    let replyMilliseconds: Int64?

    init(_ body: RawSpan) throws(DefinitionFault) {
        let value = try DefinitionBody.object(body, of: "queue")
        try value.only(Self.members, of: "queue")
        waitingMax = try Self.number("waiting_max", 1...1_000_000, value)
        waitMaxMilliseconds = try Self.number("wait_max_ms", 1...Self.longest, value)
        overflowQueue = try value.optionalText("overflow_to", of: "queue")
        replyMilliseconds = try Self.number("reply_within_ms", 1...Self.longest, value)
    }

    private static func number(
        _ name: String, _ range: ClosedRange<Int64>, _ value: JSONValue
    ) throws(DefinitionFault) -> Int64? {
        guard let member = value[name] else { return nil }
        guard case .integer(let number) = member, range.contains(number) else {
            throw DefinitionFault(
                expected: "a JSON object for kind queue whose \(name) is a whole number from "
                    + "\(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Reads the rules in force for a queue, with the name of their version; nil without any.
    static func read<Reader: ViewReader & ~Copyable>(
        _ queue: String, at now: Timestamp, _ reader: borrowing Reader
    ) throws(ViewFault) -> (version: String, rules: QueueRules)? {
        let versions = try QueuesDefinitionKind.queue.versions(of: queue, reader)
        guard let version = versions?.inForce(at: now),
            // What was recorded before bodies were checked may be unreadable: it is no rule.
            let rules = try? unsafe QueueRules(version.body.utf8Span.span.bytes)
        else { return nil }
        return (version.name, rules)
    }

    /// Writes how many may wait for how long, and which of it is reached.
    ///
    /// - Parameter oldest: How long the longest wait is.
    static func writeOverflow(
        _ version: String, _ rules: QueueRules, waiting: Int64, oldest: Int64?,
        _ json: inout JSONWriter
    ) {
        guard rules.waitingMax != nil || rules.waitMaxMilliseconds != nil else { return }
        json.key("overflow")
        json.beginObject()
        json.field("version", version)
        json.field("waiting_max", rules.waitingMax)
        json.field("wait_max_ms", rules.waitMaxMilliseconds)
        json.field("to", rules.overflowQueue)
        json.key("reached")
        json.beginArray()
        if let most = rules.waitingMax, waiting >= most { json.value("waiting_max") }
        if let most = rules.waitMaxMilliseconds, let oldest, oldest >= most {
            json.value("wait_max_ms")
        }
        json.endArray()
        json.endObject()
    }
}
