/// A walk through the table of free pages of a file that LMDB has not mapped.
///
/// The table's keys are transaction numbers, its values lists of page numbers: a count, then that
/// many UInt64. Tree pages start with a header of 16 bytes, then UInt16 offsets of nodes; a node
/// has a header of 8 bytes, then key and data.
///
///     page   0: number (8)   10: flags (2)   12: end of offsets (2)   16: offsets
///     node   0: low 32 bits of size or child (4)   4: flags, or child's high bits (2)
///            6: key length (2)   8: key, then data or the number of an overflow page (8)
///
/// Source: `MDB_page`, `MDB_node`, `mdb_freelist_save` in mdb.c 0.9.24. The bytes are not trusted:
/// whatever makes no sense ends the walk, and the file then counts as cut short.
struct FreePages: ~Copyable {
    private let file: OpenFile
    private let meta: MetaPage
    private let wholePages: UInt64
    /// The pages of the table still to be read; no page is read more often than the file has pages.
    private var pagesLeft: UInt64

    private static let headerBytes = 16
    private static let nodeHeaderBytes = 8
    private static let branchFlag: UInt16 = 1
    private static let leafFlag: UInt16 = 2
    private static let overflowFlag: UInt16 = 4
    private static let bigDataFlag: UInt16 = 1

    init(file: consuming OpenFile, meta: MetaPage, wholePages: UInt64) {
        self.file = file
        self.meta = meta
        self.wholePages = wholePages
        pagesLeft = wholePages
    }

    /// Returns whether each page of `missing` is listed as free.
    mutating func containAll(_ missing: Range<UInt64>) throws(LMDBError) -> Bool {
        var found: Set<UInt64> = []
        guard meta.freeRoot != MetaPage.noPage,
            try collect(page: meta.freeRoot, level: 1, within: missing, into: &found)
        else { return false }
        return UInt64(found.count) == missing.upperBound - missing.lowerBound
    }

    /// Adds the free pages within `missing` that the subtree under `page` lists; `false` when the
    /// subtree is not all there.
    private mutating func collect(
        page number: UInt64,
        level: Int,
        within missing: Range<UInt64>,
        into found: inout Set<UInt64>
    ) throws(LMDBError) -> Bool {
        guard level <= Limits.treeDepthMax, let page = try readPage(number) else { return false }
        let bytes = page.rawSpan
        let flags = bytes.load(UInt16.self, at: 10)
        let end = Int(bytes.load(UInt16.self, at: 12))
        guard flags & (Self.branchFlag | Self.leafFlag) != 0,
            (Self.headerBytes...page.count).contains(end)
        else { return false }
        for slot in stride(from: Self.headerBytes, to: end - 1, by: 2) {
            let node = Int(bytes.load(UInt16.self, at: slot))
            guard node >= end, node + Self.nodeHeaderBytes <= page.count else { return false }
            let isWhole =
                if flags & Self.branchFlag != 0 {
                    try collect(
                        page: Self.child(of: node, in: bytes),
                        level: level + 1,
                        within: missing,
                        into: &found
                    )
                } else {
                    try collect(list: node, of: page, within: missing, into: &found)
                }
            guard isWhole else { return false }
        }
        return true
    }

    private static func child(of node: Int, in bytes: RawSpan) -> UInt64 {
        UInt64(bytes.load(UInt32.self, at: node))
            | UInt64(bytes.load(UInt16.self, at: node + 4)) << 32
    }

    private mutating func collect(
        list node: Int,
        of page: [UInt8],
        within missing: Range<UInt64>,
        into found: inout Set<UInt64>
    ) throws(LMDBError) -> Bool {
        let bytes = page.rawSpan
        let byteCount = Int(bytes.load(UInt32.self, at: node))
        let flags = bytes.load(UInt16.self, at: node + 4)
        let start = node + Self.nodeHeaderBytes + Int(bytes.load(UInt16.self, at: node + 6))
        if flags & Self.bigDataFlag == 0 {
            guard start + byteCount <= page.count else { return false }
            return Self.collect(bytes.extracting(start..<start + byteCount), missing, &found)
        }
        guard start + 8 <= page.count,
            let list = try readOverflow(bytes.load(UInt64.self, at: start), byteCount: byteCount)
        else { return false }
        return Self.collect(list.rawSpan, missing, &found)
    }

    private static func collect(
        _ list: RawSpan,
        _ missing: Range<UInt64>,
        _ found: inout Set<UInt64>
    ) -> Bool {
        guard list.byteCount >= 8 else { return false }
        let count = list.load(UInt64.self, at: 0)
        guard count <= UInt64(list.byteCount / 8 - 1) else { return false }
        for index in 0..<Int(count) {
            let page = list.load(UInt64.self, at: 8 + index * 8)
            if missing.contains(page) { found.insert(page) }
        }
        return true
    }

    /// Reads a tree page that lies within the file as a whole and bears its number.
    private mutating func readPage(_ number: UInt64) throws(LMDBError) -> [UInt8]? {
        guard number < wholePages, pagesLeft > 0 else { return nil }
        pagesLeft -= 1
        let page = try file.read(
            at: number * UInt64(meta.pageBytes),
            byteCount: meta.pageBytes
        )
        guard page.count == meta.pageBytes, page.rawSpan.load(UInt64.self, at: 0) == number
        else { return nil }
        return page
    }

    private mutating func readOverflow(
        _ number: UInt64,
        byteCount: Int
    ) throws(LMDBError) -> [UInt8]? {
        let pages = UInt64((Self.headerBytes + byteCount + meta.pageBytes - 1) / meta.pageBytes)
        guard number < wholePages, pages <= wholePages - number, pages <= pagesLeft else {
            return nil
        }
        pagesLeft -= pages
        let bytes = try file.read(
            at: number * UInt64(meta.pageBytes),
            byteCount: Self.headerBytes + byteCount
        )
        guard bytes.count == Self.headerBytes + byteCount,
            bytes.rawSpan.load(UInt64.self, at: 0) == number,
            bytes.rawSpan.load(UInt16.self, at: 10) & Self.overflowFlag != 0
        else { return nil }
        return Array(bytes[Self.headerBytes...])
    }
}
