internal import EventModel

/// In the shop: visits, purchases, appointments.
extension ShopSimulation {
    private static let shop = Attribute.ref("shop", "shop-2")
    private static let inShop: [Attribute] = [shop, .text("channel", "store")]

    mutating func perform(_ step: StoreStep, _ customer: Int) {
        let who = [person(customer).loyaltyIdentifier]
        switch step {
        case .enter:
            introduce(customer)
            customers[customer].channels |= CustomerRecord.store
            tell("store.visited", from: .till, who, Self.inShop)
            plan(.store(customer: customer, step: .talk), in: chance.length(mean: 7 * .minute))
        case .talk:
            let buys = chance.percent(55)
            tell(
                "store.served", from: .till, who,
                Self.inShop + [
                    .ref("actor", "employee:12\(chance.below(8))"),
                    .text("outcome", buys ? "sold" : "advised"),
                ])
            guard buys else { return }
            plan(.store(customer: customer, step: .pay), in: chance.length(mean: 6 * .minute))
        case .pay:
            let slot = place(customer, chance.below(Products.all.count), who, checkout: nil)
            orders.remove(slot)
        case .keepAppointment:
            tell(
                "appointment.kept", from: .till, who,
                Self.inShop + [
                    .ref("appointment_id", "a\(tag)\(customer)"), .time("at", now),
                ])
        }
    }

    /// An agent books advice in the shop.
    mutating func bookAppointment(_ contact: Contact) {
        let wait = chance.length(mean: 4 * .hour)
        tell(
            "appointment.booked", from: .crm, contact.identifiers,
            [
                Self.shop, .ref("appointment_id", "a\(tag)\(contact.customer)"),
                .time("at", now + wait), .text("kind", "style_advice"),
                .ref("agent", agentNames[contact.agent]), .ref("interaction", contact.id),
            ])
        plan(.store(customer: contact.customer, step: .keepAppointment), in: wait)
    }
}
