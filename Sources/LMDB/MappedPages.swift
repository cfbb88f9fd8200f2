internal import CLMDB
internal import Glibc

/// The pages of a file in the map, as LMDB wrote them; their bytes are drawn at `PageWalk`.
public struct MappedPages: Sendable {
    private let byteCount: Int
    /// Whether a page in the map begins at a multiple of its size. The map begins with a page of the
    /// machine; a file of a machine with larger ones may lie askew.
    private let areAligned: Bool

    /// Those of an environment.
    public init(of environment: Environment) throws(LMDBError) {
        var statistics = MDB_stat()
        let code = unsafe mdb_env_stat(environment.pointer, &statistics)
        guard code == 0 else { throw environment.failure(.readStatistics, code) }
        byteCount = Int(statistics.ms_psize)
        areAligned = byteCount <= Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Where the page begins in which a key lies that a read transaction has shown.
    public func place(around key: RawSpan) -> UInt {
        unsafe key.withUnsafeBytes { bytes in
            UInt(bitPattern: bytes.baseAddress) & ~UInt(byteCount - 1)
        }
    }

    /// Whether the entries of the leaf that holds a key fill it to its end, as LMDB leaves them after
    /// every change: with one entry too few or too many they do not.
    ///
    /// - Parameter key: One that a read transaction has shown.
    public func haveSoundLeaf(around key: RawSpan) -> Bool {
        guard areAligned else { return true }
        return unsafe key.withUnsafeBytes { bytes in
            guard let key = bytes.baseAddress else { return false }
            let offset = Int(bitPattern: key) & (byteCount - 1)
            let page = unsafe UnsafeRawBufferPointer(start: key - offset, count: byteCount)
            return unsafe Self.isSound(leaf: page.bytes)
        }
    }

    private static func isSound(leaf page: RawSpan) -> Bool {
        let lower = Int(page.load(UInt16.self, at: 12))
        let upper = Int(page.load(UInt16.self, at: 14))
        guard page.load(UInt16.self, at: 10) == PageWalk.leafFlag, lower % 2 == 0,
            PageWalk.headerBytes < lower, lower <= upper, upper <= page.byteCount
        else { return false }
        var filled = 0
        var slot = PageWalk.headerBytes
        while slot < lower {
            let node = Int(page.load(UInt16.self, at: slot))
            guard node >= upper, node + PageWalk.nodeHeaderBytes <= page.byteCount else {
                return false
            }
            // Size, flags and length of the key at once: a reader looks at every entry of a page for
            // each row that is not there.
            let head = UInt64(littleEndian: page.load(UInt64.self, at: node))
            let isBig = UInt16(truncatingIfNeeded: head >> 32) & PageWalk.bigDataFlag != 0
            let value = isBig ? 8 : Int(UInt32(truncatingIfNeeded: head))
            filled += (PageWalk.nodeHeaderBytes + Int(head >> 48) + value + 1) & ~1
            slot += 2
        }
        return filled == page.byteCount - upper
    }
}
