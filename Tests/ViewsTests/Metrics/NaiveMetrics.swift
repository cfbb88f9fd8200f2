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

    /// How a wait ended and how long it was: on a message channel the first reply by a person is the
    /// answer, and who leaves before one has given up.
    private func end(_ contact: SimulatedContact) -> (outcome: SimulatedContact.Outcome, at: Int64)
    {
        let own = (contact.outcome, contact.left)
        guard contact.channel == "chat", !contact.messages.isEmpty, contact.isQueued,
            contact.outcome != .left
        else { return own }
        if let reply = reply(contact, from: contact.entered) { return (.answered, reply) }
        guard contact.outcome == .answered else { return own }
        return (leavesFirst(contact) ? .abandoned : .left, contact.talkEnd)
    }

    /// Whether the customer ends the talk.
    private func leavesFirst(_ contact: SimulatedContact) -> Bool {
        contact.transfer == nil && contact.disconnectedBy == "customer"
    }

    private func reply(_ contact: SimulatedContact, from start: Int64) -> Int64? {
        var last = contact.ended ?? .max
        if contact.outcome == .answered, leavesFirst(contact) { last = contact.talkEnd }
        return contact.messages.first {
            $0.author == "agent" && !$0.isPrivate && !$0.isFailed && $0.at >= start
        }.flatMap { $0.at <= last ? $0.at : nil }
    }

    /// When somebody of ours was first there.
    private func reached(_ contact: SimulatedContact) -> Int64? {
        contact.channel == "chat" && !contact.messages.isEmpty
            ? reply(contact, from: 0) : contact.outcome == .answered ? contact.left : nil
    }

    private func waits(_ outcome: SimulatedContact.Outcome) -> [Int64] {
        contacts.compactMap { contact in
            guard contact.isQueued else { return nil }
            let end = end(contact)
            return end.outcome == outcome ? end.at - contact.entered : nil
        }
    }

    /// Those whose customer gave up waiting.
    var abandoned: [SimulatedContact] {
        contacts.filter { $0.isQueued && end($0).outcome == .abandoned }
    }

    private func isLost(_ contact: SimulatedContact) -> Bool {
        contact.isQueued
            && (end(contact).outcome == .abandoned
                || contact.outcome == .abandoned && reached(contact) == nil)
    }

    /// When the customer was gone.
    private func gone(_ contact: SimulatedContact) -> Int64 {
        let lost = isLost(contact) ? end(contact).at : 0
        return contact.isDropped ? max(contact.talkEnd, lost) : lost
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
            "offered": contacts.count(where: \.isQueued), "answered": waits(.answered).count,
            "abandoned": waits(.abandoned).count, "flowed_out": waits(.left).count,
            "failed": waits(.failed).count, "expired": waits(.expired).count,
            "waiting": waits(.waiting).count, "handled": all(.answered).count,
            "human_asked": contacts.count { $0.asked != nil },
            "transfers_blind": all(.answered).count { $0.transfer == "blind" },
            "offers_missed": all(.answered).count { $0.missedBy != nil },
            "redials": tries.count { isRedial($0) },
            "unanswered_now": contacts.count { runs($0).isOpen && $0.ended == nil },
        ]
    }

    /// Shares and means by name; nil where there is nothing to divide by.
    var values: [String: Double?] {
        let answered = all(.answered)
        let (served, lost) = (waits(.answered), waits(.abandoned))
        let told = contacts.compactMap { contact -> (Int64, Int64, Int64)? in
            guard contact.isQueued, end(contact).outcome == .answered else { return nil }
            return contact.announced.map {
                (end(contact).at - $0.at, $0.expected, $0.high ?? $0.expected)
            }
        }
        let offered = contacts.count(where: \.isQueued)
        let settled = offered - waits(.waiting).count
        let met = served.count { $0 <= target }
        let lostEarly = lost.count { $0 <= target }
        let lostShort = lost.count { $0 < short }
        let asked = contacts.filter { $0.asked != nil }
        let machined = contacts.filter(\.hasMachine)
        let made = answered.count + answered.count { $0.missedBy != nil }
        let ringing = all(.abandoned).count(where: \.ringsAtAbandon)
        let surveys = contacts.filter(\.isInvited)
        return [
            "asa": mean(served),
            "announced_error": mean(told.map { $0.0 - $0.1 }),
            "announced_kept": ratio(told.count { $0.0 <= $0.2 }, told.count),
            "average_time_to_abandon": mean(lost),
            "customer_wait": mean(
                contacts.compactMap { contact in reached(contact).map { $0 - contact.created } }),
            "ring": mean(answered.map(\.ringing)),
            "abandon_rate": ratio(lost.count, offered),
            "long_abandon_rate": ratio(lost.count - lostShort, offered - lostShort),
            "sl_answered": ratio(met, served.count), "sl_offered": ratio(met, settled),
            "sl_ignore_abandon": ratio(met, settled - lostEarly),
            "sl_positive_abandon": ratio(met + lostEarly, settled),
            "sl_removed": ratio(met + lostEarly, settled),
            "sl_genesys": ratio(met, served.count + lost.count),
            "sl_genesys_flow_out": ratio(met, served.count + lost.count + waits(.left).count),
            "sl_genesys_long": ratio(met, served.count + lost.count - lostShort),
            "sl_long_offered": ratio(met, settled - lostShort),
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
            "containment_claimed": ratio(all(.contained).count, machined.count),
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

    /// The contact that an interaction is part of; nil where its first is not of the same person.
    private func root(_ contact: SimulatedContact) -> SimulatedContact? {
        guard let initial = contact.initial else { return contact }
        return contacts.first { $0.id == initial && $0.person == contact.person }.flatMap(root)
    }

    private func legs(_ contact: SimulatedContact) -> [SimulatedContact] {
        contacts.filter { $0.person == contact.person && root($0)?.id == contact.id }
    }

    /// The try that was lost within ten minutes before a contact, the latest.
    private func lostBefore(_ contact: SimulatedContact) -> SimulatedContact? {
        tries.filter { other in
            other.person == contact.person
                && (other.created, other.place) < (contact.created, contact.place)
                && legs(other).contains { leg in
                    guard isLost(leg) || leg.isDropped else { return false }
                    return contact.created >= gone(leg) && contact.created - gone(leg) <= 600_000
                }
        }.max { ($0.created, $0.place) < ($1.created, $1.place) }
    }

    private func isRedial(_ contact: SimulatedContact) -> Bool { lostBefore(contact) != nil }

    /// The try that a contact goes on with.
    private func head(_ contact: SimulatedContact) -> SimulatedContact {
        lostBefore(contact).map(head) ?? contact
    }

    /// Shares that depend on what else the customer did.
    func personal(days: Int64) -> [String: Double?] {
        let heads = tries.filter { !isRedial($0) }
        /// What is one try, and the moment at which a person first took it.
        let whole = heads.map { head in
            let own = tries.filter { $0.person == head.person && self.head($0).id == head.id }
            let all = own.flatMap(legs)
            let taken = own.filter { legs($0).contains { $0.outcome == .answered } }
                .map(\.created).min()
            return (
                head: head, taken: taken, reasons: Set(all.flatMap(\.reasons)),
                isTransferred: all.contains { $0.outcome == .answered && $0.transfer != nil },
                isResolved: all.contains(where: \.isResolved)
            )
        }
        func near(_ index: Int, at moment: Int64, _ isAny: Bool) -> (before: Bool, after: Bool) {
            var found = (before: false, after: false)
            for (place, other) in whole.enumerated()
            where other.head.person == whole[index].head.person && place != index {
                if !isAny, other.reasons.isDisjoint(with: whole[index].reasons) { continue }
                let isBefore =
                    (other.head.created, other.head.place)
                    < (whole[index].head.created, whole[index].head.place)
                guard abs(moment - other.head.created) <= days * Self.day else { continue }
                if isBefore { found.before = true } else { found.after = true }
            }
            return found
        }
        func resolution(_ isNet: Bool, _ isAny: Bool, onlyResolved: Bool = false) -> Double? {
            var (all, resolved) = (0, 0)
            for (index, own) in whole.enumerated() {
                guard let moment = own.taken, isAny || !own.reasons.isEmpty,
                    own.isResolved || !onlyResolved
                else { continue }
                let near = near(index, at: moment, isAny)
                if near.before { continue }
                all += 1
                if !near.after, !(isNet && own.isTransferred) { resolved += 1 }
            }
            return ratio(resolved, all)
        }
        let repeats = whole.indices.count {
            near($0, at: whole[$0].head.created, true).before
        }
        return [
            "repeat_rate": ratio(repeats, heads.count),
            "fcr_repeat_any": resolution(false, true),
            "fcr_repeat_any_net": resolution(true, true),
            "fcr_repeat": resolution(false, false), "fcr_repeat_net": resolution(true, false),
            "fcr_repeat_resolved": resolution(false, false, onlyResolved: true),
            "abandon_unrecovered": recovery(of: isLost, Self.day, lost: true),
            "dropped_recovered": recovery(of: \.isDropped, 1_800_000, lost: false),
            "containment": containment,
        ]
    }

    private func recovery(
        of kind: (SimulatedContact) -> Bool, _ within: Int64, lost: Bool
    ) -> Double? {
        var (known, reached) = (0, 0)
        for contact in contacts where contact.person != nil && contact.initial == nil {
            let last = legs(contact).filter(kind).max {
                ($0.created, $0.place) < ($1.created, $1.place)
            }
            guard let last else { continue }
            known += 1
            let isReached = contacts.contains { other in
                guard other.person == contact.person, other.id != last.id,
                    let answered = self.reached(other)
                else { return false }
                return answered >= gone(last) && answered - gone(last) <= within
            }
            if isReached { reached += 1 }
        }
        return ratio(lost ? known - reached : reached, known)
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

    /// Shares of threads; who names none goes on with that of the first of its contact, or is one alone.
    var threaded: [String: Double?] {
        var threads: [[SimulatedContact]] = []
        var places: [String: Int] = [:]
        func thread(_ contact: SimulatedContact) -> String {
            if let thread = contact.thread { return "t " + thread }
            let first = contacts.first {
                $0.id == contact.initial && $0.person != nil && $0.person == contact.person
            }
            return first.map(thread) ?? "i " + contact.id
        }
        for contact in contacts.sorted(by: { ($0.created, $0.id) < ($1.created, $1.id) }) {
            let name = thread(contact)
            if let known = places[name] {
                threads[known].append(contact)
            } else {
                places[name] = threads.count
                threads.append([contact])
            }
        }
        let digital = threads.filter { $0[0].channel == "chat" }
        var (resolved, reopened, kept) = (0, 0, 0)
        let disposed = contacts.filter { $0.outcome == .answered && $0.disposed != nil }
        func isTakenUp(_ thread: [SimulatedContact], after end: Int64, but own: String) -> Bool {
            thread.contains {
                $0.id != own && $0.initial == nil && !$0.isOutbound && $0.created >= end
                    && $0.created - end <= 7 * Self.day
            }
        }
        for thread in threads {
            for contact in thread where contact.outcome == .answered {
                if contact.disposed == "resolved",
                    !isTakenUp(thread, after: contact.ended ?? 0, but: contact.id)
                {
                    kept += 1
                }
            }
            let first = thread.filter(\.isResolved).min {
                ($0.ended ?? 0, $0.id) < ($1.ended ?? 0, $1.id)
            }
            guard let first else { continue }
            resolved += 1
            if isTakenUp(thread, after: first.ended ?? 0, but: first.id) { reopened += 1 }
        }
        return [
            "channel_switch_rate": ratio(
                threads.count { Set($0.map(\.channel)).count > 1 }, threads.count),
            "digital_first": ratio(digital.count, threads.count),
            "fall_through": ratio(
                digital.count { $0.contains { $0.channel == "voice" } }, digital.count),
            "reopen_rate": ratio(reopened, resolved),
            "fcr_agent": ratio(kept, disposed.count),
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
