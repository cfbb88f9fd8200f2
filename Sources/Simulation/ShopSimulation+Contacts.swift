internal import EventModel

/// How a contact begins: let in or not, and met by a machine.
extension ShopSimulation {
    mutating func beginContact(_ wish: Wish) {
        introduce(wish.customer)
        customers[wish.customer].channels |= 1 << UInt8(wish.medium.rawValue)
        let who = identifiers(of: wish)
        if let reason = refusal(wish) {
            tell(
                "entry.refused", from: wish.medium.source, who,
                [
                    .text("channel", wish.medium.channel), .ref("queue", wish.topic.queue.name),
                    .text("reason", reason), .time("next_opening", nextOpening),
                ])
            return
        }
        var contact = Contact(
            id: newName("c"), customer: wish.customer, medium: wish.medium, topic: wish.topic,
            identifiers: who)
        contact.order = wish.order
        contact.thread = wish.thread
        contact.isUrgent = customers[wish.customer].orders >= 3
        if wish.topic.isAboutAnOrder, chance.percent(30) { contact.isResolved = false }
        let slot = enter(contact)
        tellCreated(slot, method: "inbound", previous: wish.previous, related: wish.session)
        if let incident, wish.topic == .late { link(slot, to: incident) }
        if let previous = wish.previous {
            tell(
                "interaction.reopened", from: wish.medium.source, [],
                [.ref("interaction", previous), .text("by", "customer")])
            joinThread(slot, after: previous)
        }
        switch wish.medium {
        case .voice:
            tell("selfservice.entered", of: slot, [], [.ref("flow", "main-menu")])
            plan(.menuEnds, of: slot, in: chance.length(mean: 16 * .second))
        case .chat, .whatsapp:
            customerWrites(slot, first: true)
            tell("selfservice.entered", of: slot, [], [.ref("flow", "assistant")])
            plan(.machineAnswers, of: slot, in: 2 * .second + Int64(chance.below(3_000)))
        case .email:
            customerWrites(slot, first: true)
            queue(slot, kind: "live")
        }
    }

    /// Says that a contact is about the incident under way.
    private mutating func link(_ slot: Int, to incident: String) {
        tell(
            "incident.linked", from: .crm, [],
            [
                .ref("incident_id", incident), .text("kind", "delivery_delay"),
                .text("severity", "major"), .ref("interaction", contacts[slot].id),
            ])
    }

    /// Takes a contact in; returns its slot.
    mutating func enter(_ contact: Contact) -> Int {
        customers[contact.customer].openContacts += 1
        return contacts.insert(contact)
    }

    /// Ends what is known of a contact.
    mutating func leave(_ slot: Int) {
        customers[contacts[slot].customer].openContacts -= 1
        contacts[slot].stamp = 0
        contacts[slot].stay = 0
        contacts.remove(slot)
    }

    mutating func tellCreated(
        _ slot: Int, method: String, previous: String? = nil, related: String? = nil
    ) {
        let contact = contacts[slot]
        let who = person(contact.customer)
        var attributes: [Attribute] = [
            .text("direction", contact.isOutbound ? "outbound" : "inbound"),
            .text("method", method), .text("language", who.language.code),
        ]
        if let provider = contact.medium.provider {
            attributes.append(.text("provider", provider))
        }
        switch contact.medium {
        case .voice, .whatsapp:
            attributes.append(.text(contact.isOutbound ? "to" : "from", who.phone))
        case .email: attributes.append(.text("from", who.email))
        case .chat: break
        }
        if let initial = contact.initial { attributes.append(.ref("initial", initial)) }
        if let previous { attributes.append(.ref("previous", previous)) }
        if let related { attributes.append(.ref("related", related)) }
        if let order = contact.order { attributes.append(.ref("order", order)) }
        tell("interaction.created", of: slot, .person, attributes)
    }

    /// What a customer shows of themselves on a medium.
    private mutating func identifiers(of wish: Wish) -> [Identifier] {
        let who = person(wish.customer)
        switch wish.medium {
        case .voice: return [who.phoneIdentifier(.line)]
        case .whatsapp: return [who.phoneIdentifier(.verified)]
        case .email: return [who.emailIdentifier(.stated)]
        case .chat:
            let cookie = who.cookieIdentifier(0)
            return chance.percent(70) ? [cookie, who.emailIdentifier(.verified)] : [cookie]
        }
    }

    private func refusal(_ wish: Wish) -> String? {
        let most =
            SimulationLimits.waitingBase + SimulationLimits.waitingPerAgent * options.agents
        if wish.medium == .voice, !areQueuesOpen { return "closed" }
        return lines[wish.topic.queue.rawValue][wish.medium.line].count >= most ? "full" : nil
    }

    private var nextOpening: Int64 {
        let midnight = now - timeOfDay
        return midnight + ShopHours.opens + (timeOfDay < ShopHours.opens ? 0 : .day)
    }
}

/// When agents are there for callers, in milliseconds after midnight.
enum ShopHours {
    static let opens = 8 * Int64.hour
    static let closes = 21 * Int64.hour
}
