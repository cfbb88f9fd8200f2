internal import EventModel

/// What a card shows of a contact beside its state, read off the row of a subject in place: a card
/// looks at many contacts and writes little of each. It says what `SubjectRecord` would.
struct ContactRow {
    /// An event that the row keeps, and where in it its values stand.
    private struct Kept {
        let occurred: Timestamp
        let position: Position
        let values: Range<Int>

        func precedes(_ other: Kept) -> Bool {
            (occurred, position) < (other.occurred, other.position)
        }
    }

    private let bytes: [UInt8]
    /// Why they came, the last last.
    private var reasons: [Kept] = []
    /// How it began, where that names an order.
    private var created: Kept?
    /// What the customer wrote, and what was written to them, the last ones.
    private var received: [Kept] = []
    private var sent: [Kept] = []
    /// Whether it was taken out of a thread once.
    private(set) var wasSplit = false
    private var summary: Kept?
    /// The mood that was measured last.
    private var measured: Kept?
    /// The thread that they belong to now.
    private var thread: Kept?
    /// The first message of the customer that no person of ours has answered yet.
    private(set) var unanswered: (occurred: Timestamp, position: Position)?

    /// Reads the row of a contact; nil where there is none.
    static func read<Reader: ViewReader & ~Copyable>(
        _ name: KeyName, _ reader: borrowing Reader
    ) throws(ViewFault) -> ContactRow? {
        var key: [UInt8] = []
        SubjectRecord.writeKey(.contact, to: &key)
        key.append(contentsOf: name.bytes)
        var found: ContactRow?
        try reader.row(key) { (row) throws(ViewFault) in
            do throws(MalformedBytes) {
                found = try ContactRow(row: row)
            } catch {
                throw .damaged(error)
            }
        }
        return found
    }

    init(row: RawSpan) throws(MalformedBytes) {
        bytes = row.copied()
        let rules = Rules.shared
        var reader = ByteReader(row, of: "subject row")
        let began = try SubjectRecord.readHead(from: &reader)
        var (asked, answered): ([Kept], Kept?) = ([], nil)
        var (joined, split): (Kept?, Kept?) = (nil, nil)
        for _ in 0..<(try reader.count()) {
            let code = try reader.byte()
            let isWhole = try reader.span(try reader.count()).byteCount == 0
            _ = try reader.varint()
            var last: UInt64 = 0
            for _ in 0..<(try reader.count()) {
                let kept = try Self.readKept(from: &reader, began, &last)
                guard isWhole else { continue }
                switch code {
                case rules.reason: reasons.append(kept)
                case rules.created: created = kept
                case rules.received:
                    received.append(kept)
                    if try Self.says(kept, rules.receivedBy, "customer", row) {
                        asked.append(kept)
                    }
                case rules.sent:
                    sent.append(kept)
                    let isAgents = try Self.says(kept, rules.sentBy, "agent", row)
                    if isAgents, try !Self.isTrue(kept, rules.sentPrivately, row) {
                        answered = kept
                    }
                case rules.summarised: summary = kept
                case rules.measured: measured = kept
                case rules.joined: joined = kept
                case rules.split: split = kept
                default: break
                }
            }
        }
        guard reader.isAtEnd else { throw MalformedBytes("subject row", at: reader.offset) }
        wasSplit = split != nil
        thread = joined.flatMap { joined in
            split.map { $0.precedes(joined) } ?? true ? joined : nil
        }
        let first = asked.first { kept in answered.map { $0.precedes(kept) } ?? true }
        unanswered = first.map { ($0.occurred, $0.position) }
    }

    private static func readKept(
        from reader: inout ByteReader, _ began: Timestamp, _ last: inout UInt64
    ) throws(MalformedBytes) -> Kept {
        let occurred = Timestamp(milliseconds: began.rawValue &+ (try reader.zigzag()))
        guard occurred == occurred.clamped else {
            throw MalformedBytes("subject row", at: reader.offset)
        }
        last &+= UInt64(bitPattern: try reader.zigzag())
        let count = try reader.count()
        let start = reader.offset
        _ = try reader.span(count)
        return Kept(
            occurred: occurred, position: Position(last), values: start..<start + count)
    }

    /// Whether a value of an event is this word.
    private static func says(
        _ kept: Kept, _ index: Int, _ word: StaticString, _ row: RawSpan
    ) throws(MalformedBytes) -> Bool {
        var walk = MarkValues(row.extracting(kept.values))
        while let value = try walk.next() {
            if value.index == index { return value.isText && value.text.equals(word) }
        }
        return false
    }

    private static func isTrue(
        _ kept: Kept, _ index: Int, _ row: RawSpan
    ) throws(MalformedBytes) -> Bool {
        var walk = MarkValues(row.extracting(kept.values))
        while let value = try walk.next() {
            if value.index == index { return value.isNumber && value.number == 1 }
        }
        return false
    }
}

extension ContactRow {
    /// Whether a reason was given for the contact.
    func hasReason(_ reason: String) throws(ViewFault) -> Bool {
        for kept in reasons {
            var isIt = false
            try visit(kept, Rules.shared.reasonText) { value in
                isIt = value.isText && value.text.equals(reason)
            }
            if isIt { return true }
        }
        return false
    }

    /// The reasons that were given for the contact.
    func reasonTexts() throws(ViewFault) -> [String] {
        try texts(reasons, Rules.shared.reasonText)
    }

    /// The orders that the contact is said to be about.
    func orders() throws(ViewFault) -> [String] {
        let rules = Rules.shared
        var orders = try texts(created.map { [$0] } ?? [], rules.createdOrder)
        orders += try texts(reasons, rules.reasonOrder)
        orders += try texts(received, rules.receivedOrder)
        return orders
    }

    /// The messages that the customer answered.
    func answeredMessages() throws(ViewFault) -> [String] {
        try texts(received, Rules.shared.receivedReply)
    }

    /// The messages that were written to the customer, the last ones.
    func sentMessages() throws(ViewFault) -> [String] {
        try texts(sent, Rules.shared.sentMessage)
    }

    /// What was said last, and who said it.
    struct LastWord {
        let occurred: Timestamp
        let position: Position
        let author: String?
    }

    /// The last message that was received in the contact, or nil.
    func lastReceived() throws(ViewFault) -> LastWord? {
        try lastWord(received, Rules.shared.receivedBy)
    }

    /// The last message that was sent in the contact, or nil.
    func lastSent() throws(ViewFault) -> LastWord? { try lastWord(sent, Rules.shared.sentBy) }

    private func lastWord(_ kept: [Kept], _ author: Int) throws(ViewFault) -> LastWord? {
        guard let last = kept.last else { return nil }
        return LastWord(
            occurred: last.occurred, position: last.position,
            author: try texts([last], author).first)
    }

    /// The thread that the contact was put into, or nil.
    func threadName() throws(ViewFault) -> String? {
        guard let thread else { return nil }
        return try texts([thread], Rules.shared.threadName).first
    }

    private func texts(_ kept: [Kept], _ index: Int) throws(ViewFault) -> [String] {
        var texts: [String] = []
        for kept in kept {
            try visit(kept, index) { value in
                if value.isText { texts.append(value.text.text()) }
            }
        }
        return texts
    }

    /// The mood that was measured last in the contact, or nil.
    func mood() throws(ViewFault) -> Satisfaction.Measure? {
        guard let measured else { return nil }
        var score: Int64?
        try visit(measured, Rules.shared.moodScore) { value in
            if value.isNumber { score = value.number }
        }
        return score.map {
            Satisfaction.Measure(score: $0, when: measured.occurred, position: measured.position)
        }
    }

    /// What the contact was summed up as, or nil.
    func summaryText() throws(ViewFault) -> String? {
        guard let summary else { return nil }
        var text: String?
        try visit(summary, Rules.shared.summaryText) { value in
            if value.isText { text = value.text.text() }
        }
        return text
    }

    /// Writes `"reason":…,"thread":…,"unanswered_since":…,"summary":…`, what there is of it, each
    /// with the position of its event.
    func writeMembers(to json: inout JSONWriter) throws(ViewFault) {
        let rules = Rules.shared
        if let reason = reasons.last {
            try write("reason", reason, rules.reasonText, &json)
            json.field("reason_position", reason.position)
        }
        if let thread {
            try write("thread", thread, rules.threadName, &json)
            json.field("thread_position", thread.position)
        }
        if let unanswered {
            json.field("unanswered_since", unanswered.occurred)
            json.field("unanswered_position", unanswered.position)
        }
        if let summary {
            try write("summary", summary, rules.summaryText, &json)
            json.field("summary_position", summary.position)
        }
    }

    private func write(
        _ key: StaticString, _ kept: Kept, _ index: Int, _ json: inout JSONWriter
    ) throws(ViewFault) {
        try visit(kept, index) { value in
            guard value.isText else { return }
            json.key(key)
            json.value(value.text)
        }
    }

    private func visit(
        _ kept: Kept, _ index: Int, _ body: (borrowing MarkValue) -> Void
    ) throws(ViewFault) {
        do throws(MalformedBytes) {
            var walk = unsafe MarkValues(bytes.span.bytes.extracting(kept.values))
            while let value = try walk.next() {
                if value.index == index { return body(value) }
            }
        } catch {
            throw .damaged(error)
        }
    }

    /// The rules' codes, and where in their events the values stand, looked up once.
    private struct Rules {
        static let shared = Rules()

        let created = SubjectRule.code("interaction.created", .contact)
        let reason = SubjectRule.code("reason.set", .contact)
        let received = SubjectRule.code("message.received", .contact)
        let sent = SubjectRule.code("message.sent", .contact)
        let summarised = SubjectRule.code("interaction.summarised", .contact)
        let measured = SubjectRule.code("sentiment.measured", .contact)
        let joined = SubjectRule.code("thread.joined", .contact)
        let split = SubjectRule.code("thread.split", .contact)
        let createdOrder: Int
        let reasonText: Int
        let reasonOrder: Int
        let receivedReply: Int
        let receivedOrder: Int
        let sentMessage: Int
        let receivedBy: Int
        let sentBy: Int
        let sentPrivately: Int
        let summaryText: Int
        let moodScore: Int
        let threadName: Int

        private init() {
            createdOrder = SubjectRule.index(of: "order", in: created)
            reasonText = SubjectRule.index(of: "reason", in: reason)
            reasonOrder = SubjectRule.index(of: "order", in: reason)
            receivedReply = SubjectRule.index(of: "in_reply_to", in: received)
            receivedOrder = SubjectRule.index(of: "order", in: received)
            sentMessage = SubjectRule.index(of: "message_id", in: sent)
            receivedBy = SubjectRule.index(of: "author", in: received)
            sentBy = SubjectRule.index(of: "author", in: sent)
            sentPrivately = SubjectRule.index(of: "private", in: sent)
            summaryText = SubjectRule.index(of: "text", in: summarised)
            moodScore = SubjectRule.index(of: "score", in: measured)
            threadName = SubjectRule.index(of: "thread", in: joined)
        }
    }
}
