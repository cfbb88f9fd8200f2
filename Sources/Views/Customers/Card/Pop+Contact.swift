internal import ContactCentre
internal import EventModel

/// Why they come, what it took them, and what was said last.
extension Pop {
    func writeWhyNow<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(ViewFault) {
        json.beginObject()
        if let (_, state) = interaction {
            json.field("channel", word: state.channel.word)
            if !state.queue.isEmpty { json.field("queue", state.queue) }
            json.field("flow", state.selfService.last?.flow)
        }
        if let reason = contact?.trail("reason.set") {
            json.field("reason", reason.text("reason"))
            json.field("reason_by", reason.text("by"))
            json.field("reason_position", reason.newest.position)
        }
        if let steps = contact?.trail("selfservice.stepped") {
            json.key("steps")
            json.beginArray()
            for mark in steps.marks.suffix(3) {
                json.beginObject()
                json.field("node", steps.text("node", of: mark))
                json.field("outcome", steps.text("outcome", of: mark))
                json.field("position", mark.position)
                json.endObject()
            }
            json.endArray()
        }
        if let asked = contact?.trail("selfservice.humanRequested") {
            json.field("human_asked", asked.newest.occurred)
            json.field("human_asked_position", asked.newest.position)
        }
        if let (order, position) = orderInQuestion {
            json.field("order", order.cut(toBytes: 40))
            json.field("order_position", position)
        }
        let inHand: [(SubjectKind, StaticString)] = [(.cart, "cart"), (.checkout, "checkout")]
        for (kind, key) in inHand {
            let open = try person.things(kind, atMost: 1, closedToo: false, reader).first
            guard let open else { continue }
            json.field(key, open.name)
            json.field("checkout_step", open.record.trail("checkout.stepped")?.text("step"))
        }
        json.endObject()
    }

    /// The order that the contact was last said to be about.
    private var orderInQuestion: (order: String, position: Position)? {
        var found: (order: String, mark: Mark)?
        for trail in contact?.trails ?? [] {
            for mark in trail.marks.reversed() {
                guard let order = trail.text("order", of: mark) else { continue }
                if found.map({ Mark.precedes($0.mark, mark) }) ?? true { found = (order, mark) }
                break
            }
        }
        return found.map { ($0.order, $0.mark.position) }
    }

    func writeEffort<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(ViewFault) {
        json.beginObject()
        if let (_, state) = interaction {
            json.field(
                "wait_ms", state.stays.reduce(0) { $0 + max(0, ($1.ended ?? now) - $1.entered) })
            json.field("transfers", state.transfers)
        }
        let today = history.contacts.count {
            $0.isInbound && now - $0.started <= SignalKind.day && $0.name != interaction?.name
                && !$0.isAnswered && !$0.state.isOpen
        }
        json.field("tries_today", today)
        try writeSameReason(reader, &json)
        let elsewhere = history.contacts.filter { $0.state.isOpen && $0.name != interaction?.name }
        if !elsewhere.isEmpty {
            json.key("open_elsewhere")
            json.beginArray()
            for other in elsewhere.prefix(2) {
                json.beginObject()
                json.field("interaction", other.name)
                json.field("channel", word: other.channel.word)
                json.field("state", word: other.state.word)
                json.field("agent", try other.agent())
                json.field("position", other.position)
                json.endObject()
            }
            json.endArray()
        }
        json.endObject()
    }

    private func writeSameReason<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(ViewFault) {
        guard let reason = contact?.trail("reason.set")?.text("reason") else { return }
        var week = 0
        var month = 0
        for other in history.contacts where other.isInbound && other.name != interaction?.name {
            let age = now - other.started
            guard age <= 30 * SignalKind.day else { break }
            guard try person.contact(other.name, reader)?.hasReason(reason) ?? false else {
                continue
            }
            month += 1
            if age <= 7 * SignalKind.day { week += 1 }
        }
        json.field("same_reason_7d", week)
        json.field("same_reason_30d", month)
    }

    func writeLast<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(ViewFault) {
        json.beginObject()
        try writeLastWords(reader, &json)
        if let before = history.contacts.first(where: { $0.name != interaction?.name }) {
            json.field("interaction", before.name)
            json.field("when", before.last)
            json.field("agent", try before.agent())
            json.field("outcome", word: before.resolution?.word ?? before.state.word)
            json.field("position", before.position)
            let known = try person.contact(before.name, reader)
            json.field("summary", try known?.summaryText().map { $0.cut(toBytes: 120) })
        }
        let notes = try person.things(.note, atMost: 4, closedToo: false, reader)
        let pinned = notes.first { $0.record.trail("note.added")?.number("pinned") == 1 }
        if let pinned, let note = pinned.record.trail("note.added") {
            json.field("note", note.text("text").map { $0.cut(toBytes: 120) })
            json.field("note_position", note.newest.position)
        }
        let promises = try person.things(.promise, atMost: 2, closedToo: false, reader)
        if !promises.isEmpty {
            json.key("promises")
            json.beginArray()
            for promise in promises {
                guard let made = promise.record.trail("promise.made") else { continue }
                json.beginObject()
                json.field("what", made.text("what").map { $0.cut(toBytes: 60) })
                json.field("due", made.time("due"))
                json.field("position", made.newest.position)
                json.endObject()
            }
            json.endArray()
        }
        json.endObject()
    }

    /// The last word each way, on whatever channel it was: who wrote yesterday may call today.
    private func writeLastWords<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(ViewFault) {
        var names = history.contacts.prefix(Self.contactsHeard).map(\.name)
        if let interaction, !names.contains(interaction.name) { names.append(interaction.name) }
        typealias Said = (name: KeyName, word: ContactRow.LastWord)
        var (received, sent): (Said?, Said?) = (nil, nil)
        func isLater(_ word: ContactRow.LastWord, than said: Said?) -> Bool {
            guard let other = said?.word else { return true }
            return (other.occurred, other.position) < (word.occurred, word.position)
        }
        for name in names {
            guard let row = try person.contact(name, reader) else { continue }
            if let word = try row.lastReceived(), isLater(word, than: received) {
                received = (name, word)
            }
            if let word = try row.lastSent(), isLater(word, than: sent) { sent = (name, word) }
        }
        let said: [(key: StaticString, said: Said?)] = [
            ("from_customer", received), ("from_us", sent),
        ]
        for case (let key, let (name, word)?) in said {
            json.key(key)
            json.beginObject()
            json.field("when", word.occurred)
            json.field("author", word.author)
            if name != interaction?.name { json.field("interaction", name) }
            json.field("position", word.position)
            json.endObject()
        }
    }

    /// In how many of the last contacts the last word is looked for.
    private static let contactsHeard = 4
}

extension String {
    /// Returns the start of it, whole characters only.
    func cut(toBytes most: Int) -> String {
        guard utf8.count > most else { return self }
        var cut = self
        while cut.utf8.count > most { cut.removeLast() }
        return cut
    }
}
