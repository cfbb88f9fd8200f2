/// One of the two pages at the start of the file that say which state is committed.
///
///     offset  bytes  field (native byte order)
///          0      8  page number
///         10      2  page flags, 8 = meta page
///         16      4  magic 0xBEEFC0DE
///         20      4  version 1
///         40     48  table of free pages; its first 4 bytes are the page size
///         80      8    its root page, all ones when empty
///         88     48  table of databases
///        136      8  number of the last page in use
///        144      8  number of the transaction
///
/// Source: `MDB_page`, `MDB_meta`, `MDB_db` in mdb.c 0.9.24.
struct MetaPage {
    let pageBytes: Int
    let freeRoot: UInt64
    let lastPage: UInt64
    let transaction: UInt64
    /// The 96 bytes of the two tables' own records.
    let tables: [UInt8]

    /// The number of pages the state spans.
    var pageCount: UInt64 { lastPage == .max ? .max : lastPage + 1 }

    /// Stands for "no page" (`P_INVALID`).
    static let noPage = UInt64.max

    /// The bytes of a meta page that say something.
    static let byteCount = 152
    static let transactionOffset = 144
    private static let magic: UInt32 = 0xBEEF_C0DE
    private static let version: UInt32 = 1
    private static let metaFlag: UInt16 = 8

    /// Returns the meta page of the newest committed state, as LMDB chooses it: by the greater
    /// number of a transaction.
    ///
    /// A transaction writes the page that its number's lowest bit names, so the numbers are one
    /// apart where every page was flushed before the next was written. A wrong bit in a number
    /// would make LMDB take an older state for the newest without a word; that of weight two alone
    /// can still pass, where it makes the page the other one's neighbour on the other side.
    ///
    /// - Parameter flushedInTurn: Whether every commit waited for its meta page.
    static func newest(
        in file: borrowing OpenFile, name: String, flushedInTurn: Bool
    ) throws(LMDBError) -> MetaPage {
        let first = try read(at: 0, in: file, name: name)
        let second = try read(at: UInt64(first.pageBytes), in: file, name: name)
        let (even, odd) = (first.transaction, second.transaction)
        let (older, newer) = (min(even, odd), max(even, odd))
        guard first.pageBytes == second.pageBytes,
            even & 1 == 0, odd & 1 == 1 || odd == 0,
            newer == 0 || newer - older == 1 || !flushedInTurn
        else { throw LMDBError(.open, file: name, cause: .notAnEnvironment) }
        return even < odd ? second : first
    }

    private static func read(
        at offset: UInt64,
        in file: borrowing OpenFile,
        name: String
    ) throws(LMDBError) -> MetaPage {
        let bytes = try file.read(at: offset, byteCount: byteCount)
        guard bytes.count == byteCount else {
            throw LMDBError(.open, file: name, cause: .notInitialised)
        }
        let page = bytes.rawSpan
        let pageBytes = Int(page.load(UInt32.self, at: 40))
        guard page.load(UInt16.self, at: 10) & metaFlag != 0,
            page.load(UInt32.self, at: 16) == magic, page.load(UInt32.self, at: 20) == version,
            Limits.pageBytes.contains(pageBytes), pageBytes & (pageBytes - 1) == 0
        else {
            throw LMDBError(.open, file: name, cause: .notAnEnvironment)
        }
        return MetaPage(
            pageBytes: pageBytes,
            freeRoot: page.load(UInt64.self, at: 80),
            lastPage: page.load(UInt64.self, at: 136),
            transaction: page.load(UInt64.self, at: transactionOffset),
            tables: Array(bytes[40..<136])
        )
    }

    /// Returns the meta page of the state that a transaction has committed, or nil when later ones
    /// have written over it.
    static func of(
        transaction: UInt64, in file: borrowing OpenFile, name: String
    ) throws(LMDBError) -> MetaPage? {
        let first = try read(at: 0, in: file, name: name)
        if first.transaction == transaction { return first }
        let second = try read(at: UInt64(first.pageBytes), in: file, name: name)
        return second.transaction == transaction ? second : nil
    }

    /// Returns the bytes of that page, or nil when later ones have written over it.
    static func bytes(
        ofTransaction transaction: UInt64, in file: borrowing OpenFile, name: String
    ) throws(LMDBError) -> [UInt8]? {
        guard let page = try of(transaction: transaction, in: file, name: name) else { return nil }
        return try file.read(
            at: (transaction & 1) * UInt64(page.pageBytes), byteCount: byteCount)
    }
}

extension RawSpan {
    /// Reads an integer in native byte order at any offset within the bytes.
    func load<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type, at offset: Int) -> T {
        precondition(offset >= 0 && offset + MemoryLayout<T>.size <= byteCount)
        return unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: T.self)
    }
}
