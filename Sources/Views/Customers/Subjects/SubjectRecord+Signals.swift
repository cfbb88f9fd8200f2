internal import EventModel

/// The signals that a subject gives by itself: a pure function of it.
extension SubjectRecord {
    /// - Parameter standing: Where it stands, of an order.
    func signals(_ kind: SubjectKind, _ standing: OrderStanding?) -> [Signal] {
        switch kind {
        case .order: standing.map { orderSignals($0) } ?? []
        case .promise: promiseSignals
        case .survey: surveySignals
        case .session: searchSignals
        case .cart: cartSignals
        default: []
        }
    }

    private func orderSignals(_ order: OrderStanding) -> [Signal] {
        var signals: [Signal] = []
        if let promised = order.promised, !order.isCancelled, !order.isUncollected {
            let position = order.placedPosition ?? order.state.position
            if order.delivered == nil {
                signals.append(Signal(kind: .orderLate, moment: promised, position: position))
            } else if let delivered = order.delivered, delivered > promised {
                signals.append(
                    Signal(
                        kind: .silentlyUnhappy, moment: delivered, position: order.state.position))
            }
        }
        // One row a subject and moment: the refund that is due first stands for all.
        if let refund = order.pendingRefunds.min(by: { $0.due < $1.due }) {
            signals.append(
                Signal(kind: .refundOverdue, moment: refund.due, position: refund.position))
        }
        if order.state.word.isSame(as: "paymentFailed") {
            signals.append(
                Signal(
                    kind: .paymentFailed, moment: order.state.since,
                    position: order.state.position))
        }
        return signals
    }

    private var promiseSignals: [Signal] {
        guard let state = state(), state.isOpen, let made = trail("promise.made"),
            let due = made.time("due")
        else { return [] }
        return [Signal(kind: .promiseDue, moment: due, position: made.newest.position)]
    }

    private var surveySignals: [Signal] {
        guard let answer = SurveyAnswer(self), answer.isBad, !answer.isFollowedUp else { return [] }
        return [Signal(kind: .badSurvey, moment: answer.answered, position: answer.position)]
    }

    /// The last search of a visit, where it found nothing.
    private var searchSignals: [Signal] {
        let made = trail(SubjectCode.searchMade)
        guard var last = made ?? trail(SubjectCode.knowledgeSearched) else { return [] }
        if made != nil, let other = trail(SubjectCode.knowledgeSearched),
            Mark.precedes(last.newest, other.newest)
        {
            last = other
        }
        guard last.number("results") == 0 else { return [] }
        return [
            Signal(
                kind: .searchWithoutResult, moment: last.newest.occurred,
                position: last.newest.position)
        ]
    }

    private var cartSignals: [Signal] {
        guard let state = state(), state.isOpen else { return [] }
        return [Signal(kind: .cartLeft, moment: state.since, position: state.position)]
    }
}
