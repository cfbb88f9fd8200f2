/// The sizes of the log.
public enum LogLimits {
    /// Raw bytes at which a block is full: about a dozen events, so that reading one event
    /// decompresses little and the dictionary still pays.
    public static let blockRawBytes = 4_096
    /// The most raw bytes a block can hold: one record of the greatest size.
    public static let blockRawBytesMax = 1_048_576 + blockRawBytes
    /// Positions that share one salt seed.
    public static let positionsPerSeed: UInt64 = 256
    /// The address space of the newest segment's file.
    public static let segmentMapBytes = 1 << 38
    /// The least address space to which the files of a process may be bounded.
    public static let mapBytesMin = 64 * 1_048_576
    /// Events after which a segment ends.
    public static let segmentEventsMax: UInt64 = 4_194_304
    /// Bytes of its file after which a segment ends.
    public static let segmentBytesMax: UInt64 = 512 * 1_048_576
    /// Files of sealed segments that are open at a time.
    public static let segmentsOpenMax = 256
    /// How often, each a tenth of a millisecond behind the last, a segment's file is tried that
    /// another thread closes just now.
    static let closingSegmentTries = 1_000
    /// Events that may wait to be written to an index file; beyond it appends slow down.
    public static let unindexedEventsMax: UInt64 = 262_144
    /// Bytes staged in one round before the round must be committed.
    public static let roundBytesMax = 2 * 1_048_576
    /// The most bytes a round can hold: it was almost full, and one more request came.
    public static let roundBytesHardMax = roundBytesMax + 2 * 1_048_576
    /// Events staged in one round before the round must be committed.
    public static let roundEventsMax = 65_536
    /// Bytes of the journal's ring: some seconds of a busy machine.
    public static let journalBytes = 32 * 1_048_576
    /// The fewest bytes of a ring: the greatest round must have room while others are live.
    public static let journalBytesMin = 2 * (roundBytesHardMax + 1_048_576)
    /// Bytes of committed events, or of the ring that they take, after which they are moved into
    /// the segment.
    public static let strideBytes = 1_048_576
    /// Bytes of events in one transaction of a segment.
    public static let strideBytesMax = 4 * 1_048_576
    /// Free bytes below which an I/O error of a commit counts as "no room".
    public static let freeBytesMin: UInt64 = 64 * 1_048_576
    /// How soon a stride that had no room is tried again, in milliseconds.
    public static let fullRetryMilliseconds: UInt64 = 200
    /// Raw bytes at which a block of a sealed segment is full, more or less: see `PageFit`.
    public static let sealedBlockRawBytes = 4_096
    /// The most that it is made to hold for the sake of LMDB's pages.
    static let sealedBlockRawBytesMax = 8_192
    /// The compression level of sealed segments: sealing is nobody's wait, and what it saves is saved
    /// for ever.
    static let sealedLevel = 9
    /// The same while erasures or too many segments wait for it: a third of the time.
    static let sealedLevelInHaste = 3
    /// So many segments that have ended behind the one being sealed are too many: the highest rate of
    /// appends fills two in the time that one takes at the usual level.
    static let sealedInHasteFrom = 2
    /// Bytes of blocks in one transaction of a segment that is being sealed.
    static let sealedBytesPerCommit = 4 * 1_048_576
    /// Bytes of the dictionary that a segment is sealed with.
    static let dictionaryBytes = 32_768
    /// Blocks from which a dictionary is trained.
    static let dictionarySamples: UInt64 = 1_024
    /// Blocks whose words are counted before: in samples only those stay that many people share.
    static let dictionaryWordBlocks: UInt64 = 4_096
    /// Blocks on which a new dictionary is held against the old one.
    static let dictionaryTrials: UInt64 = 32
    /// Bytes of the journal's ring that are overwritten at a time when erasures are carried out.
    static let wipedBytesPerStep = 131_072
    /// How soon it is looked again whether a file whose place another has taken is read by nobody any
    /// more, in milliseconds.
    static let replacedRetryMilliseconds: UInt64 = 50
    /// How often that is looked at before erasures count as carried out all the same: for a minute.
    static let replacedTries = 1_200
    /// How soon sealing that had no room is tried again, in milliseconds.
    static let sealRetryMilliseconds: UInt64 = 10_000
    /// Nanoseconds from which a look-up in merged indexes has waited for the disk: from memory it takes
    /// a tenth.
    static let coldLookUpNanoseconds: UInt64 = 50_000
    /// Quick look-ups, two for each id that is read ahead, after which none is made ahead any more.
    static let coldLookUps = 256
    /// Indexes of sealed segments whose files are open at a time.
    static let indexesOpenMax = 256
    /// The nice value of the thread that seals: it goes on when others leave it time.
    static let sealerNice: Int32 = 10
    /// How often slots of readers that were killed are looked for while segments are written, in
    /// milliseconds.
    static let readerCheckMilliseconds: UInt64 = 10_000
    /// Faults that a verification keeps; it counts them all.
    public static let verificationFaultsMax = 1_000
    /// Blocks that a verification reads in one transaction: what keeps pages of a segment that
    /// grows is over in milliseconds.
    static let verificationBlocksPerTransaction = 64
    /// Threads of a verification.
    public static let verificationJobsMax = 64
    /// The greatest step of the wall clock against the monotonic one that is followed.
    public static let clockStepMillisecondsMax: Int64 = 60_000
    /// How far the wall clock may lie before the newest recorded time when a store is opened.
    public static let clockBehindMillisecondsMax: Int64 = 60_000
    /// How far the wall clock may lie after the newest recorded time when a store is opened.
    public static let clockAheadMillisecondsMax: Int64 = 30 * 86_400_000
    /// Events up to which what a pending erasure takes is listed event by event; one of more is
    /// looked into for each event that is read.
    static let erasedEventsListed = 2_048
    /// The nice value of the thread that writes segments.
    public static let threadNice: Int32 = 2
}

/// The sizes of a log that a test may choose otherwise.
public struct LogSizes: Sendable {
    /// See `LogLimits.segmentEventsMax`.
    public var segmentEvents = LogLimits.segmentEventsMax
    /// See `LogLimits.segmentBytesMax`.
    public var segmentBytes = LogLimits.segmentBytesMax
    /// See `LogLimits.journalBytes`.
    public var journalBytes = LogLimits.journalBytes
    /// See `LogLimits.coldLookUpNanoseconds`; with 0 every look-up counts as one that has waited.
    public var coldLookUpNanoseconds = LogLimits.coldLookUpNanoseconds
    /// See `LogLimits.strideBytes`.
    public var strideBytes = LogLimits.strideBytes
    /// See `LogLimits.readerCheckMilliseconds`.
    var readerCheckMilliseconds = LogLimits.readerCheckMilliseconds

    /// Makes the sizes of a daemon.
    public init() {}
}
