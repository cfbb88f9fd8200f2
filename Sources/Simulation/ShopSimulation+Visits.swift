internal import EventModel

/// Visits to the site and the app: look, fill a cart, buy.
extension ShopSimulation {
    private static let pages = [
        "/", "/new", "/sale", "/women", "/men", "/shoes", "/help/returns", "/help/delivery",
        "/account/orders", "/stores",
    ]
    private static let searches = [
        "linen shirt", "wedding guest dress", "rain jacket", "ankle boots", "gift", "wool coat",
        "black jeans", "scarf",
    ]

    mutating func beginVisit(of customer: Int) {
        introduce(customer)
        customers[customer].channels |= CustomerRecord.web
        let who = person(customer)
        let device = chance.percent(75) ? 0 : 1
        let intents: [Visit.Intent] = [.look, .fill, .buy]
        var visit = Visit(
            id: newName("s"), customer: customer, device: device,
            intent: intents[chance.index(weights: [45, 22, 33])],
            identifiers: [who.cookieIdentifier(device)], pagesLeft: 1 + chance.below(6))
        var attributes: [Attribute] = [
            .ref("session_id", visit.id), .text("channel", device == 0 ? "web" : "app"),
            .text("device_kind", device == 0 ? chance.pick(["desktop", "tablet"]) : "phone"),
            .text("landing", chance.pick(Self.pages)),
        ]
        if chance.percent(30) { attributes.append(.text("campaign", "spring-newsletter")) }
        if chance.percent(40) {
            attributes.append(.text("referrer", "https://search.example/"))
        }
        tell("session.started", from: .web, visit.identifiers, attributes)
        visit.product = chance.below(Products.all.count)
        let slot = visits.insert(visit)
        planPage(slot)
    }

    private mutating func planPage(_ slot: Int) {
        plan(.visit(slot: slot), in: chance.length(mean: 24 * .second))
    }

    mutating func goOn(visit slot: Int) {
        let visit = visits[slot]
        if visit.isOver {
            tellPage("session.ended", slot, [.text("channel", visit.device == 0 ? "web" : "app")])
            return visits.remove(slot)
        }
        if visit.pagesLeft > 0 {
            visits[slot].pagesLeft -= 1
            lookAround(slot)
        } else if visit.intent == .look {
            visits[slot].isOver = true
        } else if visit.cart == nil {
            fillCart(slot)
        } else if visit.intent == .fill || chance.percent(3) {
            hesitate(slot)
        } else if !visit.isLoggedIn {
            logIn(visit: slot)
        } else {
            checkOut(slot)
        }
        planPage(slot)
    }

    private mutating func tellPage(_ type: String, _ slot: Int, _ attributes: [Attribute]) {
        tell(
            type, from: .web, visits[slot].identifiers,
            [.ref("session_id", visits[slot].id)] + attributes)
    }

    private mutating func lookAround(_ slot: Int) {
        switch chance.below(10) {
        case 0..<3: tellPage("web.viewed", slot, [.text("page", chance.pick(Self.pages))])
        case 3..<5:
            let query = chance.pick(Self.searches)
            tellPage(
                "search.made", slot,
                [.text("query", query), .integer("results", Int64(chance.below(40)))])
        case 9 where chance.percent(15):
            tellPage("error.shown", slot, [.text("code", "500"), .text("page", "/cart")])
        default:
            let index = chance.below(Products.all.count)
            visits[slot].product = index
            let product = Products.all[index]
            tellPage(
                "product.viewed", slot,
                [
                    .ref("product", product.reference), .text("category", product.category),
                    .text("title", product.title), .money("price", product.price),
                ])
        }
    }

    private mutating func fillCart(_ slot: Int) {
        let cart = newName("k")
        visits[slot].cart = cart
        let product = Products.all[visits[slot].product]
        tellPage(
            "cart.changed", slot,
            [
                .ref("cart_id", cart), .ref("product", product.reference),
                .integer("quantity", 1), .money("price", product.price),
            ])
    }

    /// The cart stays behind; sometimes help is offered and taken.
    private mutating func hesitate(_ slot: Int) {
        visits[slot].isOver = true
        guard chance.percent(35), let cart = visits[slot].cart else { return }
        let assist: [Attribute] = [
            .ref("assist_id", newName("z")), .text("kind", "chat"),
            .ref("session", visits[slot].id), .ref("cart", cart), .text("rule", "idle_cart"),
        ]
        tell("assist.offered", from: .web, visits[slot].identifiers, assist)
        guard chance.percent(30) else { return }
        tell("assist.accepted", from: .web, visits[slot].identifiers, assist)
        var wish = Wish(customer: visits[slot].customer, topic: .product, medium: .chat)
        wish.session = visits[slot].id
        plan(wish: wish, in: 2 * .second)
    }

    private mutating func logIn(visit slot: Int) {
        let who = person(visits[slot].customer)
        visits[slot].isLoggedIn = true
        visits[slot].identifiers = [
            who.cookieIdentifier(visits[slot].device), who.emailIdentifier(.verified),
        ]
        tell(
            "identity.observed", from: .web, visits[slot].identifiers,
            [.text("verified_by", "login")])
    }
}
