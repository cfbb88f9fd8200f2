/// The sizes of the indexes of one segment.
public enum IndexLimits {
    /// The positions that one index can cover: a segment's.
    public static let positionsPerSegment: UInt64 = 4_194_304
    /// The positions that one run covers, all but the last run of a segment just so many.
    public static let eventsPerRun: UInt64 = 65_536
    /// The runs of a segment that grows.
    static let runsMax = Int(positionsPerSegment / eventsPerRun)

    /// The most bytes of a key and its value, so that just two pairs fill a page of LMDB.
    ///
    /// A page of 4,096 bytes has a header of 16 and, for each pair, an offset of 2 and a header of
    /// 8; what goes beyond half the rest would move to an overflow page of its own (`me_nodemax` in
    /// mdb.c). 2 × (2 + 8 + 2,030) = 4,080: pages filled with APPEND hold no unused byte.
    static let pairBytesMax = 2_030
    /// The room for entries in a leaf of ids: 167 entries, 4 bytes of the pair stay unused.
    static let idEntriesPerLeaf =
        (pairBytesMax - IDLeaf.keyBytes - IDLeaf.fenceBytes - checksumBytes) / IDLeaf.entryBytes
    /// The room for groups in a leaf of streams.
    static let streamGroupBytesPerLeaf =
        pairBytesMax - StreamPoint.keyBytes - StreamPoint.byteCount - checksumBytes
    /// A stream's group up to this size is not cut in two for the sake of a full leaf.
    static let streamGroupBytesWhole = 192
    /// The longest value that is believed to be a leaf; longer ones come only from many equal
    /// 64-bit hashes.
    static let leafBytesMax = 1 << 20
    /// A CRC-32C.
    static let checksumBytes = 4

    /// The address space of an index that grows.
    static let mapBytes = 1 << 36
    /// The named databases of an index.
    static let databasesMax = 8
    /// The leaves that one transaction of a merge writes: bounds the pages it dirties to 8 MiB.
    static let leavesPerMergeCommit = 4_096

    /// The filter bits for each id and each stream of a run, in memory: there are up to 64 runs to
    /// ask, so that a wrong "perhaps" must be rare (about 1 in 1,000).
    static let runFilterBitsPerKey = 16
    /// The filter bits for each id of a sealed segment: about 1 wrong "perhaps" in 200.
    static let sealedFilterBitsPerID = 12
    /// The filter bits for each stream of a sealed segment, as far as there is room.
    static let sealedFilterBitsPerStream = 12
    /// The most filter bits for each event of a sealed segment, whatever is in the filters.
    static let sealedFilterBitsPerEvent = 16
}
