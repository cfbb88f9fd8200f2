internal import EventModel

/// How an offer and a wait end.
extension ShopSimulation {
    mutating func perform(_ step: WaitingStep, _ slot: Int) {
        guard contacts[slot].state == .queued || contacts[slot].state == .offering else { return }
        switch step {
        case .givesUp: giveUp(slot)
        case .isOfferedCallback: offerCallback(slot)
        }
    }

    /// The customer leaves the queue, ringing or not.
    private mutating func giveUp(_ slot: Int) {
        let isRinging = contacts[slot].state == .offering
        let agent = contacts[slot].agent
        tell(
            "interaction.abandoned", of: slot, [.queue, .person],
            [.text("phase", isRinging ? "offer" : "queue")])
        let topic = contacts[slot].topic
        let customer = contacts[slot].customer
        stopWaiting(slot)
        if isRinging { agents[agent].ringing = -1 }
        leave(slot)
        if isRinging { findWork(for: agent) }
        if chance.percent(40) {
            let again = Wish(customer: customer, topic: topic, medium: anyMedium())
            plan(wish: again, in: chance.length(mean: 20 * .minute))
        }
    }

    /// Takes a waiting contact out of its line, if it does not ring already.
    mutating func stopWaiting(_ slot: Int) {
        let wasQueued = contacts[slot].state == .queued
        stamps += 1
        contacts[slot].stay = stamps
        contacts[slot].stamp = stamps
        if wasQueued { leaveLine(slot) }
    }

    mutating func answerOffer(_ slot: Int) {
        let index = contacts[slot].agent
        agents[index].ringing = -1
        agents[index].take(contacts[slot].medium)
        tell(
            "offer.accepted", of: slot, [.queue, .agent],
            [
                .ref("offer_id", contacts[slot].offer),
                .integer("ring_ms", now - contacts[slot].ringingSince),
            ])
        connect(slot)
        findWork(for: index)
    }

    /// The agent did not take it: the customer waits on, before everybody else.
    mutating func refuseOffer(_ slot: Int, isMissed: Bool) {
        let index = contacts[slot].agent
        agents[index].ringing = -1
        tell(
            isMissed ? "offer.missed" : "offer.rejected", of: slot, [.queue, .agent],
            [
                .ref("offer_id", contacts[slot].offer),
                .integer("ring_ms", now - contacts[slot].ringingSince),
            ])
        contacts[slot].state = .queued
        contacts[slot].agent = -1
        join(slot, .returned)
        if isMissed {
            agents[index].presence = .notResponding
            plan(.agent(index: index, step: .respondAgain), in: chance.length(mean: 90 * .second))
        }
        for other in agents.indices
        where other != index && agents[other].isFree(for: contacts[slot].medium) {
            if agents[other].serves(contacts[slot].queue) {
                return findWork(for: other)
            }
        }
        if !isMissed { plan(.agent(index: index, step: .respondAgain), in: 5 * .second) }
    }
}
