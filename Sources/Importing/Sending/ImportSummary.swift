/// What an import did, counted.
public struct ImportSummary: Sendable, Equatable {
    /// Rows or documents read, header lines not among them.
    public var rowsRead = 0
    /// Rows that no rule makes an event of.
    public var rowsWithoutEvents = 0
    /// Events sent, those sent again for a refused neighbour counted once.
    public var eventsSent = 0
    /// Events that are stored now and were not before.
    public var eventsStored = 0
    /// Events that had been stored before.
    public var eventsRepeated = 0
    /// Events of persons who were erased since, which are not stored and kept nowhere else either:
    /// dead letters would keep them.
    public var eventsSuppressed = 0
    /// Rows and single events in the dead letters, by reason.
    public var deadLetters: [String: Int] = [:]

    /// Makes an empty count.
    public init() {}

    /// All dead letters.
    public var deadLetterCount: Int { deadLetters.values.reduce(0, +) }
}
