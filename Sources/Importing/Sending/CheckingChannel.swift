public import Client
public import EventModel
public import RESP

/// Answers as a daemon with an empty store would, and stores nothing: for `--dry-run` and tests.
///
/// Every event is checked as the daemon checks it, against the types of this build. Sources and
/// ids are remembered as hashes: a repeat answers its position, the same id with other content is
/// refused.
public struct CheckingChannel: ~Copyable, RequestChannel {
    private var encoder = RequestEncoder()
    private var parser = RequestParser()
    private var intake = EventIntake()
    private var record: [UInt8] = []
    private var replies: [Reply] = []
    private let now: Timestamp
    /// What is stored: the hash of source and id, with the hash of the content and the position.
    private var stored: [Int: (content: Int, position: Int64)] = [:]
    /// How many events of each type were taken.
    public private(set) var types: [String: Int] = [:]

    /// Makes a channel whose clock shows `now`.
    public init(now: Timestamp) { self.now = now }

    /// Adds one request and answers it.
    public mutating func submit(_ encode: (inout RequestEncoder) -> Void) throws(ClientError) {
        encode(&encoder)
        replies.append(answer())
        encoder.removeFirst(encoder.buffer.count)
    }

    /// Everything is answered already.
    public mutating func drain() throws(ClientError) {}

    /// Hands over the replies.
    public mutating func takeReplies() -> [Reply] {
        defer { replies.removeAll(keepingCapacity: true) }
        return replies
    }

    private mutating func answer() -> Reply {
        var events: [Seen] = []
        var isBatch = false
        do throws(EventRefusal) {
            guard
                let read = try Self.read(
                    encoder.buffer, &parser, &intake, now, &record, &events)
            else { return .error(code: "ERR", message: "no request") }
            isBatch = read
        } catch {
            return .error(code: "\(error.code)", message: "\(error)")
        }
        return store(events, isBatch: isBatch)
    }

    /// One event of a request, as hashes.
    private struct Seen {
        let type: String
        let key: Int
        let content: Int
    }

    /// Reads a request's events; returns whether it is a batch, nil if it is no request.
    private static func read(
        _ buffer: OutputBuffer, _ parser: inout RequestParser, _ intake: inout EventIntake,
        _ now: Timestamp, _ record: inout [UInt8], _ events: inout [Seen]
    ) throws(EventRefusal) -> Bool? {
        guard case .request = parser.parse(buffer.bytes) else { return nil }
        let arguments = parser.arguments(in: buffer.bytes)
        let request = AppendWords.events(of: arguments)
        for words in request.events {
            events.append(try take(arguments, words, &intake, now, &record))
        }
        return request.isBatch
    }

    private static func take(
        _ arguments: borrowing Arguments, _ words: Range<Int>, _ intake: inout EventIntake,
        _ now: Timestamp, _ record: inout [UInt8]
    ) throws(EventRefusal) -> Seen {
        var key = Hasher()
        var content = Hasher()
        content.combine(arguments[words.lowerBound].copied())
        try intake.begin(type: arguments[words.lowerBound], now: now)
        var index = words.lowerBound + 1
        while index + 1 < words.upperBound {
            let (name, value) = (arguments[index], arguments[index + 1])
            if name.equals("DATA") {
                try intake.take(data: value)
            } else {
                try intake.take(name, value)
            }
            for part in [name.copied(), value.copied()] {
                content.combine(part)
                if name.equals("source") || name.equals("id") { key.combine(part) }
            }
            index += 2
        }
        record.removeAll(keepingCapacity: true)
        try intake.finish(into: &record)
        return Seen(
            type: arguments[words.lowerBound].text(), key: key.finalize(),
            content: content.finalize())
    }

    /// Takes all events or none.
    private mutating func store(_ events: [Seen], isBatch: Bool) -> Reply {
        var positions: [Reply] = []
        var fresh: [Int: (content: Int, position: Int64)] = [:]
        var repeats = 0
        for event in events {
            if let known = stored[event.key] ?? fresh[event.key] {
                guard known.content == event.content else {
                    return .error(
                        code: "IDCONFLICT",
                        message: "\(event.type): an event with this source and id but other "
                            + "content is stored already")
                }
                repeats += 1
                positions.append(.integer(known.position))
            } else {
                let position = Int64(stored.count + fresh.count + 1)
                fresh[event.key] = (event.content, position)
                positions.append(.integer(position))
            }
        }
        guard repeats == 0 || fresh.isEmpty else {
            return .error(
                code: "PARTIALREPEAT", message: "\(repeats) of \(events.count) are stored already")
        }
        for event in events where fresh[event.key] != nil { types[event.type, default: 0] += 1 }
        stored.merge(fresh) { _, new in new }
        if repeats > 0 { positions.append(.simple("REPEAT")) }
        return isBatch || repeats > 0 ? .array(positions) : positions[0]
    }
}
