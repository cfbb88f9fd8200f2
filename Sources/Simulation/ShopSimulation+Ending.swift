internal import EventModel

/// From the end of the talk to the end of the work.
extension ShopSimulation {
    mutating func endTalk(_ slot: Int) {
        stopRecording(slot)
        let by: String
        switch (contacts[slot].medium, chance.below(100)) {
        case (.email, _), (_, 0..<24): by = "agent"
        case (.voice, 98...): by = "telecom"
        default: by = "customer"
        }
        tell("interaction.disconnected", of: slot, .agent, [.text("by", by)])
        wrapUp(slot)
    }

    /// The agent writes down what there was.
    mutating func wrapUp(_ slot: Int) {
        contacts[slot].state = .wrapUp
        tell("wrapup.started", of: slot, .agent)
        let mean: Int64 = contacts[slot].medium == .voice ? 38 : 20
        plan(.wrapUpEnds, of: slot, in: chance.length(mean: mean * .second))
    }

    mutating func endWrapUp(_ slot: Int) {
        let contact = contacts[slot]
        let outcome = contact.isResolved ? "resolved" : "notResolved"
        tell("wrapup.ended", of: slot, [.queue, .agent], [.text("code", contact.topic.reason)])
        tell(
            "interaction.disposed", of: slot, .agent,
            [.text("outcome", outcome), .boolean("follow_up", !contact.isResolved)])
        if chance.percent(45) {
            tell(
                "note.added", of: slot, [.agent, .person],
                [
                    .ref("note_id", newName("n")),
                    .text("text", chance.pick(Phrases.note(contact.topic))),
                    .boolean("pinned", false),
                ], from: .crm)
        }
        tell(
            "interaction.completed", of: slot, [.queue, .agent, .person],
            [.text("outcome", outcome)])
        follow(contact)
        leave(slot)
        agents[contact.agent].give(contact.medium, at: now)
        findWork(for: contact.agent)
    }

    /// What comes of a contact after its end.
    private mutating func follow(_ contact: Contact) {
        guard !contact.isOutbound else { return }
        if options.days > 1, contact.medium == .whatsapp, chance.percent(30) {
            return goOnLater(contact)
        }
        if !contact.isResolved, chance.percent(35) {
            let isSame = contact.medium != .voice && chance.percent(50)
            var again = Wish(
                customer: contact.customer, topic: contact.topic,
                medium: isSame ? contact.medium : anyMedium())
            again.order = contact.order
            again.previous = isSame ? contact.id : nil
            plan(wish: again, in: 20 * .minute + chance.length(mean: 3 * .hour))
        }
        if !contact.isResolved, chance.percent(30) { openMatter(contact) }
        if contact.topic == .style, chance.percent(25) { bookAppointment(contact) }
        if chance.percent(32) { inviteToSurvey(contact) }
    }
}
