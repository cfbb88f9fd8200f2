/// The limits this module holds to; LMDB's own are those of liblmdb 0.9.24 as compiled.
public enum Limits {
    /// The longest key in bytes (`MDB_MAXKEYSIZE`); the shortest is 1.
    public static let keyBytesMax = 511

    /// The longest value in bytes (`MAXDATASIZE` in mdb.c).
    public static let valueBytesMax = 0xFFFF_FFFF

    /// The reader slots of an environment unless its options say otherwise; the lock file is
    /// sparse, so unused slots cost address space only.
    public static let readersDefault = 1_024

    /// The named databases of an environment unless its options say otherwise.
    public static let databasesDefault = 16

    /// The address space reserved for an environment unless its options say otherwise: 1 GiB.
    public static let mapBytesDefault = 1 << 30

    /// The smallest map LMDB can hold its two meta pages and a first tree in.
    public static let mapBytesMin = 64 * 1_024

    /// The deepest tree LMDB can walk (`CURSOR_STACK` in mdb.c).
    static let treeDepthMax = 32

    /// The page sizes LMDB writes: a power of two in this range.
    static let pageBytes = 512...65_536
}
