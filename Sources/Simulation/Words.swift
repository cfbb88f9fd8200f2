/// The queues of the shop.
enum ServiceQueue: Int, Sendable, CaseIterable {
    case billing, orders, returns, styleAdvice

    var name: String {
        switch self {
        case .billing: "billing"
        case .orders: "orders"
        case .returns: "returns"
        case .styleAdvice: "style-advice"
        }
    }

    /// How long callers wait before they give up, on average.
    var patience: Int64 {
        switch self {
        case .billing, .returns: 260 * .second
        case .orders: 200 * .second
        case .styleAdvice: 320 * .second
        }
    }
}

/// What a customer wants.
enum Topic: Int, Sendable, CaseIterable {
    case orderStatus, late, damaged, returning, billing, product, style

    var queue: ServiceQueue {
        switch self {
        case .orderStatus, .late: .orders
        case .damaged, .returning: .returns
        case .billing: .billing
        case .product, .style: .styleAdvice
        }
    }

    /// The reason as `reason.set` names it.
    var reason: String {
        switch self {
        case .orderStatus: "order_status"
        case .late: "delivery_late"
        case .damaged: "product_damaged"
        case .returning: "return"
        case .billing: "billing"
        case .product: "product_question"
        case .style: "style_advice"
        }
    }

    var isAboutAnOrder: Bool { self != .product && self != .style }

    /// How many of a hundred of such contacts the machine settles alone.
    var containedPercent: Int {
        switch self {
        case .orderStatus: 35
        case .returning: 15
        case .late, .billing: 8
        case .damaged, .product, .style: 3
        }
    }
}

/// How a contact reaches the shop.
enum Medium: Int, Sendable, CaseIterable {
    case voice, chat, whatsapp, email

    var channel: String {
        switch self {
        case .voice: "voice"
        case .chat: "chat"
        case .whatsapp: "messaging"
        case .email: "email"
        }
    }

    /// The network, where the channel does not say it.
    var provider: String? { self == .whatsapp ? "whatsapp" : nil }

    /// What tells of it.
    var source: Source {
        switch self {
        case .voice: .acd
        case .chat, .whatsapp: .chat
        case .email: .mail
        }
    }

    /// Which waiting line of a queue it stands in.
    var line: Int {
        switch self {
        case .voice: 0
        case .chat, .whatsapp: 1
        case .email: 2
        }
    }

    /// Answers come within: an agent's, a customer's.
    var replyMeans: (agent: Int64, customer: Int64) {
        switch self {
        case .voice: (5 * .second, 5 * .second)
        case .chat: (28 * .second, 35 * .second)
        case .whatsapp: (70 * .second, 200 * .second)
        case .email: (280 * .second, 2 * .hour)
        }
    }
}

/// Who tells of events: the shop's systems.
enum Source: Int, Sendable, CaseIterable {
    case acd, chat, mail, web, shop, logistics, till, crm, survey, workforce

    var name: String {
        switch self {
        case .acd: "acd-1"
        case .chat: "chat"
        case .mail: "mail"
        case .web: "web"
        case .shop: "shop"
        case .logistics: "logistics"
        case .till: "till-3"
        case .crm: "crm"
        case .survey: "surveys"
        case .workforce: "workforce"
        }
    }
}
