internal import EventModel

/// Parcels, what goes wrong with them, and returns.
extension ShopSimulation {
    private static let carriers = ["swift-post", "parcel-one", "city-bikes"]

    mutating func perform(_ step: OrderStep, _ slot: Int) {
        switch step {
        case .ship: ship(slot)
        case .estimate: estimate(slot)
        case .deliver: deliver(slot)
        case .arriveLate: arriveLate(slot)
        case .settle: settle(slot)
        case .askReturn: askReturn(slot)
        case .authoriseReturn, .sendReturn, .receiveReturn: goOn(returning: slot, step)
        case .refund: refund(slot)
        }
    }

    private func who(_ slot: Int) -> [Identifier] {
        [person(orders[slot].customer).emailIdentifier(.verified)]
    }

    private mutating func tellParcel(_ type: String, _ slot: Int, _ attributes: [Attribute] = []) {
        tell(
            type, from: .logistics, who(slot),
            [
                .ref("shipment_id", orders[slot].shipment), .ref("order", orders[slot].id),
                .text("carrier", Self.carriers[orders[slot].product % Self.carriers.count]),
                .text("tracking", orders[slot].tracking),
            ] + attributes)
    }

    private mutating func ship(_ slot: Int) {
        orders[slot].shipment = newName("d")
        orders[slot].tracking = "1Z" + String(chance.next() >> 16, radix: 36, uppercase: true)
        customers[orders[slot].customer].openOrders += 1
        orders[slot].promised = now + 5 * .hour
        tellParcel("shipment.sent", slot, [.time("promised_to", orders[slot].promised)])
        plan(.order(slot: slot, step: .estimate), in: chance.length(mean: .hour))
    }

    private mutating func estimate(_ slot: Int) {
        tellParcel("delivery.estimated", slot, [.time("due_to", orders[slot].promised)])
        plan(.order(slot: slot, step: .deliver), in: chance.length(mean: 3 * .hour))
    }

    private mutating func deliver(_ slot: Int) {
        let order = orders[slot]
        switch chance.below(100) {
        case 0..<9:
            tellParcel("delivery.attempted", slot, [.text("reason", "nobody_there")])
            plan(.order(slot: slot, step: .arriveLate), in: 18 * .hour)
            warn(slot)
            complain(slot, .late, percent: 45)
        case 9..<13:
            tellParcel("delivery.failed", slot, [.text("reason", "vehicle")])
            plan(.order(slot: slot, step: .arriveLate), in: 20 * .hour)
            complain(slot, .late, percent: 60)
        case 13..<16:
            tellParcel("delivery.damaged", slot, [.text("reason", "crushed")])
            complain(slot, .damaged, percent: 80)
            plan(.order(slot: slot, step: .settle), in: 2 * .day)
        default:
            tellParcel(
                "delivery.delivered", slot,
                [.text("proof", "signed"), .time("due_to", order.promised)])
            afterDelivery(slot)
        }
    }

    /// Tells the customer before they ask.
    private mutating func warn(_ slot: Int) {
        guard chance.percent(50) else { return }
        tell(
            "proactive.sent", from: .crm, who(slot),
            [
                .ref("proactive_id", newName("u")), .text("rule", "delivery_late"),
                .text("reason", "nobody_there"), .text("channel", "email"),
                .ref("order", orders[slot].id), .text("arm", "told"),
            ])
    }

    private mutating func complain(_ slot: Int, _ topic: Topic, percent: Int) {
        guard chance.percent(percent) else { return }
        var wish = Wish(customer: orders[slot].customer, topic: topic, medium: anyMedium())
        wish.order = orders[slot].id
        plan(wish: wish, in: 5 * .minute + chance.length(mean: .hour))
    }

    private mutating func arriveLate(_ slot: Int) {
        tellParcel("delivery.delivered", slot, [.text("proof", "photo")])
        afterDelivery(slot)
    }

    private mutating func afterDelivery(_ slot: Int) {
        guard chance.percent(16) else {
            return plan(.order(slot: slot, step: .settle), in: chance.length(mean: 12 * .hour))
        }
        plan(.order(slot: slot, step: .askReturn), in: chance.length(mean: 5 * .hour))
    }

    /// The order is over; some write what they think of it.
    private mutating func settle(_ slot: Int) {
        let order = orders[slot]
        if chance.percent(8) {
            tell(
                "review.posted", from: .web, who(slot),
                [
                    .ref("review_id", newName("q")), .text("place", "site"),
                    .integer("rating", Int64(2 + chance.below(4))), .text("scale", "5"),
                    .ref("order", order.id), .ref("product", Products.all[order.product].reference),
                    .boolean("verified_purchase", true),
                ])
        }
        closeOrder(slot)
    }

    mutating func closeOrder(_ slot: Int) {
        customers[orders[slot].customer].openOrders -= 1
        orders.remove(slot)
    }
}
