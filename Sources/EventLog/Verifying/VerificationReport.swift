public import EventModel

/// What a verification found.
public struct VerificationReport: Sendable {
    /// The store's id; nil when its description cannot be read.
    public internal(set) var storeID: String?
    /// Whether the folder is a backup.
    public internal(set) var isBackup = false
    /// The positions that were looked at; nil in an empty store.
    public internal(set) var positions: ClosedRange<Position>?
    /// The last position of the store.
    public internal(set) var head = Position.zero
    /// The running digest after the last position that was looked at, when nothing before it in
    /// the range breaks the chain.
    public internal(set) var digest: Digest?
    /// How many events were read.
    public internal(set) var events: UInt64 = 0
    /// How many blocks.
    public internal(set) var blocks: UInt64 = 0
    /// How many segments.
    public internal(set) var segments = 0
    /// How many of them are sealed.
    public internal(set) var sealed = 0
    /// How many events came from the journal.
    public internal(set) var journalEvents: UInt64 = 0
    /// How many entries of indexes were compared with the log.
    public internal(set) var indexEntries: UInt64 = 0
    /// What is wrong, in the order of files and positions; at most
    /// `LogLimits.verificationFaultsMax`.
    public internal(set) var faults: [VerificationFault] = []
    /// How many faults there are in all.
    public internal(set) var faultCount = 0

    /// Whether nothing is wrong.
    public var isWhole: Bool { faultCount == 0 }
}
