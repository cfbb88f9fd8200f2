internal import EventModel

/// Cases: what is not settled in the contact itself.
extension ShopSimulation {
    mutating func openMatter(_ contact: Contact) {
        let matter = Matter(
            id: newName("e"), interaction: contact.id, customer: contact.customer,
            owner: contact.agent, promise: newName("p"))
        let slot = matters.insert(matter)
        var attributes: [Attribute] = [
            .text("kind", contact.topic.reason), .text("severity", "normal"),
            .time("due", now + 6 * .hour), .boolean("complaint", chance.percent(25)),
        ]
        if let order = contact.order { attributes.append(.ref("order", order)) }
        tellMatter("case.opened", slot, attributes)
        tell(
            "promise.made", from: .crm, contact.identifiers,
            [
                .ref("promise_id", matter.promise), .text("what", "an answer by mail"),
                .time("due", now + 6 * .hour), .ref("owner", agentNames[matter.owner]),
                .ref("interaction", matter.interaction),
            ])
        plan(.matter(slot: slot), in: chance.length(mean: 90 * .minute))
    }

    private mutating func tellMatter(_ type: String, _ slot: Int, _ attributes: [Attribute]) {
        let matter = matters[slot]
        tell(
            type, from: .crm, [person(matter.customer).emailIdentifier(.verified)],
            [
                .ref("case_id", matter.id), .ref("interaction", matter.interaction),
                .ref("owner", agentNames[matter.owner]),
            ] + attributes)
    }

    mutating func goOn(matter slot: Int) {
        matters[slot].step += 1
        switch matters[slot].step {
        case 0:
            tellMatter(
                "case.stepped", slot,
                [.text("step", "carrier_asked"), .text("state", "waiting")])
        case 1:
            tellMatter(
                "case.stepped", slot, [.text("step", "carrier_asked"), .text("state", "done")])
        default:
            tell(
                chance.percent(80) ? "promise.kept" : "promise.broken", from: .crm,
                [person(matters[slot].customer).emailIdentifier(.verified)],
                [
                    .ref("promise_id", matters[slot].promise),
                    .ref("interaction", matters[slot].interaction),
                ])
            tellMatter("case.closed", slot, [.text("outcome", "resolved")])
            return matters.remove(slot)
        }
        plan(.matter(slot: slot), in: chance.length(mean: 2 * .hour))
    }
}
