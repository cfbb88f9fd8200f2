/// Carts, checkouts, subscriptions, and visits to the site (DOMAIN §9).
extension SubjectRule {
    private static let byCart: [StaticString] = ["cart_id"]
    private static let byCheckout: [StaticString] = ["checkout_id"]
    private static let bySession: [StaticString] = ["session_id"]
    private static let bySubscription: [StaticString] = ["subscription_id"]

    static let shop: [SubjectRule] = [
        .init(
            "cart.changed", .cart, by: byCart, .opens("open"), keeping: .last(4),
            ["product", "quantity", "price", "session_id"]),
        .init("cart.abandoned", .cart, by: byCart, .opens("abandoned"), ["value", "idle_ms"]),
        .init("cart.recovered", .cart, by: byCart, .closes("recovered"), ["order"]),
        .init(
            "checkout.started", .checkout, by: byCheckout, .opens("started"), keeping: .first,
            ["cart_id", "value"]),
        .init(
            "checkout.stepped", .checkout, by: byCheckout, .opens("stepped"),
            ["step", "shipping_method", "payment_method", "value"]),
        .init("checkout.failed", .checkout, by: byCheckout, .opens("failed"), ["step", "reason"]),
        .init("coupon.denied", .cart, by: byCart, .none, ["coupon", "reason"]),
        .init(
            "subscription.started", .subscription, by: bySubscription, .opens("running"),
            ["product", "period", "next_at", "amount"]),
        .init(
            "subscription.renewed", .subscription, by: bySubscription, .opens("running"),
            ["product", "until", "next_at", "amount"]),
        .init(
            "subscription.paused", .subscription, by: bySubscription, .opens("paused"),
            ["product", "until", "reason"]),
        .init(
            "subscription.cancelled", .subscription, by: bySubscription, .closes("cancelled"),
            ["product", "until", "reason"]),
    ]

    static let browsing: [SubjectRule] = [
        .init(
            "session.started", .session, by: bySession, .opens("started"), keeping: .first,
            ["channel", "campaign", "landing", "logged_in"]),
        .init("session.ended", .session, by: bySession, .closes("ended")),
        .init(
            "web.viewed", .session, by: bySession, .none, keeping: .last(3), ["page", "category"]),
        .init(
            "screen.viewed", .session, by: bySession, .none, keeping: .last(3),
            ["page", "category"]),
        .init(
            "search.made", .session, by: bySession, .none, keeping: .last(3), ["query", "results"]),
        .init(
            "knowledge.searched", .session, by: ["session"], .none, keeping: .last(3),
            ["query", "results"]),
        .init("knowledge.shown", .session, by: ["session"], .none, ["article"]),
        .init("product.viewed", .session, by: bySession, .none, keeping: .last(3), ["product"]),
        .init("form.failed", .session, by: bySession, .none, ["form_id", "last_field"]),
        .init("form.abandoned", .session, by: bySession, .none, ["form_id", "last_field"]),
        .init("error.shown", .session, by: bySession, .none, ["code"]),
    ]
}
