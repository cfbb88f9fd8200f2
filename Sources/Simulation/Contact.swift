internal import EventModel

/// One interaction while it lasts.
struct Contact: Sendable {
    enum State: Sendable {
        case machine, queued, offering, connected, wrapUp, callbackPending
    }

    /// What a talk still has in store.
    struct Plan: OptionSet, Sendable {
        let rawValue: UInt8

        static let auth = Plan(rawValue: 1)
        static let hold = Plan(rawValue: 2)
        static let consult = Plan(rawValue: 4)
        static let transfer = Plan(rawValue: 8)
        static let recording = Plan(rawValue: 16)
        static let knowledge = Plan(rawValue: 32)
        static let concession = Plan(rawValue: 64)
    }

    let id: String
    let customer: Int
    let medium: Medium
    let topic: Topic
    /// Whom it concerns, as its events name them.
    var identifiers: [Identifier]
    var queue: ServiceQueue
    var state = State.machine
    /// Changes whenever a planned step is no longer wanted.
    var stamp: UInt64 = 0
    /// Changes with each wait.
    var stay: UInt64 = 0
    var isUrgent = false
    var agent = -1
    var plan: Plan = []
    var messagesLeft = 0
    var lastMessage = ""
    var queuedAt: Int64 = 0
    var offer = ""
    var offers: Int64 = 0
    var ringingSince: Int64 = 0
    /// The order it is about.
    var order: String?
    /// The first of the contacts that belong together.
    var initial: String?
    /// The chain of contacts about one need that it belongs to.
    var thread: String?
    /// The promise to call back that it made, or that it keeps.
    var callback: CallbackPromise?
    /// Whether we rang the customer.
    var isOutbound = false
    /// The recording under way.
    var recording: String?
    var isResolved = true

    init(
        id: String, customer: Int, medium: Medium, topic: Topic, identifiers: [Identifier]
    ) {
        self.id = id
        self.customer = customer
        self.medium = medium
        self.topic = topic
        self.identifiers = identifiers
        queue = topic.queue
    }
}

/// A promise to call back.
struct CallbackPromise: Sendable {
    let id: String
    /// The slot of the contact in which it was made.
    let origin: Int
    var attempts: Int64 = 0
}
