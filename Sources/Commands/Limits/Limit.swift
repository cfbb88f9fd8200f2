/// A bound that an operator may set. Its name is the same in the configuration, in LIMITS, in INFO
/// and in refusals.
public enum Limit: Int, CaseIterable, Sendable {
    case requestBytes, arguments, argumentBytes, inlineBytes, attributes, dataBytes
    case connections, connectionsPerUser, connectionsReserved
    case handshakeMilliseconds, requestMilliseconds, idleMilliseconds
    case inputBytes, outputBytes, stalledMilliseconds, bufferedBytes
    case appendsInFlight, appendsInFlightAll, appendWaitMilliseconds
    case waiters
    case drainMilliseconds, stopMilliseconds

    /// The name, snake_case with the unit last.
    public var name: String { definition.name }

    /// Returns the limit of a name.
    public init?(name: String) {
        guard let limit = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = limit
    }

    /// What stands about each limit.
    public struct Definition: Sendable {
        /// The name.
        public let name: String
        /// What holds when nobody says otherwise.
        public let standard: Int
        /// The values it may have.
        public let range: ClosedRange<Int>
        /// What it bounds, one line.
        public let summary: String
        /// What happens at the bound, and what a peer should do then.
        public let consequence: String

        init(
            _ name: String, _ standard: Int, _ range: ClosedRange<Int>, _ summary: String,
            _ consequence: String
        ) {
            self.name = name
            self.standard = standard
            self.range = range
            self.summary = summary
            self.consequence = consequence
        }
    }
}
