/// Something planned. Slots may be taken over by others before it is due: a stamp tells.
///
/// There is nothing in it that needs to be retained: the agenda moves it about a lot.
enum Action: Sendable {
    /// Somebody comes; then the next one is planned.
    case arrival(Arrival)
    /// A contact's next step, unless it has gone another way meanwhile.
    case contact(slot: Int, stamp: UInt64, step: ContactStep)
    /// What a waiting customer does, unless the wait is over.
    case waiting(slot: Int, stay: UInt64, step: WaitingStep)
    /// A customer makes contact because of something before it: a slot of `wishes`.
    case contactAgain(slot: Int)
    /// The next page of a visit to the site.
    case visit(slot: Int)
    /// An order moves on.
    case order(slot: Int, step: OrderStep)
    /// A survey's invitation, answer and what follows.
    case survey(slot: Int, step: SurveyStep)
    /// A case moves on.
    case matter(slot: Int)
    /// A customer is in the shop.
    case store(customer: Int, step: StoreStep)
    /// A promise to call back is due; the slot is that of the contact in which it was made.
    case callback(slot: Int)
    /// An agent's working day.
    case agent(index: Int, step: AgentStep)
    /// The shop itself.
    case shop(ShopStep)
}

/// The three streams of people.
enum Arrival: Int, Sendable, CaseIterable {
    case visit, contact, store
}

enum ContactStep: Sendable {
    /// The machine is done.
    case menuEnds
    /// The machine answers the first message.
    case machineAnswers
    /// An offer comes to its end, one way or the other.
    case offerAnswered, offerRejected, offerMissed
    /// The next part of a talk.
    case talkOn
    case authEnds, holdEnds, consultEnds, transferEnds
    /// Whoever is called back picks up, or does not.
    case dialled
    case agentWrites, customerWrites
    case talkEnds
    case wrapUpEnds
}

enum WaitingStep: Sendable {
    case givesUp
    case isOfferedCallback
}

/// Why somebody makes contact.
struct Wish: Sendable {
    let customer: Int
    let topic: Topic
    let medium: Medium
    /// The order it is about.
    var order: String?
    /// The contact that it goes on from, where it reopens that one.
    var previous: String?
    /// The visit it came out of.
    var session: String?
    /// The chain of contacts about one need that it goes on.
    var thread: String?
}

enum OrderStep: Sendable {
    case ship, estimate, deliver, arriveLate, settle
    case askReturn, authoriseReturn, sendReturn, receiveReturn, refund
}

enum SurveyStep: Sendable {
    case invite, answer, followUp
}

enum StoreStep: Sendable {
    case enter, talk, pay, keepAppointment
}

enum AgentStep: Sendable {
    case logIn, startBreak, endBreak, respondAgain, logOut
}

enum ShopStep: Sendable {
    case openQueues, closeQueues, heartbeat, startDay
    case openIncident, resolveIncident
}
