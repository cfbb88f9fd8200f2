/// Reads replies as a client does, into values that own their bytes.
///
/// The caller keeps what it received contiguous. Every outcome says how many of the bytes are
/// done with; they must be dropped, and the next call begins behind them. Finished values of an
/// unfinished aggregate are kept here, so a long one needs no long buffer.
///
/// Memory follows what arrived, never what a header claims.
public struct ReplyParser: ~Copyable, Sendable {
    /// What a look at the bytes gave.
    public enum Outcome: Equatable, Sendable {
        /// The reply goes on: drop `consumedBytes`, at least `neededBytes` more will come. The
        /// number follows the server's claim up to a limit: do not reserve by it blindly.
        case incomplete(consumedBytes: Int, neededBytes: Int)
        /// One whole reply, which ends `consumedBytes` bytes into the bytes.
        case reply(Reply, consumedBytes: Int)
        /// The bytes are no reply. Every later call gives the same.
        case failure(ProtocolError)
    }

    /// What a reply may cost.
    public let limits: ReplyLimits

    /// The aggregates that are not finished, the outermost first.
    var open: [OpenAggregate] = []
    /// Bytes of the current reply that were consumed by earlier calls.
    var earlierBytes = 0
    /// The values that the current reply has claimed so far.
    var elementCount = 0
    /// Bytes of the line at the front that hold no CR.
    var scannedBytes = 0
    var failure: ProtocolError?

    /// Creates a parser at the beginning of a connection.
    public init(limits: ReplyLimits = .standard) {
        self.limits = limits
    }

    /// Whether a reply has begun to arrive and is not finished, as far as bytes were consumed.
    public var isMidReply: Bool { earlierBytes > 0 }

    /// Looks for one reply at the beginning of `bytes`.
    ///
    /// Complexity: O(bytes not seen before), plus at most one line header.
    public mutating func parse(_ bytes: RawSpan) -> Outcome {
        if let failure { return .failure(failure) }
        var position = 0
        while true {
            switch readElement(bytes, at: position) {
            case .incomplete(let neededBytes):
                earlierBytes += position
                return .incomplete(consumedBytes: position, neededBytes: neededBytes)
            case .failure(let error):
                failure = error
                return .failure(error)
            case .scalar(let value, let end):
                position = end
                if let reply = deliver(value) { return finish(reply, position) }
            case .aggregate(let kind, let elementCount, let end):
                position = end
                if let error = begin(kind, elementCount) {
                    failure = error
                    return .failure(error)
                }
                if elementCount == 0, let reply = close() { return finish(reply, position) }
            }
        }
    }

    private mutating func finish(_ reply: Reply, _ consumedBytes: Int) -> Outcome {
        earlierBytes = 0
        elementCount = 0
        return .reply(reply, consumedBytes: consumedBytes)
    }

    private mutating func begin(_ kind: OpenAggregate.Kind, _ count: Int) -> ProtocolError? {
        guard open.count < limits.depthMax else { return .replyTooDeep(max: limits.depthMax) }
        guard count <= limits.elementsMax - elementCount else {
            return .tooManyElements(max: limits.elementsMax)
        }
        elementCount += count
        open.append(OpenAggregate(kind: kind, elementCount: count))
        return nil
    }

    /// Puts a value into the innermost open aggregate, and closes what it fills.
    ///
    /// Returns the whole reply if that was its last value.
    private mutating func deliver(_ value: Reply) -> Reply? {
        guard !open.isEmpty else { return value }
        open[open.count - 1].values.append(value)
        open[open.count - 1].left -= 1
        return open[open.count - 1].left == 0 ? close() : nil
    }

    /// Takes the innermost aggregate, which is full, and delivers it in turn.
    private mutating func close() -> Reply? {
        // An attribute stands before a value and takes no place of its own.
        guard let value = open.removeLast().finished() else { return nil }
        return deliver(value)
    }
}
