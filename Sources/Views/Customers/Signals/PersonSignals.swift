internal import ContactCentre
internal import EventModel

/// Finds a person's signals as of a moment: those that their subjects give by themselves, and those
/// that only all of it together tells.
struct PersonSignals {
    private let person: Person
    private let moment: CardMoment
    private let history: ContactHistory
    private let purchases: [Purchase]
    private let settings: SignalSettings
    private var found: [PersonSignal] = []

    /// Returns them, the most urgent kinds first, the oldest first within a kind.
    static func all<Reader: ViewReader & ~Copyable>(
        _ person: Person, _ moment: CardMoment, atMost most: Int, _ settings: SignalSettings,
        _ reader: borrowing Reader
    ) throws(ViewFault) -> [PersonSignal] {
        var signals = try PersonSignals(person, moment, settings, reader)
        try signals.findAll(reader)
        guard signals.found.count > 1 else { return signals.found }
        let inOrder = signals.found.sorted { left, right in
            let (leftOrder, rightOrder) = (
                (left.kind.rawValue, left.since), (right.kind.rawValue, right.since)
            )
            return leftOrder == rightOrder ? left.name < right.name : leftOrder < rightOrder
        }
        return Array(inOrder.prefix(most))
    }

    init<Reader: ViewReader & ~Copyable>(
        _ person: Person, _ moment: CardMoment, _ settings: SignalSettings,
        _ reader: borrowing Reader
    ) throws(ViewFault) {
        self.person = person
        self.moment = moment
        self.settings = settings
        history = try ContactHistory(person, reader)
        purchases = try person.purchases(reader)
    }

    /// Kinds of things that give signals by themselves.
    private static let kinds: [SubjectKind] = [.order, .promise, .survey, .cart, .session]

    private mutating func findAll<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) {
        for kind in Self.kinds {
            for thing in try person.signallingThings(kind, reader) {
                for signal in thing.record.signals(kind, thing.standing) {
                    try add(signal.kind, signal, of: kind, named: thing.name, reader)
                }
            }
        }
        for contact in history.contacts {
            // Whoever is not with us any more waits for no reply.
            if contact.state.isOpen, isYoung(contact),
                let unanswered = try person.contact(contact.name, reader)?.unanswered
            {
                let signal = Signal(
                    kind: .messageUnanswered, moment: unanswered.occurred,
                    position: unanswered.position)
                try add(.messageUnanswered, signal, contact, reader)
            }
            guard contact.isInbound else { continue }
            if contact.state.isOpen {
                let signal = Signal(
                    kind: .waitingTwice, moment: contact.started, position: contact.position)
                for kind in Self.openKinds { try add(kind, signal, contact, reader) }
            } else if contact.isAbandoned {
                let signal = Signal(
                    kind: .abandoned, moment: contact.last, position: contact.position)
                try add(.abandoned, signal, contact, reader)
            }
        }
        for signal in PurchaseSignals.of(purchases) {
            try add(signal.kind, signal, of: .order, named: .none, reader)
        }
    }

    /// Whether a message of a contact may still be a signal: none is later than its last event.
    private func isYoung(_ contact: ContactHistory.Contact) -> Bool {
        let since = contact.last.advanced(
            byMilliseconds: settings.grace(.messageUnanswered))
        return !moment.isOlder(since, than: settings.lifetime(.messageUnanswered))
    }

    /// What an open contact can be: all found by the same rows.
    private static let openKinds: [SignalKind] = [.waitingTwice, .repeatContact, .channelSwitch]

    private mutating func add<Reader: ViewReader & ~Copyable>(
        _ kind: SignalKind, _ signal: Signal, of subject: SubjectKind, named name: KeyName,
        _ reader: borrowing Reader
    ) throws(ViewFault) {
        if let confirmed = try confirm(kind, signal, subject, name, reader) {
            found.append(confirmed)
        }
    }

    private mutating func add<Reader: ViewReader & ~Copyable>(
        _ kind: SignalKind, _ signal: Signal, _ contact: ContactHistory.Contact,
        _ reader: borrowing Reader
    ) throws(ViewFault) {
        let confirmed = try confirm(kind, signal, .contact, contact.name, contact, reader)
        if let confirmed { found.append(confirmed) }
    }

    /// Returns the signal that a row stands for, if it is one as of now.
    func confirm<Reader: ViewReader & ~Copyable>(
        _ kind: SignalKind, _ signal: Signal, _ subject: SubjectKind, _ name: KeyName,
        _ reader: borrowing Reader
    ) throws(ViewFault) -> PersonSignal? {
        let contact = subject == .contact ? history.contact(name) : nil
        return try confirm(kind, signal, subject, name, contact, reader)
    }

    private func confirm<Reader: ViewReader & ~Copyable>(
        _ kind: SignalKind, _ signal: Signal, _ subject: SubjectKind, _ name: KeyName,
        _ contact: ContactHistory.Contact?, _ reader: borrowing Reader
    ) throws(ViewFault) -> PersonSignal? {
        let since = signal.moment.advanced(byMilliseconds: settings.grace(kind))
        guard moment.hasCome(since), !moment.isOlder(since, than: settings.lifetime(kind)),
            let others = try evidence(kind, signal, name, contact, reader)
        else { return nil }
        // Of a contact the last event, which its row does not follow.
        let isOfContact = kind.row == .waitingTwice || kind == .abandoned
        let position = (isOfContact ? contact?.position : nil) ?? signal.position
        return PersonSignal(
            kind: kind, since: since, subject: subject, name: name,
            positions: [position] + others)
    }

    /// Returns the other events that make it a signal, or nil where it is none.
    private func evidence<Reader: ViewReader & ~Copyable>(
        _ kind: SignalKind, _ signal: Signal, _ name: KeyName,
        _ contact: ContactHistory.Contact?, _ reader: borrowing Reader
    ) throws(ViewFault) -> [Position]? {
        switch kind {
        case .promiseDue, .refundOverdue, .orderLate, .paymentFailed, .badSurvey: return []
        case .searchWithoutResult:
            // Who came to us after it has been heard.
            return history.hasContact(from: signal.moment, to: moment) ? nil : []
        case .waitingTwice:
            return contact.flatMap { history.waitsToo($0) }.map { [$0.position] }
        case .repeatContact:
            let earlier = contact.map { history.before($0) } ?? []
            return earlier.isEmpty ? nil : earlier
        case .channelSwitch:
            return contact.flatMap { history.switchedFrom($0) }.map { [$0.position] }
        case .abandoned:
            guard let contact, !history.isRecovered(contact) else { return nil }
            return []
        case .messageUnanswered:
            guard let contact, contact.state.isOpen else { return nil }
            return []
        case .silentlyUnhappy:
            return try isSilent(since: signal.moment, name, reader) ? [] : nil
        case .cartLeft: return cartLeft(signal)
        case .highValueAtRisk:
            guard settings.thresholds.isTop(purchases) else { return nil }
            return []
        case .firstInSeason:
            guard purchases.count == 1,
                let season = settings.seasons.first(where: { $0.contains(signal.moment) })
            else { return nil }
            return [season.position]
        }
    }

    /// Whether somebody whose parcel came late has neither come to us since it was due, nor
    /// answered a survey, nor bought again.
    private func isSilent<Reader: ViewReader & ~Copyable>(
        since delivered: Timestamp, _ name: KeyName, _ reader: borrowing Reader
    ) throws(ViewFault) -> Bool {
        let order = try Person.record(.order, name, reader)
        let promised = order.flatMap { OrderStanding($0)?.promised } ?? delivered
        guard !history.hasContact(from: promised, to: moment),
            !purchases.contains(where: { $0.placed > delivered })
        else { return false }
        let surveys = try person.things(
            .survey, atMost: Person.thingsRead, closedToo: true, reader)
        return !surveys.contains {
            SurveyAnswer($0.record).map { $0.answered >= promised } ?? false
        }
    }

    /// The contact after which a cart was left, with no order since.
    private func cartLeft(_ signal: Signal) -> [Position]? {
        guard !purchases.contains(where: { $0.placed >= signal.moment }) else { return nil }
        let start = signal.moment.advanced(byMilliseconds: -SignalKind.recoveryMilliseconds)
        let contact = history.contacts.first { $0.isInbound && $0.started >= start }
        return contact.map { [$0.position] }
    }
}
