internal import ContactCentre
internal import EventModel

/// How the waits of a message channel end: with the first reply by a person. An assignment answers
/// nothing.
///
/// Where nothing is told of messages the assignment is all that is known of an answer, and counts. A stay
/// that was assigned and has no reply yet is an open wait; the customer who leaves before one has abandoned
/// it; closed by us without one, it has flowed out.
extension Interaction {
    /// A stay as figures count it.
    func counted(_ index: Int, _ details: ContactDetails) -> Stay {
        var stay = stays[index]
        guard isAnsweredByWords(details), stay.outcome != .flowedOut else { return stay }
        if let reply = firstReply(from: stay.entered, details) {
            stay.ended = reply.sent
            stay.outcome = .answered
            if reply.writer > 0 { stay.agent = details.writer(of: reply, self) }
        } else if stay.outcome == .answered {
            endUnanswered(&stay, index)
        }
        return stay
    }

    /// All of them.
    func counted(_ details: ContactDetails) -> [Stay] {
        stays.indices.map { counted($0, details) }
    }

    /// When somebody of ours was first there for the customer.
    func firstAnswered(_ details: ContactDetails) -> Timestamp? {
        isAnsweredByWords(details) ? firstReply(from: .earliest, details)?.sent : firstConnected
    }

    /// From the beginning to the first answer, in milliseconds; nil while there is none.
    func customerWait(_ details: ContactDetails) -> Int64? {
        guard isAnsweredByWords(details) else { return customerWaitMilliseconds }
        return firstReply(from: .earliest, details).map {
            max(0, $0.sent - min(created, stays.first?.entered ?? created))
        }
    }

    /// Whether words answer, and not that an agent is there.
    private func isAnsweredByWords(_ details: ContactDetails) -> Bool {
        channel.isDigital && (!details.messages.isEmpty || abandonPhase == .unreplied)
    }

    /// The first reply by a person from a moment on, while the customer was still there.
    private func firstReply(from start: Timestamp, _ details: ContactDetails) -> ContactMessage? {
        let reply = details.messages.first {
            $0.author == .agent && !$0.isFailed && $0.sent >= start
        }
        guard let reply, reply.sent <= leftByCustomer ?? ended ?? .latest else { return nil }
        return reply
    }

    /// When the customer left, if they were who ended it.
    private var leftByCustomer: Timestamp? {
        if let last = connections.last {
            return last.end == .abandoned || disconnectedBy == .customer ? last.ended : nil
        }
        return stays.last.flatMap { $0.outcome == .abandoned ? $0.ended : nil }
    }

    private func endUnanswered(_ stay: inout Stay, _ index: Int) {
        stay.agent = nil
        guard let connection = connections.last(where: { $0.stay == index }),
            let ended = connection.ended, let end = connection.end
        else {
            stay.ended = nil
            stay.outcome = nil
            return
        }
        stay.ended = max(ended, stay.entered)
        switch end {
        case .abandoned: stay.outcome = .abandoned
        case .disconnected: stay.outcome = disconnectedBy == .customer ? .abandoned : .flowedOut
        case .transferred, .wrapUp: stay.outcome = .flowedOut
        case .failed: stay.outcome = .failed
        case .expired, .inferred: stay.outcome = .expired
        }
    }
}

extension Channel {
    /// Whether nobody stays to wait for the answer.
    var isAsynchronous: Bool {
        switch self {
        case .sms, .messaging, .email, .social: true
        case .unknown, .voice, .video, .chat, .web, .app, .store, .post, .task: false
        }
    }

    /// Web, app or a message, against a call, a visit or a letter.
    var isDigital: Bool {
        switch self {
        case .chat, .sms, .messaging, .email, .social, .web, .app: true
        case .unknown, .voice, .video, .store, .post, .task: false
        }
    }
}
