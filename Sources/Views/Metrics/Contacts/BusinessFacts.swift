internal import ContactCentre
internal import EventModel

/// How long answers and resolutions took within business hours, and resolutions without the time of
/// machines and of the customer.
///
/// They are computed of each contact when they are asked for: a calendar needs a time zone, which a
/// fold has not, and a calendar that is set anew moves no row.
enum BusinessFacts {
    /// Returns the facts of an interaction, filed where those by the clock are; nil where a calendar
    /// that is needed for them is in a zone that nobody here knows.
    static func facts(
        of record: borrowing DetailedRecord<ContactDetails>, _ calendars: BusinessCalendars
    ) -> [MetricFact]? {
        let interaction = record.interaction
        guard interaction.state != .none, interaction.classification.isCounted else { return [] }
        let details = record.details
        let holders = Holders(interaction)
        var facts: [MetricFact] = []
        var isKnown = true
        func file(_ which: MetricDistribution, _ milliseconds: Int64, of span: ResponseClock.Span) {
            facts.append(
                MetricFact(
                    measure: .distribution(which, milliseconds), queue: interaction.queue,
                    channel: interaction.channel, created: interaction.created,
                    offered: interaction.stays.first { $0.isOffered }?.entered,
                    ended: interaction.ended,
                    agent: span.reply.map {
                        details.writer(of: details.messages[$0], interaction)
                    } ?? interaction.connections.first?.agent ?? ""))
        }
        func add(_ which: MetricDistribution, _ spans: [ResponseClock.Span]) {
            var sum: Int64 = 0
            for span in spans {
                guard let milliseconds = holders.business(span, calendars) else {
                    isKnown = false
                    return
                }
                sum += milliseconds
            }
            file(which, sum, of: spans.first ?? ResponseClock.Span(from: .earliest, to: .earliest))
        }
        if !details.messages.isEmpty {
            let clock = ResponseClock(details, interaction)
            if let first = clock.firstHuman { add(.firstResponseHumanBusiness, [first]) }
            if let first = clock.firstCustomer { add(.firstResponseCustomerBusiness, [first]) }
            for response in clock.responses { add(.responseBusiness, [response]) }
        }
        if interaction.resolution == .resolved, let ended = interaction.ended {
            let start = details.needBegan(interaction)
            let whole = ResponseClock.Span(from: start, to: ended)
            add(.resolutionBusiness, [whole])
            let human = whole.without(interaction.machineSpans(until: ended))
            let ours = whole.without(details.customerSpans(until: ended))
            file(.resolutionHuman, human.reduce(0) { $0 + $1.milliseconds }, of: whole)
            add(.resolutionHumanBusiness, human)
            file(.resolutionOurs, ours.reduce(0) { $0 + $1.milliseconds }, of: whole)
            add(.resolutionOursBusiness, ours)
        }
        return isKnown ? facts : nil
    }

    /// Which queue holds an interaction when: its own until it enters one.
    private struct Holders {
        private var stretches: [(from: Timestamp, queue: String)]

        init(_ interaction: borrowing Interaction) {
            stretches = [(.earliest, interaction.queue)]
            for stay in interaction.stays { stretches.append((stay.entered, stay.queue)) }
        }

        func business(_ span: ResponseClock.Span, _ calendars: BusinessCalendars) -> Int64? {
            var sum: Int64 = 0
            for (index, stretch) in stretches.enumerated() {
                let next = index + 1 < stretches.count ? stretches[index + 1].from : .latest
                guard
                    let part = calendars.business(
                        from: max(span.from, stretch.from), to: min(span.to, next),
                        queue: stretch.queue)
                else { return nil }
                sum += part
            }
            return sum
        }
    }
}

extension ResponseClock.Span {
    /// What is left of it without others, which may overlap.
    fileprivate func without(_ others: [ResponseClock.Span]) -> [ResponseClock.Span] {
        var rest: [ResponseClock.Span] = []
        var at = from
        for other in others.sorted(by: { $0.from < $1.from }) where other.to > at {
            if other.from > at, at < to {
                rest.append(ResponseClock.Span(from: at, to: min(other.from, to)))
            }
            at = max(at, other.to)
        }
        if at < to { rest.append(ResponseClock.Span(from: at, to: to)) }
        return rest
    }
}

extension Interaction {
    /// When machines served it.
    fileprivate func machineSpans(until end: Timestamp) -> [ResponseClock.Span] {
        selfService.map { ResponseClock.Span(from: $0.entered, to: $0.left ?? end) }
    }
}

extension ContactDetails {
    /// When the customer had the word: from a reply by a person to the next message of theirs, or to the
    /// end.
    fileprivate func customerSpans(until end: Timestamp) -> [ResponseClock.Span] {
        var spans: [ResponseClock.Span] = []
        var since: Timestamp?
        for message in messages where message.sent <= end {
            switch message.author {
            case .agent where !message.isFailed: if since == nil { since = message.sent }
            case .customer:
                if let since { spans.append(ResponseClock.Span(from: since, to: message.sent)) }
                since = nil
            default: break
            }
        }
        if let since { spans.append(ResponseClock.Span(from: since, to: end)) }
        return spans
    }
}
