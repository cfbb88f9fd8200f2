internal import ContactCentre
internal import EventModel

/// Why they come, what it took them, and what was said last.
extension Pop {
    func writeWhyNow<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(ViewFault) {
        json.beginObject()
        if let interaction {
            json.field("channel", word: interaction.state.channel.word)
            if !interaction.state.queue.isEmpty { json.field("queue", interaction.state.queue) }
            json.field("flow", interaction.state.selfService.last?.flow)
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
            // What was left long ago, or bought since, is no reason to come now.
            let open = try person.things(kind, atMost: 1, closedToo: false, reader).first
            guard let open, let state = open.record.state(),
                !moment.isOlder(state.since, than: Self.cartMilliseconds),
                try !person.hasOrdered(since: state.since, reader)
            else { continue }
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
        if let interaction {
            var wait: Int64 = 0
            var transfers = 0
            for leg in earlierLegs + [interaction] {
                for stay in leg.state.stays { wait += max(0, (stay.ended ?? now) - stay.entered) }
                transfers += leg.state.transfers
            }
            json.field("wait_ms", wait)
            json.field("transfers", transfers)
        }
        // What a machine settled was no vain try.
        let today = history.contacts.count {
            $0.isInbound && now - $0.started <= SignalKind.day && !isOfContact($0.name)
                && $0.isLost
        }
        json.field("tries_today", today)
        try writeSameReason(reader, &json)
        let elsewhere = try openElsewhere(reader)
        if !elsewhere.isEmpty {
            json.key("open_elsewhere")
            json.beginArray()
            for other in elsewhere {
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

    /// The two last contacts that are open beside the one that rings; other legs of it are none.
    private func openElsewhere<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) -> [ContactHistory.Contact] {
        var others: [ContactHistory.Contact] = []
        for other in history.contacts where other.state.isOpen && !isOfContact(other.name) {
            if let root, try Self.state(of: other.name, reader)?.initial == root { continue }
            others.append(other)
            if others.count == 2 { break }
        }
        return others
    }

    private func writeSameReason<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader, _ json: inout JSONWriter
    ) throws(ViewFault) {
        guard let reason = contact?.trail("reason.set")?.text("reason") else { return }
        var week = 0
        var month = 0
        for other in history.contacts where other.isInbound && !isOfContact(other.name) {
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
        if let before = history.contacts.first(where: { !isOfContact($0.name) }) {
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
        let promises = try nextPromises(reader)
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

    /// The two open promises that are due first.
    private func nextPromises<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) -> [Subject] {
        let open = try person.things(
            .promise, atMost: Self.promisesRead, closedToo: false, reader)
        let byDue = open.enumerated().sorted { left, right in
            let (first, second) = (Self.due(left.element), Self.due(right.element))
            return (first, left.offset) < (second, right.offset)
        }
        return byDue.prefix(2).map(\.element)
    }

    private static func due(_ promise: Subject) -> Timestamp {
        promise.record.trail("promise.made")?.time("due") ?? .latest
    }

    /// Among how many open promises those are looked for that are due first.
    private static let promisesRead = 32
    /// How long a cart is a reason to come.
    private static let cartMilliseconds = 7 * SignalKind.day

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
