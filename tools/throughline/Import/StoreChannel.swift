import Client
import EventLog
import EventModel
import Importing
import RESP

/// Answers as a daemon does, and stores events in a new store: for `import --into`.
///
/// A request has one event: events of one round are recorded at one time.
struct StoreChannel: ~Copyable, RequestChannel {
    private let store: StoreImport
    private var encoder = RequestEncoder()
    private var parser = RequestParser()
    /// Takes what the other store had recorded by itself. What was to be taken out of texts is out.
    private var intake = EventIntake(isDaemon: true, redaction: RedactionRules([]))
    private var replies: [Reply] = []

    init(_ store: StoreImport) { self.store = store }

    mutating func submit(_ encode: (inout RequestEncoder) -> Void) throws(ClientError) {
        encode(&encoder)
        replies.append(answer())
        encoder.removeFirst(encoder.buffer.count)
    }

    mutating func drain() throws(ClientError) {}

    mutating func takeReplies() -> [Reply] {
        defer { replies.removeAll(keepingCapacity: true) }
        return replies
    }

    private mutating func answer() -> Reply {
        do throws(ReadFailure<EventRefusal>) {
            return try Self.store(encoder.buffer, &parser, &intake, in: store)
        } catch {
            switch error {
            case .body(let refusal):
                return .error(code: "\(refusal.code)", message: "\(refusal)")
            case .log(let error): return .error(code: "STORAGE", message: "\(error)")
            }
        }
    }

    private static func store(
        _ buffer: OutputBuffer, _ parser: inout RequestParser, _ intake: inout EventIntake,
        in store: StoreImport
    ) throws(ReadFailure<EventRefusal>) -> Reply {
        guard case .request = parser.parse(buffer.bytes) else {
            return .error(code: "ERR", message: "no request")
        }
        let arguments = parser.arguments(in: buffer.bytes)
        let request = AppendWords.events(of: arguments)
        precondition(request.events.count == 1, "rounds are the other store's")
        let words = request.events[0]
        guard words.count > 2, arguments[words.lowerBound + 1].equals(RecordedWord.name),
            let moment = Timestamp(rfc3339: arguments[words.lowerBound + 2].text())
        else { return .error(code: "ERR", message: "when it was recorded is not said") }
        let outcome = try store.store(recorded: moment) { (records) throws(EventRefusal) in
            try take(arguments, words, moment, &intake, &records)
        }
        return reply(outcome, isBatch: request.isBatch)
    }

    private static func take(
        _ arguments: borrowing Arguments, _ words: Range<Int>, _ moment: Timestamp,
        _ intake: inout EventIntake, _ records: inout [UInt8]
    ) throws(EventRefusal) {
        let type = arguments[words.lowerBound].text()
        // They speak of positions, which are this store's.
        guard !Reserved.types.contains(type) else { throw .reservedType(type) }
        try intake.begin(type: arguments[words.lowerBound], now: moment)
        var index = words.lowerBound + 3
        while index + 1 < words.upperBound {
            if arguments[index].equals("DATA") {
                try intake.take(data: arguments[index + 1])
            } else {
                try intake.take(arguments[index], arguments[index + 1])
            }
            index += 2
        }
        try intake.finish(into: &records)
    }

    private static func reply(_ outcome: StoreImport.Outcome, isBatch: Bool) -> Reply {
        switch outcome {
        case .stored(.new(let position)):
            let number = Reply.integer(Int64(position.rawValue))
            return isBatch ? .array([number]) : number
        case .stored(.repeated(let position)), .stored(.erased(let position)):
            return .array([.integer(Int64(position.rawValue)), .simple("REPEAT")])
        case .stored(.conflicting(let position)):
            return .error(
                code: "IDCONFLICT",
                message: "an event with this source and id but other content stands at position "
                    + "\(position.rawValue)")
        case .ahead:
            return .error(
                code: "CLOCK",
                message: "it was recorded later than this machine's clock shows: set the clock")
        case .outOfOrder:
            return .error(
                code: "ORDER",
                message: "it was recorded before the event in front of it: a new store is made of "
                    + "an export as it was written")
        }
    }
}
