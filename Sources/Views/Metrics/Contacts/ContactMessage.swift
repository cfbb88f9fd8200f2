internal import ContactCentre
internal import EventModel

/// A message that both sides can see, as far as clocks need it.
struct ContactMessage: Equatable {
    var sent: Timestamp
    var author: MessageAuthor
    /// Its last delivery failed for good: it answers nothing.
    var isFailed = false
    /// A hash of its id, by which its failure finds it.
    var idHash: UInt64
    /// Which agent wrote it: a number among the contact's `writers`, from 1; 0 where that is not told.
    var writer: UInt8 = 0
}

extension EventView {
    /// Returns a hash of a text attribute, or nil when there is none.
    func hash(_ name: StaticString) -> UInt64? {
        guard let bytes = bytes(name) else { return nil }
        return bytes.stableHash
    }
}

extension RawSpan {
    /// FNV-1a: the same in every process.
    var stableHash: UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for offset in 0..<byteCount { hash = (hash ^ UInt64(self[offset])) &* 0x100_0000_01b3 }
        return hash
    }
}

extension ContactDetails {
    mutating func take(_ event: borrowing EventView, isReceived: Bool) {
        guard event.boolean("private") != true, messages.count < MetricLimits.messagesMax,
            let id = event.hash("message_id")
        else { return }
        let author =
            event.word("author", MessageAuthor.self) ?? (isReceived ? .customer : .system)
        messages.append(
            ContactMessage(
                sent: event.occurred, author: author, idHash: id,
                writer: author == .agent ? writer(event.text("agent")) : 0))
    }

    /// The number of an agent who writes; 0 where nobody is told, or one more than are told apart.
    private mutating func writer(_ agent: String?) -> UInt8 {
        guard let agent, !agent.isEmpty else { return 0 }
        if let known = writers.firstIndex(of: agent) { return UInt8(known + 1) }
        guard writers.count < MetricLimits.writersMax else { return 0 }
        writers.append(agent)
        return UInt8(writers.count)
    }

    /// Who wrote a message: whom it names, else who had the contact then, or first.
    func writer(of message: ContactMessage, _ interaction: Interaction) -> String {
        if message.writer > 0 { return writers[Int(message.writer) - 1] }
        let then = interaction.connections.last {
            ($0.connected ?? $0.accepted ?? .latest) <= message.sent
        }
        return (then ?? interaction.connections.first)?.agent ?? ""
    }

    mutating func fail(_ event: borrowing EventView) {
        guard let id = event.hash("message_id"),
            let index = messages.lastIndex(where: { $0.idHash == id })
        else { return }
        messages[index].isFailed = true
    }
}

/// How long customers waited for words of a person: a pure function of an interaction's messages.
///
/// Only a message by a person of ours whose delivery did not fail answers; bots, automatic
/// notices and private notes never do.
struct ResponseClock: Equatable {
    /// From a start to the reply.
    struct Span: Equatable {
        var from: Timestamp
        var to: Timestamp
        /// Who replied, by the place of the message.
        var reply: Int?
        var milliseconds: Int64 { to - from }
    }

    /// First reply minus the last start before it: the customer's first message, the hand-over
    /// from a bot, or the reopening. Absent where we wrote first.
    var firstHuman: Span?
    /// First reply minus the customer's first message, the bot's time included.
    var firstCustomer: Span?
    /// For each run of the customer's messages, reply minus the first of the run.
    var responses: [Span] = []
    /// When the run that nobody has answered yet began.
    var unansweredSince: Timestamp?

    init(_ details: ContactDetails, _ interaction: borrowing Interaction) {
        var firstCustomerMessage: Timestamp?
        var weWroteFirst = false
        var isReplied = false
        for (index, message) in details.messages.enumerated() {
            switch message.author {
            case .customer:
                if firstCustomerMessage == nil { firstCustomerMessage = message.sent }
                if unansweredSince == nil { unansweredSince = message.sent }
            case .agent where !message.isFailed:
                if firstCustomerMessage == nil { weWroteFirst = true }
                if let start = unansweredSince {
                    responses.append(Span(from: start, to: message.sent, reply: index))
                    unansweredSince = nil
                }
                guard !isReplied, !weWroteFirst, let first = firstCustomerMessage else { continue }
                isReplied = true
                firstCustomer = Span(from: first, to: message.sent, reply: index)
                firstHuman = Span(
                    from: Self.start(first, before: message.sent, interaction, details),
                    to: message.sent, reply: index)
            default: break
            }
        }
    }

    private static func start(
        _ first: Timestamp, before reply: Timestamp, _ interaction: borrowing Interaction,
        _ details: ContactDetails
    ) -> Timestamp {
        var start = first
        for span in interaction.selfService where span.outcome == .handedOver {
            if let left = span.left, left <= reply { start = max(start, left) }
        }
        for reopened in details.reopenings where reopened <= reply { start = max(start, reopened) }
        return start
    }
}
