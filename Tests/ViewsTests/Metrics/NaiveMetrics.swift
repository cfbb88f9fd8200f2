/// Metrics by plain loops over the contacts themselves, written from the definitions alone.
struct NaiveMetrics {
    /// All that count.
    let contacts: [SimulatedContact]
    let target: Int64 = 20_000
    let short: Int64 = 5_000
    private static let day: Int64 = 86_400_000

    init(_ all: [SimulatedContact]) { contacts = all.filter { !$0.isTest } }

    private func all(_ outcome: SimulatedContact.Outcome) -> [SimulatedContact] {
        contacts.filter { $0.outcome == outcome }
    }

    private func ratio(_ part: Int, _ whole: Int) -> Double? {
        whole > 0 ? Double(part) / Double(whole) : nil
    }

    private func mean(_ values: [Int64]) -> Double? {
        values.isEmpty ? nil : Double(values.reduce(0, +)) / Double(values.count)
    }

    /// Counts by name.
    var counts: [String: Int] {
        [
            "contacts": contacts.count { $0.initial == nil },
            "offered": contacts.count(where: \.isQueued), "answered": all(.answered).count,
            "abandoned": all(.abandoned).count, "flowed_out": all(.left).count,
            "failed": all(.failed).count, "expired": all(.expired).count,
            "waiting": all(.waiting).count, "handled": all(.answered).count,
            "human_asked": contacts.count { $0.asked != nil },
            "transfers_blind": all(.answered).count { $0.transfer == "blind" },
            "offers_missed": all(.answered).count { $0.missedBy != nil },
            "redials": tries.count { isRedial($0) },
            "unanswered_now": contacts.count { runs($0).isOpen },
        ]
    }

    /// Shares and means by name; nil where there is nothing to divide by.
    var values: [String: Double?] {
        let answered = all(.answered)
        let abandoned = all(.abandoned)
        let told = answered.compactMap { contact in
            contact.announced.map { (contact.left - $0.at, $0.expected, $0.high ?? $0.expected) }
        }
        let offered = contacts.count(where: \.isQueued)
        let met = answered.count { $0.wait <= target }
        let lostEarly = abandoned.count { $0.wait <= target }
        let lostShort = abandoned.count { $0.wait < short }
        let asked = contacts.filter { $0.asked != nil }
        let served = contacts.filter(\.hasMachine)
        let made = answered.count + answered.count { $0.missedBy != nil }
        let ringing = abandoned.count(where: \.ringsAtAbandon)
        let surveys = contacts.filter(\.isInvited)
        return [
            "asa": mean(answered.map(\.wait)),
            "announced_error": mean(told.map { $0.0 - $0.1 }),
            "announced_kept": ratio(told.count { $0.0 <= $0.2 }, told.count),
            "average_time_to_abandon": mean(abandoned.map(\.wait)),
            "customer_wait": mean(answered.map { $0.left - $0.created }),
            "ring": mean(answered.map(\.ringing)),
            "abandon_rate": ratio(abandoned.count, offered),
            "long_abandon_rate": ratio(abandoned.count - lostShort, offered - lostShort),
            "sl_answered": ratio(met, answered.count), "sl_offered": ratio(met, offered),
            "sl_ignore_abandon": ratio(met, offered - lostEarly),
            "sl_positive_abandon": ratio(met + lostEarly, offered),
            "sl_removed": ratio(met + lostEarly, offered),
            "sl_genesys": ratio(met, answered.count + abandoned.count),
            "sl_genesys_flow_out": ratio(met, answered.count + abandoned.count + all(.left).count),
            "sl_genesys_long": ratio(met, answered.count + abandoned.count - lostShort),
            "sl_long_offered": ratio(met, offered - lostShort),
            "talk": mean(answered.map { $0.talkEnd - $0.left - $0.hold }),
            "aht": mean(answered.map { $0.talkEnd - $0.left }),
            "hold_rate": ratio(answered.count { $0.hold > 0 }, answered.count),
            "transfer_rate": ratio(answered.count { $0.transfer != nil }, answered.count),
            "agent_answer_rate": ratio(answered.count, made + ringing),
            "agent_answer_rate_reached": ratio(answered.count, made),
            "drop_rate": ratio(answered.count(where: \.isDropped), answered.count),
            "human_reached": ratio(asked.count { $0.outcome == .answered }, asked.count),
            "human_blocked": ratio(asked.count { $0.outcome == .contained }, asked.count),
            "time_to_human": mean(
                asked.filter { $0.outcome == .answered }.map { $0.left - ($0.asked ?? 0) }),
            "containment_claimed": ratio(all(.contained).count, served.count),
            "first_response_human": mean(contacts.compactMap { runs($0).firstHuman }),
            "first_response_customer": mean(contacts.compactMap { runs($0).firstCustomer }),
            "response_time": mean(contacts.flatMap { runs($0).responses }),
            "resolution_time": mean(
                answered.filter(\.isResolved).map { contact in
                    let wrote = contact.messages.first { $0.author == "customer" }?.at
                    return (contact.ended ?? 0) - (wrote ?? contact.created)
                }),
            "csat": ratio(
                surveys.count { ($0.csat ?? 0) >= 4 }, surveys.count { $0.csat != nil }),
            "csat_mean": mean(surveys.compactMap(\.csat)),
            "fcr_stated": ratio(
                surveys.count { $0.solved == true }, surveys.count { $0.solved != nil }),
            "survey_response_rate": ratio(
                surveys.reduce(0) {
                    $0 + ($1.nps == nil ? 0 : 1) + ($1.csat == nil ? 0 : 1)
                        + ($1.solved == nil ? 0 : 1)
                }, 3 * surveys.count),
            "nps": nps(surveys.compactMap(\.nps)),
            "fcr_agent": ratio(
                answered.count { $0.disposed == "resolved" },
                answered.count { $0.disposed != nil }),
        ]
    }

    private func nps(_ scores: [Int64]) -> Double? {
        guard scores.count >= 30 else { return nil }
        return 100 * Double(scores.count { $0 >= 9 } - scores.count { $0 <= 6 })
            / Double(scores.count)
    }

    // --- Among the contacts of a person -------------------------------------------------------

    /// By which a known customer reached out.
    private var tries: [SimulatedContact] {
        contacts.filter { $0.person != nil && !$0.isOutbound && $0.initial == nil }
    }

    private func isRedial(_ contact: SimulatedContact) -> Bool {
        tries.contains { other in
            guard other.person == contact.person, other.id != contact.id,
                other.created <= contact.created, other.outcome == .abandoned || other.isDropped,
                let ended = other.ended
            else { return false }
            return contact.created >= ended && contact.created - ended <= 600_000
        }
    }

    /// Shares that depend on what else the customer did.
    func personal(days: Int64) -> [String: Double?] {
        let counted = tries.filter { !isRedial($0) }
        func others(
            _ contact: SimulatedContact, _ such: (SimulatedContact) -> Bool
        ) -> (before: Bool, after: Bool) {
            let own = counted.filter {
                $0.person == contact.person && $0.id != contact.id && such($0)
            }
            return (
                own.contains {
                    $0.created <= contact.created
                        && contact.created - $0.created <= days * Self.day
                },
                own.contains {
                    $0.created > contact.created
                        && $0.created - contact.created <= days * Self.day
                }
            )
        }
        func isHandled(_ contact: SimulatedContact) -> Bool {
            contact.outcome == .answered
                || contacts.contains {
                    $0.initial == contact.id && $0.person == contact.person
                        && $0.outcome == .answered
                }
        }
        func resolution(
            _ isNet: Bool, _ isAny: Bool, _ filter: (SimulatedContact) -> Bool = { _ in true }
        ) -> Double? {
            var (whole, resolved) = (0, 0)
            for contact in counted where isHandled(contact) && filter(contact) {
                if !isAny, contact.reasons.isEmpty { continue }
                let near = others(contact) {
                    isAny || !Set($0.reasons).isDisjoint(with: contact.reasons)
                }
                if near.before { continue }
                whole += 1
                if !near.after, !(isNet && contact.transfer != nil) { resolved += 1 }
            }
            return ratio(resolved, whole)
        }
        let inbound = contacts.count { !$0.isOutbound && $0.initial == nil }
        return [
            "repeat_rate": ratio(counted.count { others($0) { _ in true }.before }, inbound),
            "fcr_repeat_any": resolution(false, true),
            "fcr_repeat_any_net": resolution(true, true),
            "fcr_repeat": resolution(false, false), "fcr_repeat_net": resolution(true, false),
            "fcr_repeat_resolved": resolution(false, false, \.isResolved),
            "abandon_unrecovered": recovery(of: { $0.outcome == .abandoned }, Self.day, lost: true),
            "dropped_recovered": recovery(of: \.isDropped, 1_800_000, lost: false),
            "containment": containment,
        ]
    }

    private func recovery(
        of kind: (SimulatedContact) -> Bool, _ within: Int64, lost: Bool
    ) -> Double? {
        let known = contacts.filter { $0.person != nil && $0.initial == nil && kind($0) }
        let reached = known.filter { contact in
            contacts.contains { other in
                other.person == contact.person && other.id != contact.id
                    && other.outcome == .answered && other.left >= (contact.ended ?? 0)
                    && other.left - (contact.ended ?? 0) <= within
            }
        }
        return ratio(lost ? known.count - reached.count : reached.count, known.count)
    }

    private var containment: Double? {
        let known = contacts.filter { $0.person != nil && $0.initial == nil && $0.hasMachine }
        let contained = known.filter { contact in
            contact.outcome == .contained && contact.asked == nil
                && !contacts.contains { other in
                    other.person == contact.person && other.id != contact.id && !other.isOutbound
                        && other.initial == nil && other.created >= contact.created
                        && other.created - contact.created <= Self.day
                }
        }
        return ratio(contained.count, known.count)
    }

    // --- Threads ------------------------------------------------------------------------------

    /// Shares of threads; who names none is one alone.
    var threaded: [String: Double?] {
        var threads: [[SimulatedContact]] = []
        for contact in contacts.sorted(by: { ($0.created, $0.id) < ($1.created, $1.id) }) {
            if let thread = contact.thread,
                let known = threads.firstIndex(where: { $0[0].thread == thread })
            {
                threads[known].append(contact)
            } else {
                threads.append([contact])
            }
        }
        let digital = threads.filter { $0[0].channel == "chat" }
        var (resolved, reopened) = (0, 0)
        for thread in threads {
            let ends = thread.filter(\.isResolved).compactMap(\.ended)
            guard let first = ends.min() else { continue }
            resolved += 1
            if thread.contains(where: {
                $0.created >= first && $0.created - first <= 7 * Self.day
            }) {
                reopened += 1
            }
        }
        return [
            "channel_switch_rate": ratio(
                threads.count { Set($0.map(\.channel)).count > 1 }, threads.count),
            "digital_first": ratio(digital.count, threads.count),
            "fall_through": ratio(
                digital.count { $0.contains { $0.channel == "voice" } }, digital.count),
            "reopen_rate": ratio(reopened, resolved),
        ]
    }

    // --- Messages -----------------------------------------------------------------------------

    private func runs(
        _ contact: SimulatedContact
    ) -> (firstHuman: Int64?, firstCustomer: Int64?, responses: [Int64], isOpen: Bool) {
        let spans = spans(contact)
        func length(_ span: (Int64, Int64)) -> Int64 { span.1 - span.0 }
        return (
            spans.firstHuman.map(length), spans.firstCustomer.map(length),
            spans.responses.map(length), spans.isOpen
        )
    }

    /// From when to when customers waited for words of a person.
    func spans(
        _ contact: SimulatedContact
    ) -> (
        firstHuman: (Int64, Int64)?, firstCustomer: (Int64, Int64)?, responses: [(Int64, Int64)],
        isOpen: Bool
    ) {
        let seen = contact.messages.filter { !$0.isPrivate }
        let replies = seen.filter { $0.author == "agent" && !$0.isFailed }
        var responses: [(Int64, Int64)] = []
        var open: Int64?
        for message in seen {
            if message.author == "customer" { open = open ?? message.at }
            if message.author == "agent", !message.isFailed, let start = open {
                responses.append((start, message.at))
                open = nil
            }
        }
        guard let first = seen.first(where: { $0.author == "customer" })?.at,
            let reply = replies.first, reply.at > first
        else { return (nil, nil, responses, open != nil) }
        let handedOver = contact.hasMachine && contact.outcome != .contained ? contact.entered : 0
        let start = handedOver <= reply.at ? max(first, handedOver) : first
        return ((start, reply.at), (first, reply.at), responses, open != nil)
    }
}
