public import Consumers
public import EventLog
public import EventModel
public import Views

/// What commands need of the world around them, given by the server: clocks, zones, names.
///
/// One object, since a copy of so many parts would cost every command more than most answers do; what
/// never changes is a constant, which the runtime need not check for exclusive access.
public final class CommandEnvironment {
    /// The clock by which events are recorded.
    public let clock: StoreClock
    /// The monotonic clock, in nanoseconds.
    public let nanoseconds: () -> UInt64
    /// The offsets of an IANA zone, or nil for an unknown name.
    public let zone: @Sendable (String) -> (any ZoneOffsets)?
    /// The program's version.
    public let version: String
    /// The store's own name.
    public let storeID: String
    /// Where the store lies.
    public let storePath: String
    /// Where the socket lies.
    public let socketPath: String
    /// How many connections there are and were.
    public let connections: () -> ConnectionCounts

    /// All connections, or those of one user, the oldest first.
    public var clients: (_ user: UInt32?) -> [ClientConnection] = { _ in [] }

    /// A session's connection.
    public var client: (Session) -> ClientConnection? = { _ in nil }

    /// Those who follow, in no order.
    public var followers: () -> [Session] = { [] }

    /// Whether one more request may wait.
    public var hasRoomToWait: () -> Bool = { true }

    /// The store's epoch.
    public var epoch: UInt64 { epochs.last?.number ?? 1 }

    /// All epochs of the store, the first first.
    public let epochs: [StoreEpoch]

    /// Makes backups; nil where there are none to be made.
    public let backups: BackupRunner?

    /// The limits of requests and connections.
    public let limits: ServiceLimits

    /// What is taken out of events before they are stored.
    public let redaction: RedactionRules

    /// What each role sees of persons. A variable: of a constant the compiler copies all of it for each
    /// look, which took a card 1,300 instructions of 10,500.
    public var disclosure: Disclosure

    /// What erased persons were called; nil where that is not kept.
    public let suppression: SuppressionList?

    /// What the process and its connections hold.
    public var memory: () -> MemoryUse = { MemoryUse() }
    /// Keeps named consumers; nil where none are kept.
    public let consumers: ConsumerStore?

    /// Hears of calls that only privacy and operators may make: the command, what became of it.
    public var audit: (Session, _ command: String, CallOutcome) -> Void = { _, _, _ in }

    /// Names what commands need.
    public init(
        clock: StoreClock, nanoseconds: @escaping () -> UInt64,
        zone: @escaping @Sendable (String) -> (any ZoneOffsets)?, version: String, storeID: String,
        storePath: String, socketPath: String, connections: @escaping () -> ConnectionCounts,
        epochs: [StoreEpoch] = [.first], backups: BackupRunner? = nil,
        consumers: ConsumerStore? = nil, limits: ServiceLimits = ServiceLimits(),
        redaction: RedactionRules = .standard, disclosure: Disclosure = Disclosure(),
        suppression: SuppressionList? = nil
    ) {
        self.clock = clock
        self.nanoseconds = nanoseconds
        self.zone = zone
        self.version = version
        self.storeID = storeID
        self.storePath = storePath
        self.socketPath = socketPath
        self.connections = connections
        self.epochs = epochs
        self.backups = backups
        self.consumers = consumers
        self.limits = limits
        self.redaction = redaction
        self.disclosure = disclosure
        self.suppression = suppression
    }

    /// The moment, by that clock.
    func now() -> Timestamp { statedNow ?? clock.now() }

    /// What the command at hand states as now.
    var statedNow: Timestamp?
}
