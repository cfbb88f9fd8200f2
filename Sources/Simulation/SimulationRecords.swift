internal import EventModel

/// What is remembered of a customer between two contacts: as little as will do, for there may be
/// a million of them.
struct CustomerRecord: Sendable {
    /// The shop's systems have told who it is.
    var isIntroduced = false
    /// The channels seen, one bit each: those of `Medium`, then the site, then the shop.
    var channels: UInt8 = 0
    var openContacts: UInt16 = 0
    var openOrders: UInt16 = 0
    var orders: UInt16 = 0

    static let web: UInt8 = 1 << 4
    static let store: UInt8 = 1 << 5
}

/// A visit to the site while it lasts.
struct Visit: Sendable {
    enum Intent: Sendable { case look, fill, buy }

    let id: String
    let customer: Int
    let device: Int
    let intent: Intent
    var identifiers: [Identifier]
    var pagesLeft: Int
    var product = 0
    var cart: String?
    var isLoggedIn = false
    var checkout: String?
    var checkoutSteps = -1
    var isOver = false
}

/// An order from its payment to its end.
struct Order: Sendable {
    let id: String
    let customer: Int
    let product: Int
    let total: Int64
    var shipment = ""
    var tracking = ""
    var promised: Int64 = 0
    var returnID = ""
}

/// A survey from its invitation to its answer.
struct Survey: Sendable {
    let id: String
    let interaction: String
    let customer: Int
    let agent: Int
    let queue: ServiceQueue
    let isGood: Bool
    let kind: Int
    var isBad = false
}

/// A case from its opening to its end.
struct Matter: Sendable {
    let id: String
    let interaction: String
    let customer: Int
    let owner: Int
    let promise: String
    var step = -1
}
