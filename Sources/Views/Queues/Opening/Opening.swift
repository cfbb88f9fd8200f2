internal import ContactCentre
internal import EventModel

/// Whether a queue is open, and when that changes next.
///
/// The last word of its events comes first, while it holds. `queue.closed` holds until its `until`,
/// or until `queue.opened`; `queue.opened` with `until` holds until then. `queue.opened` without it
/// ends a closure: from then on the calendar decides, and where there is none the queue is open. A
/// queue without events and calendar is not said to be either.
struct Opening {
    /// What it follows from: `event` or `calendar`.
    var by: StaticString
    var isOpen: Bool
    /// nil where nobody can say.
    var change: Timestamp?
    /// Why, where an event said so.
    var reason: String?

    /// Reads it for a queue; nil where nothing is known.
    static func read<Reader: ViewReader & ~Copyable>(
        _ queue: String, at now: Timestamp, _ calendar: CalendarVersions?,
        _ reader: borrowing Reader
    ) throws(ViewFault) -> Opening? {
        var key: [UInt8] = []
        unsafe OpeningWord.writeKey(.queue, queue.utf8Span.span.bytes, to: &key)
        let word = try OpeningWord.decoded(try reader.row(key))
        if let word, word.holds(at: now), word.state == .closed || word.until != nil {
            return Opening(
                by: "event", isOpen: word.state != .closed,
                change: word.until.flatMap { end in
                    behind(end, isOpen: word.state != .closed, calendar)
                }, reason: word.reason)
        }
        if let calendar, let isOpen = calendar.isOpen(at: now) {
            return Opening(by: "calendar", isOpen: isOpen, change: calendar.change(after: now))
        }
        // A closure that is over, or an opening, where no calendar says anything.
        guard let word else { return nil }
        return Opening(by: "event", isOpen: true, reason: word.reason)
    }

    /// When a state that an event gave until a moment changes: then, or where the calendar goes on
    /// with the same state, when that changes.
    private static func behind(
        _ end: Timestamp, isOpen: Bool, _ calendar: CalendarVersions?
    ) -> Timestamp? {
        // Without a calendar a queue is open once an opening or a closure is over.
        guard let calendar, let next = calendar.isOpen(at: end) else { return isOpen ? nil : end }
        return next == isOpen ? calendar.change(after: end) : end
    }

    /// Writes it into an open object.
    func write(to json: inout JSONWriter) {
        json.key("opening")
        json.beginObject()
        json.field("open", isOpen)
        json.field("by", word: by)
        json.field("next_change", change)
        json.field("reason", reason)
        json.endObject()
    }
}

/// The calendars of queues, each read once.
struct QueueCalendars {
    private let zones: (String) -> (any ZoneOffsets)?
    private var byQueue: [String: CalendarVersions?] = [:]
    private var byDefault: CalendarVersions??

    /// - Parameter zones: Finds the offsets of a zone by its name.
    init(_ zones: @escaping (String) -> (any ZoneOffsets)?) { self.zones = zones }

    /// Returns the calendar of a queue, or the one that holds by default; nil without any.
    mutating func calendar<Reader: ViewReader & ~Copyable>(
        of queue: String, _ reader: borrowing Reader
    ) throws(ViewFault) -> CalendarVersions? {
        if let known = byQueue[queue] { return known }
        var calendar = try read(queue, reader)
        if calendar == nil {
            if byDefault == nil { byDefault = .some(try read(BusinessCalendar.byDefault, reader)) }
            calendar = byDefault ?? nil
        }
        byQueue[queue] = .some(calendar)
        return calendar
    }

    private func read<Reader: ViewReader & ~Copyable>(
        _ name: String, _ reader: borrowing Reader
    ) throws(ViewFault) -> CalendarVersions? {
        var key = QueuesDefinitionKind.calendar.start
        key.append(keyText: name)
        guard let versions = try DefinitionVersions.decoded(try reader.row(key)) else { return nil }
        let calendar = CalendarVersions(versions, zones)
        return calendar.isEmpty ? nil : calendar
    }
}

extension Channel {
    /// Whether who comes by it writes, and waits for a reply rather than for an answer.
    var isWritten: Bool {
        switch self {
        case .chat, .sms, .messaging, .email, .social, .web, .app, .post: true
        case .unknown, .voice, .video, .store, .task: false
        }
    }
}

extension Interaction {
    /// The queue that holds it, or held it last; its own until it enters one.
    var holder: String { stays.last?.queue ?? queue }

    /// Who holds it: talks, works on it after the talk, or hears it ring first.
    var agentAtWork: String? {
        let agent =
            switch state {
            case .connected, .held, .wrapUp: connections.last?.agent
            case .offering: ringing.first?.agent
            default: String?.none
            }
        return agent.flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// Channels that are closed or work badly, whatever the queue.
enum ChannelTrouble {
    static func write<Reader: ViewReader & ~Copyable>(
        at now: Timestamp, _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(ViewFault) {
        let start = [OpeningWord.prefix, OpeningWord.Subject.channel.rawValue]
        let end = [OpeningWord.prefix, OpeningWord.Subject.channel.rawValue + 1]
        var found: [(channel: String, word: OpeningWord)] = []
        try reader.rows(from: start, below: end) { key, row throws(ViewFault) in
            let word = try OpeningWord.decoded(row)
            if word.state == .closed || word.state == .degraded, word.holds(at: now) {
                found.append((try key.keyText(at: start.count).text, word))
            }
            return true
        }
        guard !found.isEmpty else { return }
        json.key("channels_in_trouble")
        json.beginArray()
        for (channel, word) in found {
            json.beginObject()
            json.field("channel", channel)
            json.field("state", word: word.state.word)
            json.field("since", word.stamp.occurred)
            json.field("until", word.until)
            json.field("reason", word.reason)
            json.endObject()
        }
        json.endArray()
    }
}
