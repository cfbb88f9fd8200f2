internal import EventModel

/// Waiting, and who gets whom.
extension ShopSimulation {
    /// A contact begins to wait.
    mutating func queue(_ slot: Int, kind: String) {
        let contact = contacts[slot]
        stamps += 1
        contacts[slot].state = .queued
        contacts[slot].stay = stamps
        contacts[slot].queuedAt = now
        contacts[slot].agent = -1
        let stay = stamps
        let line = lines[contact.queue.rawValue][contact.medium.line]
        var attributes: [Attribute] = [
            .integer("priority", contact.isUrgent ? 5 : 1), .text("stay_kind", kind),
            .integer("position", Int64(line.count + 1)),
            .text("skills", "\(contact.queue.name)>=\(Self.skillLevel)"),
            .text("language", person(contact.customer).language.code),
        ]
        if contact.callback != nil { attributes.append(.boolean("keep_place", true)) }
        tell("queue.entered", of: slot, [.queue, .person], attributes)
        join(slot, contact.isUrgent || contact.callback != nil ? .urgent : .ordinary)
        if offerToSomebody(slot) { return }
        announceWait(slot, ahead: line.count)
        switch contact.medium {
        case .voice where contact.isOutbound: break
        case .voice:
            let patience = chance.exponential(mean: contact.queue.patience)
            plan(.waiting(slot: slot, stay: stay, step: .givesUp), in: patience)
            plan(
                .waiting(slot: slot, stay: stay, step: .isOfferedCallback),
                in: 75 * .second + Int64(chance.below(60_000)))
        case .chat, .whatsapp:
            let mean = contact.medium == .chat ? 6 * Int64.minute : 2 * Int64.hour
            plan(
                .waiting(slot: slot, stay: stay, step: .givesUp), in: chance.exponential(mean: mean)
            )
        case .email: break
        }
    }

    private mutating func announceWait(_ slot: Int, ahead: Int) {
        guard contacts[slot].medium != .email, !contacts[slot].isOutbound else { return }
        let staffed = agents.count { $0.presence == .available }
        let expected = Int64((ahead + 1) * 260 / max(1, staffed / 2)) * .second
        tell(
            "wait.announced", of: slot, .queue,
            [
                .integer("expected_ms", expected), .integer("low_ms", expected * 3 / 4),
                .integer("high_ms", expected * 8 / 5), .integer("position", Int64(ahead + 1)),
            ])
    }

    mutating func join(_ slot: Int, _ tier: WaitingLine.Tier) {
        let contact = contacts[slot]
        lines[contact.queue.rawValue][contact.medium.line].join(
            WaitingLine.Place(slot: slot, stay: contact.stay, since: contact.queuedAt), tier)
    }

    /// A contact no longer stands in the line.
    mutating func leaveLine(_ slot: Int) {
        let (queue, line) = (contacts[slot].queue.rawValue, contacts[slot].medium.line)
        let contacts = contacts
        lines[queue][line].leave { Self.isWaiting($0, contacts) }
    }

    private static func isWaiting(_ place: WaitingLine.Place, _ contacts: Pool<Contact>) -> Bool {
        contacts[place.slot].stay == place.stay && contacts[place.slot].state == .queued
    }

    /// Offers a waiting contact to whoever has been free longest; tells whether somebody was.
    private mutating func offerToSomebody(_ slot: Int) -> Bool {
        let contact = contacts[slot]
        var best = -1
        for index in agents.indices where agents[index].isFree(for: contact.medium) {
            guard agents[index].serves(contact.queue), mayTake(contact.medium, index),
                best < 0 || agents[index].idleSince < agents[best].idleSince
            else { continue }
            best = index
        }
        guard best >= 0 else { return false }
        offer(slot, to: best)
        return true
    }

    /// Gives a free agent what has waited longest in their queues; calls first.
    mutating func findWork(for index: Int) {
        for medium in [Medium.voice, .chat, .email]
        where agents[index].isFree(for: medium) && mayTake(medium, index) {
            var oldest: WaitingLine.Place?
            for queue in ServiceQueue.allCases where agents[index].serves(queue) {
                let contacts = contacts
                let first = lines[queue.rawValue][medium.line].first {
                    Self.isWaiting($0, contacts)
                }
                if let first, first.since < oldest?.since ?? .max { oldest = first }
            }
            if let oldest { return offer(oldest.slot, to: index) }
        }
    }

    /// While a call waits for an agent they take no further message: else those who write would
    /// keep them from ever being free for a call.
    private func mayTake(_ medium: Medium, _ index: Int) -> Bool {
        guard medium != .voice, agents[index].messages > 0 else { return true }
        return !ServiceQueue.allCases.contains {
            agents[index].serves($0) && lines[$0.rawValue][Medium.voice.line].count > 0
        }
    }

    private mutating func offer(_ slot: Int, to index: Int) {
        contacts[slot].state = .offering
        leaveLine(slot)
        contacts[slot].agent = index
        guard contacts[slot].medium != .email else {
            agents[index].take(.email)
            tell("agent.connected", of: slot, [.queue, .agent])
            return connect(slot)
        }
        agents[index].ringing = slot
        contacts[slot].ringingSince = now
        contacts[slot].offers += 1
        contacts[slot].offer = newName("w")
        tell(
            "offer.made", of: slot, [.queue, .agent],
            [
                .ref("offer_id", contacts[slot].offer), .integer("attempt", contacts[slot].offers),
            ])
        switch chance.below(100) {
        case 0..<4: plan(.offerMissed, of: slot, in: 20 * .second)
        case 4..<6:
            plan(.offerRejected, of: slot, in: 2 * .second + Int64(chance.below(8_000)))
        default: plan(.offerAnswered, of: slot, in: chance.length(mean: 4_500))
        }
    }
}
