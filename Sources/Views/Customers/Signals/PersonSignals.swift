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
            if let unanswered = contact.unanswered {
                let signal = Signal(
                    kind: .messageUnanswered, moment: unanswered.occurred,
                    position: unanswered.position)
                try add(.messageUnanswered, signal, contact, reader)
            }
            guard contact.isCustomers else { continue }
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

    /// A leg is no contact of its own.
    private func inbound(_ contact: ContactHistory.Contact?) -> ContactHistory.Contact? {
        contact.flatMap { $0.isInbound ? $0 : nil }
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
        var grace = settings.grace(kind, contact?.channel)
        if kind == .highValueAtRisk {
            grace += Stage.patienceMilliseconds(
                purchases, settings.thresholds.activeMilliseconds)
        }
        let since = signal.moment.advanced(byMilliseconds: grace)
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
            let earlier = inbound(contact).map { history.before($0) } ?? []
            return earlier.isEmpty ? nil : earlier
        case .channelSwitch:
            return inbound(contact).flatMap { history.switchedFrom($0) }.map { [$0.position] }
        case .abandoned:
            guard let contact, contact.isAbandoned, !history.isRecovered(contact) else {
                return nil
            }
            return []
        case .messageUnanswered:
            return contact?.unanswered == nil ? nil : []
        case .silentlyUnhappy:
            return try isSilent(since: signal.moment, name, reader) ? [] : nil
        case .cartLeft: return try cartLeft(signal, reader)
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
        // Who has answered a survey, written a review or said what they think is not silent.
        for kind in [SubjectKind.survey, .review, .feedback] {
            let said = try person.things(
                kind, atMost: Person.thingsRead, closedToo: true, reader)
            if said.contains(where: { Self.lastWord($0) ?? .earliest >= promised }) { return false }
        }
        return true
    }

    /// When the customer last said something in a survey, a review or feedback.
    private static func lastWord(_ thing: Subject) -> Timestamp? {
        switch thing.kind {
        case .survey: SurveyAnswer(thing.record)?.answered
        case .review:
            [thing.record.trail("review.posted"), thing.record.trail("review.changed")]
                .compactMap { $0?.newest.occurred }.max()
        default: thing.record.trail("feedback.given")?.newest.occurred
        }
    }

    /// The contact after which a cart was left, with no order since, paid or not.
    private func cartLeft<Reader: ViewReader & ~Copyable>(
        _ signal: Signal, _ reader: borrowing Reader
    ) throws(ViewFault) -> [Position]? {
        guard
            let contact = history.last(
                before: signal.moment, within: SignalKind.recoveryMilliseconds),
            try !person.hasOrdered(since: signal.moment, reader)
        else { return nil }
        return [contact.position]
    }
}
