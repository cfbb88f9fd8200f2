internal import EventModel

/// Messages go over days: the customer takes the need up again, and each time is an interaction of
/// its own in one thread. Runs of one day have none.
extension ShopSimulation {
    /// The customer writes again about it, mostly on the next day.
    mutating func goOnLater(_ contact: Contact) {
        var again = Wish(
            customer: contact.customer, topic: contact.topic, medium: contact.medium)
        again.order = contact.order
        again.previous = contact.id
        again.thread = contact.thread ?? newName("t")
        plan(wish: again, in: 14 * .hour + chance.length(mean: 8 * .hour))
    }

    /// Says that a contact and the one before it belong together; now and then somebody says later
    /// that they do not.
    mutating func joinThread(_ slot: Int, after previous: String) {
        guard let thread = contacts[slot].thread else { return }
        for interaction in [previous, contacts[slot].id] {
            tell(
                "thread.joined", from: .crm, [],
                [
                    .ref("thread", thread), .ref("interaction", interaction),
                    .text("rule", "writes_again"),
                ])
        }
        guard chance.percent(8) else { return }
        tell(
            "thread.split", from: .crm, [],
            [
                .ref("thread", thread), .ref("interaction", contacts[slot].id),
                .text("reason", "other_need"),
            ])
        contacts[slot].thread = nil
    }
}
