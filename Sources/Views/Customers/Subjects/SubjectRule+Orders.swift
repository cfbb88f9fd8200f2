/// Orders and what runs on after them (DOMAIN §9). All of it is about the order, so that what a
/// warehouse says of a parcel finds the person.
extension SubjectRule {
    private static let byOrder: [StaticString] = ["order"]

    static let orders: [SubjectRule] = [
        .init(
            "order.placed", .order, by: byOrder, .opens("placed"), keeping: .first,
            [
                "total", "promised_from", "promised_to", "items", "exchange_of", "guest", "gift",
                "channel", "shop", "coupon",
            ]),
        .init("order.placed", .checkout, by: ["checkout_id"], .closes("ordered"), ["order"]),
        .init(
            "order.paid", .order, by: byOrder, .opens("paid"), keeping: .first,
            ["amount", "method"]),
        .init(
            "order.paymentFailed", .order, by: byOrder, .opens("paymentFailed"),
            ["reason", "method"]),
        .init("order.changed", .order, by: byOrder, .none, ["reason", "items", "amount"]),
        .init(
            "order.cancelled", .order, by: byOrder, .closes("cancelled"), keeping: .last(8),
            ["amount", "reason"]),
        .init("order.held", .order, by: byOrder, .opens("held"), ["reason"]),
        .init("order.released", .order, by: byOrder, .opens("released")),
        .init("giftcard.issued", .order, by: byOrder, .none, ["amount"]),
    ]

    static let parcels: [SubjectRule] = [
        .init(
            "shipment.sent", .order, by: byOrder, .opens("sent"), part: .shipment,
            ["carrier", "tracking", "promised_from", "promised_to"]),
        .init(
            "delivery.estimated", .order, by: byOrder, .opens("sent"), part: .shipment, ["due_to"]),
        .init(
            "delivery.attempted", .order, by: byOrder, .opens("attempted"), part: .shipment,
            ["reason", "pickup_point"]),
        .init(
            "delivery.delivered", .order, by: byOrder, .closes("delivered"), part: .shipment,
            ["pickup_point"]),
        .init(
            "delivery.failed", .order, by: byOrder, .opens("failed"), part: .shipment, ["reason"]),
        .init("delivery.lost", .order, by: byOrder, .opens("lost"), part: .shipment, ["reason"]),
        .init(
            "delivery.damaged", .order, by: byOrder, .opens("damaged"), part: .shipment, ["reason"]),
        .init("pickup.ready", .order, by: byOrder, .opens("ready"), part: .pickup, ["until"]),
        .init("pickup.collected", .order, by: byOrder, .closes("collected"), part: .pickup),
        .init("pickup.expired", .order, by: byOrder, .closes("expired"), part: .pickup),
    ]

    static let givingBack: [SubjectRule] = [
        .init(
            "return.requested", .order, by: byOrder, .opens("requested"), part: .giveBack,
            ["reason", "window_end", "items"]),
        .init(
            "return.authorised", .order, by: byOrder, .opens("authorised"), part: .giveBack,
            ["window_end"]),
        .init(
            "return.rejected", .order, by: byOrder, .closes("rejected"), part: .giveBack, ["reason"]
        ),
        .init("return.shipped", .order, by: byOrder, .opens("shipped"), part: .giveBack),
        .init("return.received", .order, by: byOrder, .opens("received"), part: .giveBack),
        .init(
            "return.inspected", .order, by: byOrder, .closes("inspected"), part: .giveBack,
            ["reason"]),
        .init(
            "exchange.made", .order, by: byOrder, .closes("exchanged"), part: .giveBack,
            ["new_order"]),
        .init(
            "refund.requested", .order, by: byOrder, .opens("requested"), part: .refund,
            ["amount", "expected_by", "reason"]),
        .init("refund.issued", .order, by: byOrder, .closes("issued"), part: .refund, ["amount"]),
        .init("refund.failed", .order, by: byOrder, .opens("failed"), part: .refund, ["reason"]),
        .init(
            "chargeback.opened", .order, by: byOrder, .opens("chargeback"), part: .refund,
            ["amount"]),
        .init(
            "chargeback.decided", .order, by: byOrder, .closes("decided"), part: .refund, ["reason"]
        ),
    ]
}
