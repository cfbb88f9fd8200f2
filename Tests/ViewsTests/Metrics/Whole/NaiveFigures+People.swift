/// Threads and persons.
extension NaiveFigures {
    private static let day: Int64 = 86_400_000

    private static func isBefore(_ left: NaiveContact, _ right: NaiveContact) -> Bool {
        (left.created, left.id) < (right.created, right.id)
    }

    /// The thread it names, or that of the same customer's contact it was made out of.
    private func thread(_ contact: NaiveContact, _ person: (String) -> String) -> String {
        if let name = contact.thread { return "t " + name }
        let link = contact.initial ?? contact.previous ?? contact.related
        let before = contacts.first { other in
            guard let own = contact.person, let theirs = other.person else { return false }
            return other.id == link && person(own) == person(theirs)
        }
        return before.map { thread($0, person) } ?? "i " + contact.id
    }

    mutating func addThreads(_ person: (String) -> String) {
        var threads: [[NaiveContact]] = []
        var places: [String: Int] = [:]
        for contact in contacts.sorted(by: Self.isBefore) {
            let name = thread(contact, person)
            if let place = places[name] {
                threads[place].append(contact)
            } else {
                places[name] = threads.count
                threads.append([contact])
            }
        }
        func heads(_ counts: ([NaiveContact]) -> Bool) -> [Item] {
            threads.filter(counts).map { item($0[0], at: $0[0].created) }
        }
        func isTakenUp(_ thread: [NaiveContact], after own: NaiveContact) -> Bool {
            guard let end = own.ended else { return false }
            var moments = thread.compactMap(\.reopened)
            moments += thread.filter { $0.id != own.id && $0.isInbound && !$0.isLeg }.map(\.created)
            return moments.contains { $0 >= end && $0 - end <= 7 * Self.day }
        }
        var (resolved, reopened): ([Item], [Item]) = ([], [])
        var (disposed, kept): ([Item], [Item]) = ([], [])
        var switched: [Item] = []
        var (firsts, lasts): ([Item], [Item]) = ([], [])
        for thread in threads {
            let ends = thread.filter(\.isResolved).compactMap(\.ended)
            if let first = ends.min(), let last = ends.max() {
                let (head, began) = (thread[0], thread[0].needBegan)
                firsts.append(item(head, at: head.created, first - began))
                lasts.append(item(head, at: head.created, last - began))
            }
            let first = thread.filter { $0.isResolved && $0.ended != nil }.min {
                ($0.ended ?? 0, $0.id) < ($1.ended ?? 0, $1.id)
            }
            if let first {
                resolved.append(item(first, at: first.ended))
                if isTakenUp(thread, after: first) { reopened.append(item(first, at: first.ended)) }
            }
            for contact in thread where contact.disposed != nil {
                disposed.append(item(contact, at: contact.ended))
                if contact.disposed == "resolved", !isTakenUp(thread, after: contact) {
                    kept.append(item(contact, at: contact.ended))
                }
            }
            if let place = thread.firstIndex(where: { $0.channel != thread[0].channel }) {
                let wait = thread[place - 1].countedStays.filter { $0.end != nil }
                    .reduce(0) { $0 + $1.left - $1.entered }
                switched.append(item(thread[0], at: thread[0].created, wait))
            }
        }
        figures["thread_resolution_first"] = .spread(firsts)
        figures["thread_resolution_total"] = .spread(lasts)
        let digital = heads { $0[0].channel != "voice" }
        figures["reopen_rate"] = .share(reopened, of: resolved)
        figures["fcr_agent"] = .share(kept, of: disposed)
        figures["wait_before_switch"] = .spread(switched)
        figures["channel_switch_rate"] = .share(switched, of: heads { _ in true })
        figures["digital_first"] = .share(digital, of: heads { _ in true })
        figures["fall_through"] = .share(
            heads { $0[0].channel != "voice" && $0.contains { $0.channel == "voice" } },
            of: digital)
    }

    /// One person's try: contacts by which they reached out, each but the first shortly after one was lost.
    private struct Try {
        var head: NaiveContact
        var contacts: [NaiveContact]
        var all: [NaiveContact]

        var reasons: Set<String> { all.reduce(into: []) { $0.formUnion($1.reasons) } }
        var isTransferred: Bool { all.contains { !$0.transfers.isEmpty } }
        var isResolved: Bool { all.contains(where: \.isResolved) }
    }

    mutating func addPersons(_ person: (String) -> String) {
        var people: [String: [NaiveContact]] = [:]
        for contact in contacts {
            if let name = contact.person { people[person(name), default: []].append(contact) }
        }
        var found: [String: ([Item], [Item])] = [:]
        for name in people.keys.sorted() {
            add((people[name] ?? []).sorted(by: Self.isBefore), &found)
        }
        for (name, (part, whole)) in found {
            figures[name] = name == "redials" ? .count(part) : .share(part, of: whole)
        }
    }

    private func add(_ own: [NaiveContact], _ found: inout [String: ([Item], [Item])]) {
        func put(_ name: String, _ contact: NaiveContact, _ isPart: Bool, whole: Bool = true) {
            let isOfLoss = name == "abandon_unrecovered" || name == "dropped_recovered"
            let item = item(contact, at: isOfLoss ? contact.gone : contact.created)
            if isPart { found[name, default: ([], [])].0.append(item) }
            if whole { found[name, default: ([], [])].1.append(item) }
        }
        func root(_ contact: NaiveContact) -> NaiveContact? {
            guard contact.isLeg else { return contact }
            let name = contact.initial ?? contact.previous ?? contact.related
            return own.first { $0.id == name }.flatMap(root)
        }
        func legs(_ contact: NaiveContact) -> [NaiveContact] {
            own.filter { root($0)?.id == contact.id }
        }
        func isTry(_ contact: NaiveContact) -> Bool {
            guard contact.isInbound, !contact.isLeg else { return false }
            let name = contact.initial ?? contact.previous ?? contact.related
            return !own.contains { $0.id == name && $0.isOutbound }
        }
        var tries: [Try] = []
        for contact in own where isTry(contact) {
            let lost = tries.lastIndex { earlier in
                earlier.all.contains { leg in
                    guard leg.isLost || leg.isDropped, let gone = leg.gone else { return false }
                    return contact.created >= gone && contact.created - gone <= 600_000
                }
            }
            if let lost {
                tries[lost].contacts.append(contact)
                tries[lost].all += legs(contact)
                put("redials", contact, true)
            } else {
                tries.append(Try(head: contact, contacts: [contact], all: legs(contact)))
            }
        }
        for (place, own) in tries.enumerated() {
            func others(_ at: Int64, _ isAny: Bool) -> (before: Bool, after: Bool) {
                func isNear(_ other: Try) -> Bool {
                    abs(other.head.created - at) <= 7 * Self.day
                        && (isAny || !other.reasons.isDisjoint(with: own.reasons))
                }
                return (
                    tries[..<place].contains(where: isNear),
                    tries[(place + 1)...].contains(where: isNear)
                )
            }
            put("repeat_rate", own.head, others(own.head.created, true).before)
            let taken = own.contacts.first { legs($0).contains { $0.talk != nil } }
            guard let taken else { continue }
            let any = others(taken.created, true)
            if !any.before {
                put("fcr_repeat_any", taken, !any.after)
                put("fcr_repeat_any_net", taken, !any.after && !own.isTransferred)
            }
            let such = others(taken.created, false)
            guard !own.reasons.isEmpty, !such.before else { continue }
            put("fcr_repeat", taken, !such.after)
            put("fcr_repeat_net", taken, !such.after && !own.isTransferred)
            if own.isResolved { put("fcr_repeat_resolved", taken, !such.after) }
        }
        func isReached(_ lost: NaiveContact, _ within: Int64) -> Bool {
            guard let end = lost.gone else { return false }
            return own.contains { other in
                [other.calledBack, other.id == lost.id ? nil : other.reached].contains { moment in
                    moment.map { $0 >= end && $0 - end <= within } ?? false
                }
            }
        }
        for contact in own where !contact.isLeg {
            let all = legs(contact)
            if let lost = all.last(where: \.isLost) {
                put("abandon_unrecovered", lost, !isReached(lost, Self.day))
            }
            if let lost = all.last(where: \.isDropped) {
                put("dropped_recovered", lost, isReached(lost, 1_800_000))
            }
            guard !contact.machines.isEmpty else { continue }
            let isFollowed = own.contains { other in
                other.id != contact.id && other.isInbound && !other.isLeg
                    && other.created >= contact.created
                    && other.created - contact.created <= Self.day
            }
            put("containment", contact, contact.isContained && contact.asked == nil && !isFollowed)
        }
    }
}
