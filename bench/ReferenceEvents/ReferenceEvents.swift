public import EventModel

/// The events that everybody is measured with: a shop's contact centre in eight types of the
/// catalogue, 354 bytes as JSON in the mean, customers by Zipf's law, the same for the same seed.
///
/// Two in three events belong to an interaction, which runs through its life: created, queued,
/// accepted, messages both ways, disconnected; about 500 are under way at once. The others are
/// pages viewed and orders placed. All interactions are over at the end.
public struct ReferenceEvents: Sendable {
    /// As many customers can come unless told otherwise; `crm:` and eight digits.
    public static let customerCount = 100_000
    /// The queues by name.
    public static let queues = [
        "billing", "orders", "returns", "style-advice", "delivery", "complaints", "loyalty", "new",
    ]
    /// Interactions under way at once.
    static let openInteractionsMax = 500
    static let agentCount = 200

    /// The seed.
    public let seed: UInt64
    /// As many events come.
    public let count: Int
    /// What messages are made of.
    public let text: MessageText

    var numbers: SeededNumbers
    var open: [OpenInteraction] = []
    var interactionCount: UInt64 = 0
    var orderCount: UInt64 = 0
    /// How many events there were so far.
    public private(set) var produced = 0
    private var clock = Self.start
    private let customers: ZipfNumbers

    /// 2025-09-01T06:00:00Z.
    static let start = Timestamp(milliseconds: 1_756_706_400_000)

    /// Prepares the events of a seed.
    ///
    /// - Parameter customers: As many can come, at most 99,999,999.
    public init(
        seed: UInt64, count: Int, text: MessageText = .phrases, customers: Int = customerCount
    ) {
        self.customers = ZipfNumbers(count: customers)
        self.seed = seed
        self.count = count
        self.text = text
        numbers = SeededNumbers(seed: seed)
    }

    /// Returns the next event, nil behind the last.
    public mutating func next() -> EventDraft? {
        guard produced < count else { return nil }
        clock = clock.advanced(byMilliseconds: Int64(numbers.below(60)))
        var event = nextStep()
        event.id = EventID.text(seed: seed, ordinal: UInt64(produced))
        event.occurred = clock
        let trace = EventID.hexadecimal(numbers.next(), digits: 16)
        event.attributes.append(Attribute("ext_trace", .text(trace)))
        produced += 1
        return event
    }

    private mutating func nextStep() -> EventDraft {
        // What is under way must end before the events do.
        let mustClose = open.reduce(0) { $0 + $1.stepsLeft } >= count - produced
        if mustClose, !open.isEmpty { return advanceOne() }
        let chance = numbers.below(100)
        if chance < 28 { return pageViewed() }
        if chance < 34 { return orderPlaced() }
        let hasTime = count - produced > Self.openInteractionsMax * OpenInteraction.stepsMax
        if hasTime, open.count < Self.openInteractionsMax, chance < 44 || open.isEmpty {
            return beginInteraction()
        }
        return open.isEmpty ? pageViewed() : advanceOne()
    }

    private mutating func advanceOne() -> EventDraft {
        let place = numbers.below(open.count)
        var interaction = open[place]
        let event = advance(&interaction)
        open[place] = interaction
        if interaction.stepsLeft == 0 {
            open.swapAt(place, open.count - 1)
            open.removeLast()
        }
        return event
    }

    mutating func nextCustomer() -> Identifier {
        Identifier(kind: "crm", value: Self.customerValue(rank: customers.rank(&numbers)))
    }

    /// Returns the identifier's value of the customer of a rank; rank 0 comes most often.
    ///
    /// The first is 1: eight zeros are what systems write where they know nobody.
    public static func customerValue(rank: Int) -> String {
        let number = "\(rank + 1)"
        return String(repeating: "0", count: 8 - number.count) + number
    }
}
