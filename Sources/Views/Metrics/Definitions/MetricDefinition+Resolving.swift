internal import EventModel

/// Answers to messages, and whether the need was met.
extension MetricDefinition {
    static let responding: [MetricDefinition] = [
        spread(
            "first_response_human", .firstResponseHuman,
            "first reply by a person − the last start before it (first message, hand-over by a "
                + "bot, reopening)", .created, version: 2),
        spread(
            "first_response_customer", .firstResponseCustomer,
            "first reply by a person − the customer's first message", .created, version: 2),
        spread(
            "response_time", .response,
            "for each run of the customer's messages, first reply by a person − first message",
            .created, version: 2),
        count(
            "unanswered_now", .unanswered,
            "interactions that are not over, with a run that nobody has answered yet; not in "
                + "response_time", .created, version: 2),
        count(
            "unanswered", .neverAnswered,
            "interactions by mail or message that ended without any reply by a person", .ended),
        spread(
            "resolution_time", .resolution, "completed(resolved) − first message or created",
            .created, version: 2),
    ]

    /// The same within the hours of the calendar of the queue that holds the contact then.
    static let business: [MetricDefinition] = [
        spread(
            "first_response_human_business", .firstResponseHumanBusiness,
            "first_response_human within business hours, without closures", .created, version: 2),
        spread(
            "first_response_customer_business", .firstResponseCustomerBusiness,
            "first_response_customer within business hours, without closures", .created, version: 2),
        spread(
            "response_time_business", .responseBusiness,
            "response_time within business hours, without closures",
            .created, version: 2),
        spread(
            "resolution_time_business", .resolutionBusiness,
            "resolution_time within business hours, without closures", .created, version: 3),
    ]

    /// Of each contact, when they are asked for.
    static let resolutions: [MetricDefinition] = [
        spread(
            "resolution_time_human", .resolutionHuman,
            "resolution_time without self-service", .created, version: 2),
        spread(
            "resolution_time_human_business", .resolutionHumanBusiness,
            "resolution_time_human within business hours", .created, version: 2),
        spread(
            "resolution_time_ours", .resolutionOurs,
            "resolution_time without the time from a reply to the customer's next message",
            .created, version: 2),
        spread(
            "resolution_time_ours_business", .resolutionOursBusiness,
            "resolution_time_ours within business hours", .created, version: 2),
        spread(
            "thread_resolution_first", .threadResolutionFirst,
            "first completed(resolved) of a thread − its start", .created, window: .open, version: 2
        ),
        spread(
            "thread_resolution_total", .threadResolutionTotal,
            "last completed(resolved) of a thread − its start, reopened spans included", .created,
            window: .open, version: 2),
    ]

    static let resolving: [MetricDefinition] = [
        MetricDefinition(
            name: "repeat_rate", version: 3, unit: .share,
            formula: "inbound contacts within D days of another of the customer / inbound",
            filter: "known customers; redials left out", anchor: .created,
            source: "Throughline; D is DAYS, 7",
            uses: Uses(counts: [.tries], distributions: [.repeatGap])
        ) {
            .share(
                $0.count(.repeatGap, within: $0.windowDays * MetricInterval.dayMilliseconds),
                of: $0[.tries])
        },
        firstContact(
            "fcr_repeat", .firstContactReason, "sharing a reason",
            "contacts with a reason"
        ) { _ in true },
        firstContact(
            "fcr_repeat_net", .firstContactReason, "sharing a reason",
            "contacts with a reason; passed on is not resolved", isNet: true
        ) { _ in true },
        firstContact("fcr_repeat_any", .firstContactAny, "for whatever reason", "all") { _ in true
        },
        firstContact(
            "fcr_repeat_any_net", .firstContactAny, "for whatever reason",
            "passed on is not resolved", isNet: true
        ) { _ in true },
        firstContact(
            "fcr_repeat_resolved", .firstContactReason, "sharing a reason",
            "contacts completed as resolved"
        ) { $0.isResolved },
        MetricDefinition(
            name: "fcr_agent", version: 4, unit: .share,
            formula: "disposed as resolved and not taken up again within 7 days / disposed",
            window: .days(7), anchor: .ended, source: "Throughline",
            uses: Uses(counts: [.disposed, .disposedResolved, .disposedReopened])
        ) { .share($0[.disposedResolved] - $0[.disposedReopened], of: $0[.disposed]) },
        MetricDefinition(
            name: "reopen_rate", version: 3, unit: .share,
            formula:
                "threads with a contact or message of the customer's within 7 days of resolution "
                + "/ threads resolved",
            filter: "by the day of resolution", window: .days(7), anchor: .ended,
            source: "Throughline",
            uses: Uses(distributions: [.reopenGap])
        ) {
            .share(
                $0.count(.reopenGap, within: 7 * MetricInterval.dayMilliseconds),
                of: $0.count(.reopenGap))
        },
        share(
            "channel_switch_rate",
            "threads on ≥ 2 channels that were told, tasks left out / threads", .threadsSwitched,
            of: .threads, .created, window: .open, version: 3),
        spread(
            "wait_before_switch", .waitBeforeSwitch,
            "wait of the interaction before the other channel", .created, version: 3),
    ]

    /// First contact resolution of one kind: of handled contacts with none such before, those with
    /// none such after.
    private static func firstContact(
        _ name: String, _ which: MetricDistribution, _ such: String, _ filter: String,
        isNet: Bool = false, _ counts: @escaping @Sendable (FirstContact) -> Bool
    ) -> MetricDefinition {
        MetricDefinition(
            name: name, version: 3, unit: .share,
            formula:
                "handled contacts, redials and legs included, with no contact of the customer \(such) in the D days "
                + "before nor in the D days after / those with none before",
            filter: filter, window: .asked, anchor: .created,
            source: "callcentrehelper, Gladly, Freshservice",
            uses: Uses(distributions: [which])
        ) { figures in
            let window = Int64(FirstContact.windowDays.firstIndex(of: figures.windowDays) ?? 2)
            var resolved: Int64 = 0
            var all: Int64 = 0
            for run in figures.sum.unsummed(which) {
                let contact = FirstContact(number: run.milliseconds)
                guard contact.before > window, counts(contact) else { continue }
                all += run.count
                if contact.after > window, !(isNet && contact.isTransferred) {
                    resolved += run.count
                }
            }
            return .share(resolved, of: all)
        }
    }
}
