internal import EventModel

/// What an agent does in a talk beside talking: look things up, give way, pass on.
extension ShopSimulation {
    mutating func searchKnowledge(_ slot: Int) {
        let topic = contacts[slot].topic
        let about: [Attribute] = [
            .ref("article", "kb-\(topic.queue.name)-\(1 + topic.rawValue)"), .text("version", "3"),
        ]
        tell(
            "knowledge.searched", of: slot, .agent,
            [.text("query", topic.reason), .integer("results", Int64(1 + chance.below(8)))])
        tell("knowledge.used", of: slot, .agent, about)
    }

    mutating func grantConcession(_ slot: Int) {
        let kinds = ["discount", "points", "freeShipping"]
        tell(
            "concession.granted", of: slot, [.agent, .person],
            [
                .ref("concession_id", newName("g")), .text("kind", chance.pick(kinds)),
                .money("amount", Int64(5 * (1 + chance.below(4))) * 100),
                .text("reason", contacts[slot].topic.reason),
                .boolean("within_authority", !chance.percent(10)),
            ])
    }

    func otherQueue(_ slot: Int) -> ServiceQueue {
        let all = ServiceQueue.allCases
        return all[(contacts[slot].queue.rawValue + 1) % all.count]
    }

    /// The contact goes on as a new one in another queue; the agent wraps up this one.
    mutating func endTransfer(_ slot: Int) {
        let from = contacts[slot]
        guard !chance.percent(4) else {
            tell("transfer.failed", of: slot, .agent, [.text("kind", "toQueue")])
            return plan(.talkEnds, of: slot, in: chance.length(mean: 60 * .second))
        }
        var leg = Contact(
            id: newName("c"), customer: from.customer, medium: from.medium, topic: from.topic,
            identifiers: from.identifiers)
        leg.queue = otherQueue(slot)
        leg.initial = from.initial ?? from.id
        leg.order = from.order
        leg.isUrgent = from.isUrgent
        leg.isResolved = from.isResolved
        tell(
            "transfer.completed", of: slot, .agent,
            [.text("kind", "toQueue"), .ref("target_interaction", leg.id)])
        let next = enter(leg)
        tellCreated(next, method: "queueTransfer", previous: from.id)
        queue(next, kind: "transfer")
        stopRecording(slot)
        contacts[slot].isResolved = false
        wrapUp(slot)
    }

    mutating func stopRecording(_ slot: Int) {
        guard let recording = contacts[slot].recording else { return }
        contacts[slot].recording = nil
        tell("recording.stopped", of: slot, .agent, [.text("ref", recording)])
    }
}
