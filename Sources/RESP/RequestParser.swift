/// Reads requests in place, as a server does: multibulk frames and inline commands.
///
/// It owns no bytes. The caller keeps what it received contiguous and offers it from the first
/// byte of the current request on:
///
/// ```
/// switch parser.parse(bytes) {
/// case .incomplete: keep the bytes, append what comes next, and offer all of them again
/// case .request(let consumed): use parser.arguments(in: bytes), then drop `consumed` bytes
/// case .blank(let consumed): nothing was asked; drop `consumed` bytes and offer the rest
/// case .failure(let error): answer it and close
/// }
/// ```
///
/// The bytes may move between calls, for only offsets are kept. The parser remembers how far it
/// got, so a request that comes one byte at a time is still read in linear time. After some
/// requests it no longer allocates: the table of arguments is reused. It grows with the arguments
/// that arrived, never with a number that a client claims.
///
/// Source: the RESP specification, and for inline commands the quoting rules of `redis-cli`.
public struct RequestParser: ~Copyable, Sendable {
    /// What a look at the bytes gave.
    public enum Outcome: Equatable, Sendable {
        /// The request goes on behind the bytes; at least `neededBytes` more will come. The
        /// number follows the client's claim up to its limit: do not reserve by it blindly.
        case incomplete(neededBytes: Int)
        /// The first `consumedBytes` bytes are a request with at least one argument.
        case request(consumedBytes: Int)
        /// The first `consumedBytes` bytes are an empty line or an empty multibulk.
        case blank(consumedBytes: Int)
        /// The bytes are no request. Every later call gives the same.
        case failure(ProtocolError)
    }

    /// What a request may cost. May be changed between requests.
    public var limits: RequestLimits

    /// Where the current request stands.
    enum Phase: Equatable {
        /// Nothing of it has been read; the table may still hold the request before.
        case start
        /// Words up to a line feed; that many bytes hold none.
        case inline(scannedBytes: Int)
        /// A multibulk with that many arguments to come.
        case multibulk(argumentsLeft: Int)
        /// The arguments are in the table.
        case finished(consumedBytes: Int, isInline: Bool)
        case failed(ProtocolError)
    }

    var phase = Phase.start
    /// Bytes of the current multibulk that need not be looked at again.
    var cursor = 0
    /// The length of the bulk whose header lies before `cursor`; -1: its header is to come.
    var bulkBytes = -1
    /// Where the arguments lie, in the caller's bytes or in `inlineBytes`.
    var table: [ArgumentRange] = []
    /// The words of an inline command without their quotes.
    var inlineBytes: [UInt8] = []

    /// Creates a parser at the beginning of a connection.
    public init(limits: RequestLimits = .standard) {
        self.limits = limits
    }

    /// Looks for one request at the beginning of `bytes`.
    ///
    /// After `.incomplete`, `bytes` must be the same bytes with more behind them; otherwise they
    /// must begin where the last outcome said that it ended.
    ///
    /// Complexity: O(bytes not seen before), plus at most 21.
    public mutating func parse(_ bytes: RawSpan) -> Outcome {
        switch phase {
        case .start:
            return begin(bytes)
        case .finished:
            phase = .start
            return begin(bytes)
        case .inline(let scannedBytes):
            return continueInline(bytes, from: scannedBytes)
        case .multibulk(let argumentsLeft):
            return continueMultibulk(bytes, argumentsLeft: argumentsLeft)
        case .failed(let error):
            return .failure(error)
        }
    }

    private mutating func begin(_ bytes: RawSpan) -> Outcome {
        guard bytes.byteCount > 0 else { return .incomplete(neededBytes: 1) }
        table.removeAll(keepingCapacity: table.capacity <= RequestLimits.argumentsKeptMax)
        guard bytes.byte(at: 0) == UInt8(ascii: "*") else {
            return continueInline(bytes, from: 0)
        }
        return beginMultibulk(bytes)
    }

    /// Returns the arguments of the request that `parse` just found in the same bytes.
    ///
    /// Precondition: the last outcome was `.request`, and `bytes` are the bytes it was found in.
    @_lifetime(copy bytes, borrow self)
    public func arguments(in bytes: RawSpan) -> Arguments {
        guard case .finished(let consumedBytes, let isInline) = phase else {
            preconditionFailure("arguments are only there after .request")
        }
        precondition(bytes.byteCount >= consumedBytes)
        return isInline
            ? Arguments(bytes: inlineBytes.span.octets, ranges: table.span)
            : Arguments(bytes: bytes, ranges: table.span)
    }

    /// Notes that the request is refused for good.
    mutating func fail(_ error: ProtocolError) -> Outcome {
        phase = .failed(error)
        return .failure(error)
    }
}
