public import EventModel

/// One omnichannel shop: its customers, agents, queues, orders and parcels, as the events that its
/// systems would tell, one after the other in the order of their times.
///
///     var simulation = ShopSimulation(SimulationOptions(start: midnight))
///     while let draft = simulation.next() { … }
///
/// Equal options give equal events on every machine. Only what is under way is kept: memory grows
/// with the number of customers and of open things, not with that of events. A copy goes on by
/// itself from where it was taken.
public struct ShopSimulation: IteratorProtocol, Sendable {
    /// What is simulated.
    public let options: SimulationOptions
    /// The events given so far.
    public private(set) var events: UInt64 = 0

    let end: Int64
    /// Begins every name given in this run, so that runs into one store do not meet: five
    /// characters and a hyphen.
    let tag: String
    var chance: RandomNumbers
    var agenda = Agenda()
    /// The time, in milliseconds since 1970.
    var now: Int64
    var numbers: UInt64 = 0
    var stamps: UInt64 = 0
    var told: UInt64 = 0

    var contacts = Pool<Contact>()
    var wishes = Pool<Wish>()
    var visits = Pool<Visit>()
    var orders = Pool<Order>()
    var surveys = Pool<Survey>()
    var matters = Pool<Matter>()
    var customers: [CustomerRecord]
    var agents: [Agent]
    let agentNames: [String]
    /// By queue and line: calls, messages, letters.
    var lines: [[WaitingLine]]
    var areQueuesOpen = false
    /// The incident under way.
    var incident: String?

    private var output: [EventDraft] = []
    private var handedOut = 0

    /// Makes a simulation that stands at the beginning.
    ///
    /// Precondition: The options are within `SimulationLimits`.
    public init(_ options: SimulationOptions) {
        precondition(options.isInRange, "options are within SimulationLimits")
        self.options = options
        now = options.start.milliseconds
        end = options.end.milliseconds
        chance = RandomNumbers(seed: options.seed)
        tag = Self.tag(of: options)
        customers = Array(repeating: CustomerRecord(), count: options.customers)
        agents = (0..<options.agents).map { Agent(index: $0) }
        agentNames = (0..<options.agents).map { Names.agent($0) }
        lines = Array(
            repeating: Array(repeating: WaitingLine(), count: 3),
            count: ServiceQueue.allCases.count)
        agenda.schedule(.shop(.startDay), at: now)
        for arrival in Arrival.allCases { planNext(arrival) }
    }

    /// Gives the next event, or nil when the time is over; what is under way then stays open.
    public mutating func next() -> EventDraft? {
        while handedOut == output.count {
            output.removeAll(keepingCapacity: true)
            handedOut = 0
            guard let time = agenda.nextTime, time < end, let planned = agenda.removeNext() else {
                return nil
            }
            precondition(planned.time >= now, "time does not run backwards")
            now = planned.time
            perform(planned.action)
        }
        handedOut += 1
        events += 1
        return output[handedOut - 1]
    }

    private mutating func perform(_ action: Action) {
        switch action {
        case .arrival(let arrival): arrive(arrival)
        case .contact(let slot, let stamp, let step):
            if contacts[slot].stamp == stamp { perform(step, slot) }
        case .waiting(let slot, let stay, let step):
            if contacts[slot].stay == stay { perform(step, slot) }
        case .contactAgain(let slot):
            let wish = wishes[slot]
            wishes.remove(slot)
            beginContact(wish)
        case .visit(let slot): goOn(visit: slot)
        case .order(let slot, let step): perform(step, slot)
        case .survey(let slot, let step): perform(step, slot)
        case .matter(let slot): goOn(matter: slot)
        case .store(let customer, let step): perform(step, customer)
        case .callback(let slot): keepCallback(slot)
        case .agent(let index, let step): perform(step, index)
        case .shop(let step): perform(step)
        }
    }

    mutating func plan(_ action: Action, in milliseconds: Int64) {
        agenda.schedule(action, at: now + milliseconds)
    }

    mutating func plan(wish: Wish, in milliseconds: Int64) {
        plan(.contactAgain(slot: wishes.insert(wish)), in: milliseconds)
    }

    /// Plans the next step of a contact; any other that was planned no longer happens.
    mutating func plan(_ step: ContactStep, of slot: Int, in milliseconds: Int64) {
        stamps += 1
        contacts[slot].stamp = stamps
        plan(.contact(slot: slot, stamp: stamps, step: step), in: milliseconds)
    }

    mutating func give(_ draft: EventDraft) { output.append(draft) }

    /// A name that this run gives to one thing only: a letter for its kind, the tag, a number.
    /// Most have 15 bytes or less, which a String holds without allocating.
    mutating func newName(_ kind: String) -> String {
        numbers += 1
        var name = kind
        name += tag
        name += String(numbers)
        return name
    }

    func person(_ customer: Int) -> Person { Person(number: options.firstCustomer + customer) }

    /// Milliseconds since midnight.
    var timeOfDay: Int64 { (now - options.start.milliseconds) % .day }

    private static func tag(of options: SimulationOptions) -> String {
        let start = UInt64(bitPattern: options.start.milliseconds)
        let population = UInt64(options.firstCustomer) << 32 | UInt64(options.customers)
        var mixed = RandomNumbers.mix(options.seed &+ 0x51)
        mixed = RandomNumbers.mix(mixed ^ start)
        mixed = RandomNumbers.mix(mixed ^ population)
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
        let letters = (0..<5).map { alphabet[Int(mixed >> (5 * $0) & 31)] }
        return String(decoding: letters, as: UTF8.self) + "-"
    }
}
