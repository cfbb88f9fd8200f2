/// What one request may cost the server before it is refused.
public struct RequestLimits: Sendable, Equatable {
    /// The most arguments one request may have, the command's name included.
    public var argumentsMax: Int
    /// The most bytes one argument may have.
    public var bulkBytesMax: Int
    /// The most bytes one request may have, its framing included.
    public var requestBytesMax: Int
    /// The most bytes an inline command may have before its line feed.
    public var inlineBytesMax: Int

    /// Creates limits; what is not named is as in `standard`.
    ///
    /// A request's bytes must stay below 2 GiB, as an argument's place is kept in 32 bits.
    public init(
        argumentsMax: Int = 16_384,
        bulkBytesMax: Int = 1 << 20,
        requestBytesMax: Int = (1 << 20) + (64 << 10),
        inlineBytesMax: Int = 64 << 10
    ) {
        precondition(argumentsMax >= 1 && argumentsMax <= Int(Int32.max))
        precondition(bulkBytesMax >= 0 && inlineBytesMax >= 0)
        precondition(requestBytesMax >= 1 && requestBytesMax <= Int(Int32.max))
        self.argumentsMax = argumentsMax
        self.bulkBytesMax = bulkBytesMax
        self.requestBytesMax = requestBytesMax
        self.inlineBytesMax = inlineBytesMax
    }

    /// 16,384 arguments (a batch of events has many), 1 MiB each, 1 MiB + 64 KiB together.
    public static let standard = RequestLimits()

    /// An argument table larger than this is given back after its request, so that one big batch
    /// does not cost an idle connection its memory (8 bytes per argument).
    static let argumentsKeptMax = 2_048

    /// The same for the unquoted bytes of an inline command.
    static let inlineBytesKeptMax = 4 << 10
}

/// What one reply may cost a client before it is refused.
public struct ReplyLimits: Sendable, Equatable {
    /// How many aggregates may lie inside each other.
    public var depthMax: Int
    /// The most bytes one reply may have, its framing included.
    public var replyBytesMax: Int
    /// The most values one reply may hold, in all of its aggregates together.
    public var elementsMax: Int
    /// The most bytes a simple string, an error or a number may have.
    public var lineBytesMax: Int

    /// Creates limits: by default 16 levels, 64 MiB, 4,194,304 values, lines of 64 KiB.
    public init(
        depthMax: Int = 16,
        replyBytesMax: Int = 64 << 20,
        elementsMax: Int = 4 << 20,
        lineBytesMax: Int = 64 << 10
    ) {
        precondition(depthMax >= 0 && elementsMax >= 0)
        precondition(replyBytesMax >= 1 && lineBytesMax >= 1)
        self.depthMax = depthMax
        self.replyBytesMax = replyBytesMax
        self.elementsMax = elementsMax
        self.lineBytesMax = lineBytesMax
    }

    /// The limits of `init()`.
    public static let standard = ReplyLimits()

    /// Room that an aggregate gets at once; more only comes as its values do, whatever it claims.
    static let elementsReservedMax = 64
}
