public import Consumers
public import EventLog
public import EventModel
public import Views

/// What commands need of the world around them, given by the server: clocks, zones, names.
///
/// One object, since a copy of so many parts would cost every command more than most answers do.
public final class CommandEnvironment {
    /// The clock by which events are recorded.
    public var clock: StoreClock
    /// The monotonic clock, in nanoseconds.
    public var nanoseconds: () -> UInt64
    /// The offsets of an IANA zone, or nil for an unknown name.
    public var zone: @Sendable (String) -> (any ZoneOffsets)?
    /// The program's version.
    public var version: String
    /// The store's own name.
    public var storeID: String
    /// Where the store lies.
    public var storePath: String
    /// Where the socket lies.
    public var socketPath: String
    /// How many connections there are and were.
    public var connections: () -> ConnectionCounts

    /// All connections, the oldest first.
    public var clients: () -> [ClientConnection] = { [] }

    /// The store's epoch.
    public var epoch: UInt64 { epochs.last?.number ?? 1 }

    /// All epochs of the store, the first first.
    public var epochs: [StoreEpoch]

    /// Makes backups; nil where there are none to be made.
    public var backups: BackupRunner?

    /// The limits of requests and connections.
    public var limits = ServiceLimits()

    /// What is taken out of events before they are stored.
    public var redaction = RedactionRules.standard

    /// What each role sees of persons.
    public var disclosure = Disclosure()

    /// What erased persons were called; nil where that is not kept.
    public var suppression: SuppressionList?

    /// What the process and its connections hold.
    public var memory: () -> MemoryUse = { MemoryUse() }
    /// Keeps named consumers; nil where none are kept.
    public var consumers: ConsumerStore?

    /// Hears of calls that only privacy and operators may make: the command, what became of it.
    public var audit: (Session, _ command: String, CallOutcome) -> Void = { _, _, _ in }

    /// Names what commands need.
    public init(
        clock: StoreClock, nanoseconds: @escaping () -> UInt64,
        zone: @escaping @Sendable (String) -> (any ZoneOffsets)?, version: String, storeID: String,
        storePath: String, socketPath: String, connections: @escaping () -> ConnectionCounts,
        epochs: [StoreEpoch] = [.first], backups: BackupRunner? = nil,
        consumers: ConsumerStore? = nil
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
    }

    /// The moment, by that clock.
    func now() -> Timestamp { statedNow ?? clock.now() }

    /// What the command at hand states as now.
    var statedNow: Timestamp?
}
