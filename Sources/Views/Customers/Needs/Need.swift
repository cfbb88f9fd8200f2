internal import ContactCentre
internal import EventModel

/// A person's contacts, of which one may be about the same need as another.
struct Need {
    private let person: Person
    private let rules: NeedRules
    private let history: ContactHistory

    init<Reader: ViewReader & ~Copyable>(
        _ person: Person, _ rules: NeedRules, _ reader: borrowing Reader
    ) throws(ViewFault) {
        self.person = person
        self.rules = rules
        history = try ContactHistory(person, reader)
    }

    /// Returns the events by which a contact joins the thread of an earlier one on another channel;
    /// where that has no thread, it joins one first, or both join one that is named after it. None
    /// where no rule holds.
    ///
    /// - Parameter decided: The threads that were found before and the view does not show yet.
    func joins<Reader: ViewReader & ~Copyable>(
        _ name: KeyName, _ decided: inout [KeyName: String], _ reader: borrowing Reader
    ) throws(ViewFault) -> [InferredEvent] {
        guard history.contacts.count > 1, let contact = history.contact(name), contact.isInbound,
            contact.state.isOpen, try thread(of: contact, decided, reader) == nil,
            try !wasSplit(contact, reader),
            let (rule, other) = try sameNeed(as: contact, reader)
        else { return [] }
        var events: [InferredEvent] = []
        if try thread(of: other, decided, reader) == nil {
            // It may be about the need of one before it. Each is earlier than the last: this ends.
            events = try joins(other.name, &decided, reader)
        }
        let known = try thread(of: other, decided, reader)
        let thread = known ?? other.name.text
        if known == nil {
            events.append(event(other, thread, rule))
            decided[other.name] = thread
        }
        events.append(event(contact, thread, rule))
        decided[contact.name] = thread
        return events
    }

    /// The earlier contact on another channel that is about the same need by the surest rule, the
    /// last one of several.
    private func sameNeed<Reader: ViewReader & ~Copyable>(
        as contact: ContactHistory.Contact, _ reader: borrowing Reader
    ) throws(ViewFault) -> (NeedRules.Rule, ContactHistory.Contact)? {
        for rule in NeedRules.Rule.allCases where rules.within(rule) > 0 {
            for other in history.contacts
            where other.channel != contact.channel && other.isInbound
                && other.precedes(contact) && other.name != contact.name
                && (other.state.isOpen || contact.started - other.last <= rules.within(rule))
            {
                // Taken out of a thread by somebody, it makes none by itself.
                if try isApart(other, reader) { continue }
                if try holds(rule, contact, other, reader) { return (rule, other) }
            }
        }
        return nil
    }

    private func holds<Reader: ViewReader & ~Copyable>(
        _ rule: NeedRules.Rule, _ contact: ContactHistory.Contact,
        _ other: ContactHistory.Contact, _ reader: borrowing Reader
    ) throws(ViewFault) -> Bool {
        let (mine, others) = (
            try person.contact(contact.name, reader), try person.contact(other.name, reader)
        )
        switch rule {
        case .sameOrder: return Self.share(try mine?.orders(), try others?.orders())
        case .replyTo: return Self.share(try mine?.answeredMessages(), try others?.sentMessages())
        case .sameReason: return Self.share(try mine?.reasonTexts(), try others?.reasonTexts())
        case .shortTime:
            // Who says that it is about something else is believed.
            if let own = try mine?.reasonTexts(), let told = try others?.reasonTexts(),
                !own.isEmpty,
                !told.isEmpty
            {
                return false
            }
            let isUnmet = other.state.isOpen || other.isAbandoned
            return isUnmet && contact.started - other.last <= rules.within(rule)
        }
    }

    private static func share(_ mine: [String]?, _ others: [String]?) -> Bool {
        guard let mine, let others else { return false }
        return mine.contains { others.contains($0) }
    }

    private func thread<Reader: ViewReader & ~Copyable>(
        of contact: ContactHistory.Contact, _ decided: [KeyName: String],
        _ reader: borrowing Reader
    ) throws(ViewFault) -> String? {
        if let thread = decided[contact.name] { return thread }
        return try InteractionRecord.state(of: contact.name.text, reader)?.thread
    }

    /// Whether somebody took it out of a thread, and it is in none since.
    private func isApart<Reader: ViewReader & ~Copyable>(
        _ contact: ContactHistory.Contact, _ reader: borrowing Reader
    ) throws(ViewFault) -> Bool {
        guard try wasSplit(contact, reader) else { return false }
        return try thread(of: contact, [:], reader) == nil
    }

    private func wasSplit<Reader: ViewReader & ~Copyable>(
        _ contact: ContactHistory.Contact, _ reader: borrowing Reader
    ) throws(ViewFault) -> Bool {
        try person.contact(contact.name, reader)?.wasSplit ?? false
    }

    /// It is dated to the beginning of the contact, so that it tells of no life: whoever asks how
    /// long a contact has been silent finds that unchanged.
    private func event(
        _ joining: ContactHistory.Contact, _ thread: String, _ rule: NeedRules.Rule
    ) -> InferredEvent {
        InferredEvent(
            "thread.joined", rule: "need", version: rules.version, subject: joining.name.text,
            after: .zero, occurred: joining.started,
            ["thread": thread, "interaction": joining.name.text, "rule": rule.rawValue])
    }
}
