public import RESP

/// The limits as they are set, one value each.
public struct ServiceLimits: Sendable, Equatable {
    private var values = Limit.allCases.map(\.definition.standard)

    /// The standard values.
    public init() {}

    /// The value of a limit.
    public subscript(limit: Limit) -> Int { values[limit.rawValue] }

    /// Sets a limit.
    ///
    /// - Throws: `LimitMistake` when the value is out of its range.
    public mutating func set(_ limit: Limit, to value: Int) throws(LimitMistake) {
        let range = limit.definition.range
        guard range.contains(value) else {
            throw LimitMistake(
                text: "\(limit.name) is \(value), must be \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        values[limit.rawValue] = value
    }

    /// Checks that the limits agree with each other.
    ///
    /// - Throws: `LimitMistake` that names two which do not.
    public func check() throws(LimitMistake) {
        try hold(.argumentBytes, below: .requestBytes)
        // A request must fit where it is gathered, or it would never be whole.
        try hold(.requestBytes, below: .inputBytes)
        try hold(.inputBytes, below: .bufferedBytes)
        try hold(.outputBytes, below: .bufferedBytes)
        try hold(.connectionsReserved, below: .connections)
        try hold(.drainMilliseconds, below: .stopMilliseconds)
    }

    private func hold(_ less: Limit, below more: Limit) throws(LimitMistake) {
        guard self[less] < self[more] else {
            throw LimitMistake(
                text: "\(less.name) is \(self[less]), must be less than \(more.name), which is "
                    + "\(self[more])")
        }
    }

    /// What the parser of requests must hold.
    public var ofRequests: RequestLimits {
        RequestLimits(
            argumentsMax: self[.arguments], bulkBytesMax: self[.argumentBytes],
            requestBytesMax: self[.requestBytes], inlineBytesMax: self[.inlineBytes])
    }
}

/// Why a limit cannot be set so.
public struct LimitMistake: Error, CustomStringConvertible {
    let text: String

    /// Names the limit, its value and what it must be.
    public var description: String { text }
}

/// How often each limit was met since the start.
public struct LimitHits: Sendable {
    private var counts = [UInt64](repeating: 0, count: Limit.allCases.count)

    /// How often one was met.
    public subscript(limit: Limit) -> UInt64 { counts[limit.rawValue] }

    /// Counts one more.
    public mutating func note(_ limit: Limit) { counts[limit.rawValue] += 1 }
}
