internal import EventModel

/// From the checkout to the paid order.
extension ShopSimulation {
    mutating func checkOut(_ slot: Int) {
        let visit = visits[slot]
        let price = Products.all[visit.product].price
        guard let checkout = visit.checkout, let cart = visit.cart else {
            let checkout = newName("x")
            visits[slot].checkout = checkout
            return tell(
                "checkout.started", from: .shop, visit.identifiers,
                [
                    .ref("checkout_id", checkout), .ref("cart_id", visit.cart ?? ""),
                    .money("value", price),
                ])
        }
        visits[slot].checkoutSteps += 1
        let both: [Attribute] = [.ref("checkout_id", checkout), .ref("cart_id", cart)]
        switch visit.checkoutSteps {
        case 0:
            tell(
                "checkout.stepped", from: .shop, visit.identifiers,
                both + [.text("step", "shipping"), .text("shipping_method", "home")])
        case 1:
            tell(
                "checkout.stepped", from: .shop, visit.identifiers,
                both + [.text("step", "payment"), .text("payment_method", "card")])
        default:
            visits[slot].isOver = true
            guard !chance.percent(4) else {
                return tell(
                    "checkout.failed", from: .shop, visit.identifiers,
                    both + [.text("step", "payment"), .text("reason", "card_declined")])
            }
            let order = place(
                visit.customer, visit.product, visit.identifiers, checkout: checkout)
            plan(.order(slot: order, step: .ship), in: .hour + chance.length(mean: 2 * .hour))
        }
    }

    /// Places and pays an order on the site, or in the shop when there is no checkout.
    mutating func place(
        _ customer: Int, _ product: Int, _ who: [Identifier], checkout: String?
    ) -> Int {
        let item = Products.all[product]
        let isOnline = checkout != nil
        let shipping: Int64 = isOnline && item.price < 6_000 ? 490 : 0
        let order = Order(
            id: newName("o"), customer: customer, product: product, total: item.price + shipping)
        customers[customer].orders += 1
        let source: Source = isOnline ? .shop : .till
        var attributes: [Attribute] = [
            .ref("order", order.id), .money("total", order.total), .money("revenue", item.price),
            .money("tax", item.price * 21 / 121), .text("items", "\(item.reference)x1"),
            .text("channel", isOnline ? "web" : "store"), .ref("brand", "maple-lane"),
        ]
        if let checkout {
            attributes += [
                .ref("checkout_id", checkout), .money("shipping", shipping),
                .time("promised_to", now + 2 * .day),
            ]
        } else {
            attributes.append(.ref("shop", "shop-2"))
        }
        let isGift = isOnline && customers[customer].orders % 6 == 2
        if isGift { attributes.append(.boolean("gift", true)) }
        let receiver = isGift ? [person(customer ^ 1).phone(as: .recipient)] : []
        tell("order.placed", from: source, who + receiver, attributes)
        tell(
            "order.paid", from: source, who,
            [
                .ref("order", order.id), .money("amount", order.total), .text("method", "card"),
            ])
        let points = order.total / 100
        if chance.percent(50) {
            tell(
                "loyalty.changed", from: .crm, who + [person(customer).loyaltyIdentifier],
                [
                    .ref("programme", "circle"), .text("member", person(customer).loyalty),
                    .integer("points", points), .text("kind", "earned"), .ref("order", order.id),
                ])
        }
        return orders.insert(order)
    }
}
