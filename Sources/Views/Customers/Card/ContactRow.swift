internal import EventModel

/// What a card shows of a contact beside its state, read off the row of a subject in place: a card
/// looks at many contacts and writes little of each. It says what `SubjectRecord` would. A class, so that
/// handing one on counts one reference.
final class ContactRow {
    /// An event that the row keeps, and where in it its values stand.
    private struct Kept {
        let occurred: Timestamp
        let position: Position
        let values: Range<Int>

        func precedes(_ other: Kept) -> Bool {
            (occurred, position) < (other.occurred, other.position)
        }
    }

    /// Where the events of one type stand, which are read when somebody asks for them.
    private struct Marks {
        var start = 0
        var count = 0
    }

    private let bytes: [UInt8]
    private let began: Timestamp
    /// Why they came, the last last.
    private var reasons = Marks()
    private var lastReason: Kept?
    /// How it began, where that names an order.
    private var created: Kept?
    /// What the customer wrote, and what was written to them, the last ones.
    private var received = Marks()
    private var sent = Marks()
    /// Whether it was taken out of a thread once.
    private(set) var wasSplit = false
    private var summary: Kept?
    /// The mood that was measured last.
    private var measured: Kept?
    /// The thread that they belong to now.
    private var thread: Kept?

    /// Reads the row of a contact; nil where there is none.
    ///
    /// - Parameter key: Room to work in.
    static func read<Reader: ViewReader & ~Copyable>(
        _ name: KeyName, _ reader: borrowing Reader, key: inout [UInt8]
    ) throws(ViewFault) -> ContactRow? {
        SubjectRecord.writeKey(.contact, to: &key)
        key.append(contentsOf: name.bytes)
        var found: ContactRow?
        try reader.row(key) { (row) throws(ViewFault) in
            found = try decoded(row)
        }
        return found
    }

    /// Reads a row.
    static func decoded(_ row: RawSpan) throws(ViewFault) -> ContactRow {
        do throws(MalformedBytes) {
            return try ContactRow(row: row)
        } catch {
            throw .damaged(error)
        }
    }

    init(row: RawSpan) throws(MalformedBytes) {
        bytes = row.copied()
        let rules = Rules.shared
        var reader = ByteReader(row, of: "subject row")
        began = try SubjectRecord.readHead(from: &reader)
        var (joined, split): (Kept?, Kept?) = (nil, nil)
        for _ in 0..<(try reader.count()) {
            let code = try reader.byte()
            let isWhole = try reader.span(try reader.count()).byteCount == 0
            _ = try reader.varint()
            var last: UInt64 = 0
            let count = try reader.count()
            let marks = Marks(start: reader.offset, count: count)
            for _ in 0..<count {
                let kept = try Self.readKept(from: &reader, began, &last)
                guard isWhole else { continue }
                switch code {
                case rules.reason: (reasons, lastReason) = (marks, kept)
                case rules.created: created = kept
                case rules.received: received = marks
                case rules.sent: sent = marks
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
    }

    /// Reads events again where they stand, until the body wants no more.
    private static func forEach(
        _ marks: Marks, _ began: Timestamp, _ row: RawSpan,
        _ body: (Kept) throws(MalformedBytes) -> Bool
    ) throws(MalformedBytes) {
        guard marks.count > 0 else { return }
        var reader = ByteReader(row.extracting(marks.start..<row.byteCount), of: "subject row")
        var last: UInt64 = 0
        for _ in 0..<marks.count {
            let kept = try readKept(from: &reader, began, &last, base: marks.start)
            guard try body(kept) else { return }
        }
    }

    private static func readKept(
        from reader: inout ByteReader, _ began: Timestamp, _ last: inout UInt64, base: Int = 0
    ) throws(MalformedBytes) -> Kept {
        let occurred = Timestamp(milliseconds: began.rawValue &+ (try reader.zigzag()))
        guard occurred == occurred.clamped else {
            throw MalformedBytes("subject row", at: reader.offset)
        }
        last &+= UInt64(bitPattern: try reader.zigzag())
        let count = try reader.count()
        let start = base + reader.offset
        _ = try reader.span(count)
        return Kept(
            occurred: occurred, position: Position(last), values: start..<start + count)
    }
}

extension ContactRow {
    /// Whether a reason was given for the contact.
    func hasReason(_ reason: String) throws(ViewFault) -> Bool {
        var isGiven = false
        try forEach(reasons) { kept throws(ViewFault) in
            try visit(kept, Rules.shared.reasonText) { value in
                if value.isText, value.text.equals(reason) { isGiven = true }
            }
            return !isGiven
        }
        return isGiven
    }

    /// The reasons that were given for the contact.
    func reasonTexts() throws(ViewFault) -> [String] {
        try texts(reasons, Rules.shared.reasonText)
    }

    /// The orders that the contact is said to be about.
    func orders() throws(ViewFault) -> [String] {
        let rules = Rules.shared
        var orders =
            try created.flatMap { (kept) throws(ViewFault) in
                try text(kept, rules.createdOrder)
            }.map { [$0] } ?? []
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

    private func lastWord(_ marks: Marks, _ author: Int) throws(ViewFault) -> LastWord? {
        var last: Kept?
        try forEach(marks) { kept in
            last = kept
            return true
        }
        guard let last else { return nil }
        return LastWord(
            occurred: last.occurred, position: last.position, author: try text(last, author))
    }

    /// The thread that the contact was put into, or nil.
    func threadName() throws(ViewFault) -> String? {
        guard let thread else { return nil }
        return try text(thread, Rules.shared.threadName)
    }

    private func texts(_ marks: Marks, _ index: Int) throws(ViewFault) -> [String] {
        var texts: [String] = []
        try forEach(marks) { kept throws(ViewFault) in
            if let text = try text(kept, index) { texts.append(text) }
            return true
        }
        return texts
    }

    private func text(_ kept: Kept, _ index: Int) throws(ViewFault) -> String? {
        var text: String?
        try visit(kept, index) { value in if value.isText { text = value.text.text() } }
        return text
    }

    private func forEach(
        _ marks: Marks, _ body: (Kept) throws(ViewFault) -> Bool
    ) throws(ViewFault) {
        var fault: ViewFault?
        do throws(MalformedBytes) {
            let row = bytes
            try unsafe Self.forEach(marks, began, row.span.bytes) { kept in
                do throws(ViewFault) {
                    return try body(kept)
                } catch {
                    fault = error
                    return false
                }
            }
        } catch {
            throw .damaged(error)
        }
        if let fault { throw fault }
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
        return try text(summary, Rules.shared.summaryText)
    }

    /// Writes `"reason":…,"thread":…,"summary":…`, what there is of it, each
    /// with the position of its event.
    func writeMembers(to json: inout JSONWriter) throws(ViewFault) {
        let rules = Rules.shared
        if let reason = lastReason {
            try write("reason", reason, rules.reasonText, &json)
            json.field("reason_position", reason.position)
        }
        if let thread {
            try write("thread", thread, rules.threadName, &json)
            json.field("thread_position", thread.position)
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
            let row = bytes
            var walk = unsafe MarkValues(row.span.bytes.extracting(kept.values))
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
            summaryText = SubjectRule.index(of: "text", in: summarised)
            moodScore = SubjectRule.index(of: "score", in: measured)
            threadName = SubjectRule.index(of: "thread", in: joined)
        }
    }
}
