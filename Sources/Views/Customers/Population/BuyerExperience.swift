internal import ContactCentre
internal import EventModel

/// What somebody last went through with us within a window (DOMAIN §11).
enum BuyerExperience: Int, CaseIterable {
    case promoter = 0
    case passive = 1
    case detractor = 2
    /// A contact that was resolved, no answer to a survey behind it.
    case resolved = 3
    /// One that was not, or came again within a week.
    case unresolved = 4
    case noContact = 5

    /// The word in documents.
    var word: StaticString {
        switch self {
        case .promoter: "promoter"
        case .passive: "passive"
        case .detractor: "detractor"
        case .resolved: "resolved"
        case .unresolved: "unresolved"
        case .noContact: "no_contact"
        }
    }

    private static let repeatWindow = 7 * SignalKind.day

    /// Finds it: the last answer to how likely they are to recommend us, or the last contact that came
    /// in behind it.
    ///
    /// - Returns: With the moment from which what they do afterwards is counted; nil without any.
    static func last<Reader: ViewReader & ~Copyable>(
        of people: [CustomerID], from: Timestamp, to: Timestamp, _ reader: borrowing Reader
    ) throws(ViewFault) -> (experience: BuyerExperience, moment: Timestamp)? {
        let answer = try lastAnswer(people, from, to, reader)
        guard let (contact, isRepeat) = try lastContact(people, from, to, reader) else {
            return answer
        }
        if let answer, answer.moment >= contact.started { return answer }
        let isResolved = contact.resolution == .resolved && !isRepeat
        return (isResolved ? .resolved : .unresolved, contact.last)
    }

    private static func lastAnswer<Reader: ViewReader & ~Copyable>(
        _ people: [CustomerID], _ from: Timestamp, _ to: Timestamp, _ reader: borrowing Reader
    ) throws(ViewFault) -> (experience: BuyerExperience, moment: Timestamp)? {
        guard let person = try Person(people, reader) else { return nil }
        let surveys = try person.things(
            .survey, atMost: CardSection.itemsAsked, closedToo: true, reader)
        let last = surveys.compactMap { SurveyAnswer($0.record) }
            .filter { $0.kind == "nps" && $0.answered >= from && $0.answered < to }
            .max { ($0.answered, $0.position) < ($1.answered, $1.position) }
        guard let last else { return nil }
        let experience: BuyerExperience =
            last.score >= 9 ? .promoter : last.score >= 7 ? .passive : .detractor
        return (experience, last.answered)
    }

    /// The last contact that came in, and whether one came before it within a week.
    private static func lastContact<Reader: ViewReader & ~Copyable>(
        _ people: [CustomerID], _ from: Timestamp, _ to: Timestamp, _ reader: borrowing Reader
    ) throws(ViewFault) -> (contact: TouchpointRow.Touchpoint, isRepeat: Bool)? {
        var newest: [(name: [UInt8], contact: TouchpointRow.Touchpoint)] = []
        for customer in people {
            var start = TouchpointRow.start(customer)
            var end = start
            start.append(keySigned: from.advanced(byMilliseconds: -repeatWindow).rawValue)
            end.append(keySigned: to.rawValue)
            var taken = 0
            try reader.rowsBackward(from: start, below: end) { key, row throws(ViewFault) in
                guard let contact = try TouchpointRow.decoded(row).touchpoint, contact.isInbound
                else { return true }
                let name = key.extracting(TouchpointRow.interactionOffset..<key.byteCount).copied()
                newest.append((name, contact))
                taken += 1
                return taken < 2
            }
        }
        newest.sort {
            ($1.contact.started, $1.contact.position) < ($0.contact.started, $0.contact.position)
        }
        guard let last = newest.first, last.contact.started >= from else { return nil }
        // The same contact may stand under two customers of one person.
        let before = newest.first { $0.name != last.name }
        let isRepeat = before.map { last.contact.started - $0.contact.started <= repeatWindow }
        return (last.contact, isRepeat ?? false)
    }
}
