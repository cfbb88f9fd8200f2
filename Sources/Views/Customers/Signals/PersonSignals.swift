internal import ContactCentre
internal import EventModel

/// Finds a person's signals as of a moment: those that their subjects give by themselves, and those
/// that only all of it together tells.
struct PersonSignals {
    private let person: Person
    private let now: Timestamp
    private let history: ContactHistory
    private let purchases: [Purchase]
    private let settings: SignalSettings
    private var found: [PersonSignal] = []

    /// Returns them, the most urgent kinds first, the oldest first within a kind.
    static func all<Reader: ViewReader & ~Copyable>(
        _ person: Person, now: Timestamp, atMost most: Int, _ reader: borrowing Reader
    ) throws(ViewFault) -> [PersonSignal] {
        var signals = try PersonSignals(person, now: now, SignalSettings(reader), reader)
        try signals.findAll(reader)
        let inOrder = signals.found.sorted {
            ($0.kind.rawValue, $0.since, $0.name) < ($1.kind.rawValue, $1.since, $1.name)
        }
        return Array(inOrder.prefix(most))
    }

    init<Reader: ViewReader & ~Copyable>(
        _ person: Person, now: Timestamp, _ settings: SignalSettings, _ reader: borrowing Reader
    ) throws(ViewFault) {
        self.person = person
        self.now = now
        self.settings = settings
        history = try ContactHistory(person, reader)
        purchases = try person.purchases(reader)
    }

    private mutating func findAll<Reader: ViewReader & ~Copyable>(
        _ reader: borrowing Reader
    ) throws(ViewFault) {
        for kind in [SubjectKind.order, .promise, .survey, .cart, .session] {
            let things = try person.things(
                kind, atMost: Self.thingsRead, closedToo: kind != .promise, reader)
            for thing in things {
                for signal in thing.record.signals(kind) {
                    try add(signal, of: kind, named: thing.name, reader)
                }
            }
        }
        for contact in history.contacts {
            // Whoever is not with us any more waits for no reply.
            let thing =
                contact.state.isOpen
                ? try Person.thing(.contact, contact.nameKey[...], reader) : nil
            for signal in thing?.record.signals(.contact) ?? [] {
                try add(signal, of: .contact, named: contact.name, reader)
            }
            if let kind = Self.signal(of: contact) {
                let moment = kind == .abandoned ? contact.last : contact.started
                try add(
                    Signal(kind: kind, moment: moment, position: contact.position),
                    of: .contact, named: contact.name, reader)
            }
        }
        for signal in PurchaseSignals.of(purchases) {
            try add(signal, of: .order, named: "", reader)
        }
    }

    private static let thingsRead = 8

    private static func signal(of contact: ContactHistory.Contact) -> SignalKind? {
        guard contact.isInbound else { return nil }
        if contact.state.isOpen { return .waitingTwice }
        return contact.isAbandoned ? .abandoned : nil
    }

    private mutating func add<Reader: ViewReader & ~Copyable>(
        _ signal: Signal, of subject: SubjectKind, named name: String, _ reader: borrowing Reader
    ) throws(ViewFault) {
        let kinds: [SignalKind] =
            signal.kind == .waitingTwice
            ? [.waitingTwice, .repeatContact, .channelSwitch] : [signal.kind]
        for kind in kinds {
            guard let confirmed = try confirm(kind, signal, subject, name, reader) else { continue }
            found.append(confirmed)
        }
    }

    /// Returns the signal that a row stands for, if it is one as of now.
    func confirm<Reader: ViewReader & ~Copyable>(
        _ kind: SignalKind, _ signal: Signal, _ subject: SubjectKind, _ name: String,
        _ reader: borrowing Reader
    ) throws(ViewFault) -> PersonSignal? {
        let since = signal.moment.advanced(byMilliseconds: settings.grace(kind))
        guard since <= now, now - since <= settings.lifetime(kind),
            let others = try evidence(kind, signal, subject, name, reader)
        else { return nil }
        return PersonSignal(
            kind: kind, since: since, subject: subject, name: name,
            positions: [position(kind, signal, name)] + others)
    }

    /// The event behind it; of a contact the last, which its row does not follow.
    private func position(_ kind: SignalKind, _ signal: Signal, _ name: String) -> Position {
        guard kind.row == .waitingTwice || kind == .abandoned else { return signal.position }
        return history.contacts.first { $0.name == name }?.position ?? signal.position
    }

    /// Returns the other events that make it a signal, or nil where it is none.
    private func evidence<Reader: ViewReader & ~Copyable>(
        _ kind: SignalKind, _ signal: Signal, _ subject: SubjectKind, _ name: String,
        _ reader: borrowing Reader
    ) throws(ViewFault) -> [Position]? {
        let contact = subject == .contact ? history.contacts.first { $0.name == name } : nil
        switch kind {
        case .promiseDue, .refundOverdue, .orderLate, .paymentFailed, .badSurvey: return []
        case .searchWithoutResult:
            // Who came to us after it has been heard.
            return history.hasContact(from: signal.moment, to: now) ? nil : []
        case .waitingTwice:
            return contact.flatMap { history.waitsToo($0) }.map { [$0.position] }
        case .repeatContact:
            let earlier = contact.map { history.before($0) } ?? []
            return earlier.isEmpty ? nil : earlier.map(\.position)
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
        since delivered: Timestamp, _ name: String, _ reader: borrowing Reader
    ) throws(ViewFault) -> Bool {
        var key: [UInt8] = []
        key.append(keyText: name)
        let thing = try Person.thing(.order, key[...], reader)
        let promised = thing.flatMap { OrderStanding($0.record)?.promised } ?? delivered
        guard !history.hasContact(from: promised, to: now),
            !purchases.contains(where: { $0.placed > delivered })
        else { return false }
        let surveys = try person.things(.survey, atMost: Self.thingsRead, closedToo: true, reader)
        return !surveys.contains {
            SurveyAnswer($0.record).map { $0.answered >= promised } ?? false
        }
    }

    /// The contact after which a cart was left, with no order since.
    private func cartLeft(_ signal: Signal) -> [Position]? {
        guard !purchases.contains(where: { $0.placed >= signal.moment }) else { return nil }
        let start = signal.moment.advanced(byMilliseconds: -SignalKind.recoveryMilliseconds)
        let contact = history.inbound.first { $0.started >= start }
        return contact.map { [$0.position] }
    }
}
