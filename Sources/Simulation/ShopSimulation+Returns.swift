internal import EventModel

/// Sending things back.
extension ShopSimulation {
    private func who(_ slot: Int) -> [Identifier] {
        [person(orders[slot].customer).emailIdentifier(.verified)]
    }

    private func both(_ slot: Int) -> [Attribute] {
        [.ref("return_id", orders[slot].returnID), .ref("order", orders[slot].id)]
    }

    mutating func askReturn(_ slot: Int) {
        orders[slot].returnID = newName("r")
        tell(
            "return.requested", from: .shop, who(slot),
            both(slot) + [
                .text("reason", chance.pick(["too_small", "too_large", "colour", "changed_mind"])),
                .text("method", chance.pick(["parcel", "shop"])),
                .text("items", "\(Products.all[orders[slot].product].reference)x1"),
                .time("window_end", now + 30 * .day),
            ])
        plan(.order(slot: slot, step: .authoriseReturn), in: chance.length(mean: 10 * .minute))
        guard chance.percent(25) else { return }
        var wish = Wish(
            customer: orders[slot].customer, topic: .returning, medium: anyMedium())
        wish.order = orders[slot].id
        plan(wish: wish, in: chance.length(mean: .hour))
    }

    mutating func goOn(returning slot: Int, _ step: OrderStep) {
        switch step {
        case .authoriseReturn:
            tell("return.authorised", from: .shop, who(slot), both(slot))
            plan(.order(slot: slot, step: .sendReturn), in: chance.length(mean: 20 * .hour))
        case .sendReturn:
            tell("return.shipped", from: .logistics, who(slot), both(slot))
            plan(.order(slot: slot, step: .receiveReturn), in: chance.length(mean: 30 * .hour))
        default:
            tell("return.received", from: .logistics, who(slot), both(slot))
            plan(.order(slot: slot, step: .refund), in: chance.length(mean: 8 * .hour))
        }
    }

    mutating func refund(_ slot: Int) {
        let price = Products.all[orders[slot].product].price
        tell(
            "refund.issued", from: .shop, who(slot),
            [
                .ref("refund_id", newName("f")), .money("amount", price),
                .text("reason", "return"),
            ] + both(slot))
        closeOrder(slot)
    }
}
