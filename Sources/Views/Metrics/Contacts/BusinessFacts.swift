internal import ContactCentre
internal import EventModel

/// How long answers and resolutions took within business hours.
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
        let holders = Holders(interaction)
        var facts: [MetricFact] = []
        var isKnown = true
        func add(_ which: MetricDistribution, _ span: ResponseClock.Span) {
            guard let milliseconds = holders.business(span, calendars) else {
                isKnown = false
                return
            }
            facts.append(
                MetricFact(
                    measure: .distribution(which, milliseconds), queue: interaction.queue,
                    channel: interaction.channel, created: interaction.created,
                    offered: interaction.stays.first { $0.isOffered }?.entered,
                    ended: interaction.ended, agent: interaction.connections.first?.agent ?? ""))
        }
        let details = record.details
        if !details.messages.isEmpty {
            let clock = ResponseClock(details, interaction)
            if let first = clock.firstHuman { add(.firstResponseHumanBusiness, first) }
            if let first = clock.firstCustomer { add(.firstResponseCustomerBusiness, first) }
            for response in clock.responses { add(.responseBusiness, response) }
        }
        if interaction.resolution == .resolved, let ended = interaction.ended {
            let start = details.firstCustomerMessage ?? interaction.created
            add(.resolutionBusiness, ResponseClock.Span(from: start, to: ended))
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
