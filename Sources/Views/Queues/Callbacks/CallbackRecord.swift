internal import ContactCentre
internal import EventModel

/// A call back from the request to its end.
///
///     key  'k', text callback
///     row  u8 version = 2; text? interaction, queue told, queue it was asked for in; stamp requested;
///          num due from, due to: each 0, or 1 and int ms UTC; stamp of the word on the due time;
///          num attempts; text? outcome of the last; stamp of that;
///          num end: 0, or its number plus one; stamp of that
struct CallbackRecord: RowRecord, Equatable {
    static let prefix = UInt8(ascii: "k")
    private static let version: UInt8 = 2

    /// How a call back ended.
    enum End: UInt8 {
        case reached = 0
        case failed = 1
        case expired = 2
        case cancelled = 3
    }

    /// The interaction in which it was asked for.
    var interaction: String?
    /// The queue that the request names.
    var toldQueue: String?
    /// The queue in which the customer waited when they asked for it.
    var stayQueue: String?
    var requested = Stamp()
    var dueFrom: Timestamp?
    var dueTo: Timestamp?
    var due = Stamp()
    /// The greatest number of an attempt.
    var attempts: Int64 = 0
    var outcome: String?
    var attempted = Stamp()
    var end: End?
    var ended = Stamp()

    init() {}

    var isEmpty: Bool { self == CallbackRecord() }

    /// When it is overdue, where it was asked for or scheduled at all.
    var deadline: Timestamp? { dueTo ?? dueFrom }

    /// Whether it is still to be made: nothing has ended it, or it was asked for or scheduled anew
    /// after it had expired.
    var isOpen: Bool {
        guard let end else { return requested.isSaid || due.isSaid }
        return end == .expired && max(requested, due) > ended
    }

    /// The queue that is to make it.
    var queue: String? { toldQueue ?? stayQueue }

    /// Whether it was asked for in an interaction whose name is that text part of a key.
    func isAsked(inKey name: ArraySlice<UInt8>) -> Bool {
        guard let interaction else { return false }
        var part: [UInt8] = []
        part.append(keyText: interaction)
        return part[...] == name
    }

    /// Takes the queue from its interaction's times in queues: the one that the customer left for
    /// the call back, else the last one entered before the request.
    mutating func enter(_ stays: [Stay]) {
        let moment = requested.occurred
        let stay =
            stays.last { $0.flowOutReason == .toCallback && $0.ended == moment }
            ?? stays.last { $0.entered < moment } ?? stays.first { $0.entered == moment }
        stayQueue = stay?.queue
    }

    /// Applies an event about it.
    ///
    /// - Parameter stays: The times in queues of the event's interaction.
    mutating func apply(_ event: borrowing EventView, in stays: [Stay]) {
        let type = event.type
        let stamp = Stamp(event)
        if type.equals("callback.requested") {
            guard requested < stamp else { return }
            requested = stamp
            interaction = event.text("interaction")
            toldQueue = event.text("queue")
            enter(stays)
            takeDue(event, stamp)
        } else if type.equals("callback.scheduled") {
            takeDue(event, stamp)
        } else if type.equals("callback.attempted") {
            attempts = max(attempts, min(event.integer("attempt") ?? 0, Int64(Int32.max)))
            guard attempted < stamp else { return }
            attempted = stamp
            outcome = event.text("outcome")
        } else if let end = Self.end(by: type) {
            take(end, stamp)
        }
    }

    /// The last word counts, but that it expired yields to any other: silence was taken for an end.
    private mutating func take(_ end: End, _ stamp: Stamp) {
        if let known = self.end, (known == .expired) != (end == .expired) {
            guard known == .expired else { return }
        } else {
            guard ended < stamp else { return }
        }
        self.end = end
        ended = stamp
    }

    private mutating func takeDue(_ event: borrowing EventView, _ stamp: Stamp) {
        guard event.time("due_from") != nil || event.time("due_to") != nil, due < stamp else {
            return
        }
        dueFrom = event.time("due_from")
        dueTo = event.time("due_to")
        due = stamp
    }

    private static func end(by type: RawSpan) -> End? {
        if type.equals("callback.reached") { return .reached }
        if type.equals("callback.failed") { return .failed }
        if type.equals("callback.expired") { return .expired }
        return type.equals("callback.cancelled") ? .cancelled : nil
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "callback row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("callback row version", at: 0)
        }
        interaction = try reader.optionalText()
        toldQueue = try reader.optionalText()
        stayQueue = try reader.optionalText()
        requested = try Stamp(from: &reader)
        dueFrom = try reader.optionalMoment()
        dueTo = try reader.optionalMoment()
        due = try Stamp(from: &reader)
        attempts = Int64(clamping: try reader.varint())
        outcome = try reader.optionalText()
        attempted = try Stamp(from: &reader)
        let end = try reader.byte()
        if end > 0 {
            guard let known = End(rawValue: end - 1) else {
                throw MalformedBytes("callback row", at: reader.offset)
            }
            self.end = known
        }
        ended = try Stamp(from: &reader)
        guard reader.isAtEnd else { throw MalformedBytes("callback row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(optionalText: interaction)
        row.append(optionalText: toldQueue)
        row.append(optionalText: stayQueue)
        requested.encode(into: &row)
        row.append(optionalMoment: dueFrom)
        row.append(optionalMoment: dueTo)
        due.encode(into: &row)
        row.append(varint: UInt64(max(0, attempts)))
        row.append(optionalText: outcome)
        attempted.encode(into: &row)
        row.append(end.map { $0.rawValue + 1 } ?? 0)
        ended.encode(into: &row)
    }
}

/// A call back that is still to be made, by when it is due.
///
///     key  'b', text queue, i64 due until in ms, text callback
///     row  u8 version = 1
struct DueRow: RowRecord {
    static let prefix = UInt8(ascii: "b")
    private static let version: UInt8 = 1

    init() {}

    var isEmpty: Bool { false }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "due callback row")
        guard try reader.byte() == Self.version, reader.isAtEnd else {
            throw MalformedBytes("due callback row", at: 0)
        }
    }

    func encode(into row: inout [UInt8]) { row.append(Self.version) }

    /// Where a call back stands; nil once it has ended, or before it was asked for or scheduled.
    struct Place: Equatable {
        var queue: String
        var due: Timestamp

        init?(_ record: borrowing CallbackRecord) {
            guard record.isOpen else { return nil }
            queue = record.queue ?? ""
            due = record.deadline ?? .latest
        }

        /// Writes the key; `callback` is the text part of the call back's own key.
        func writeKey(_ callback: ArraySlice<UInt8>, to key: inout [UInt8]) {
            key.removeAll(keepingCapacity: true)
            key.append(DueRow.prefix)
            key.append(keyText: queue)
            key.append(keySigned: due.rawValue)
            key.append(contentsOf: callback)
        }
    }
}
