/// The bounds of a simulation: beyond them an option is a caller's mistake.
public enum SimulationLimits {
    /// The people there are. Their numbers are a permutation of as many.
    public static let customersMax = 1 << 20
    /// The agents of the shop.
    public static let agentsMax = 10_000
    /// The days of one run.
    public static let daysMax = 3_660
    /// The events of one batch that a run hands over.
    public static let batchEventsMax = 4_096

    /// How often a day a system may fall silent.
    public static let silencesMax = 48
    /// How many times more people come on holidays, at most.
    public static let holidayFactorMax = 20

    /// Callers of one queue that may wait for each agent of the shop, above a base of 20; further
    /// ones are refused as `full`, so that memory is bounded however few agents there are.
    static let waitingPerAgent = 4
    static let waitingBase = 20
    /// Contacts an agent works on at once when none of them is a call.
    static let messagesPerAgent = 3
    /// Times a customer is called back before it counts as failed.
    static let callbackAttempts = 2
    /// Entries of a waiting line that may be left behind by people who gave up.
    static let leftBehindMax = 256
}
