public import EventModel
internal import Glibc
internal import LMDB
internal import Synchronization

/// A sealed segment's two filters, of ids and of streams, in a flat file that is mapped: it tells,
/// from one page, that something is certainly not in the segment.
///
/// Every page is checked when it is first touched, so that a wrong bit is an error and never a
/// wrong "not there". Any thread may ask. Drawn at `FilterPage`. About 1 in 200 ids that are not
/// there is answered "perhaps", and as many streams unless there are many for each event.
@safe
public final class SegmentFilter: @unchecked Sendable {
    // Unchecked: the map is read-only and lives as long as this; pages checked are noted atomically.

    /// The name of the file, which errors give.
    public let name: String
    private let head: FilterPage.Head
    private let store: StoreID
    private let first: Position
    private let map: UnsafeRawPointer
    /// A bit for each page that has been checked.
    private let checked: UnsafeMutablePointer<Atomic<UInt64>>
    private let checkedWords: Int

    /// The number of positions it covers.
    public var count: Int { head.positions }

    /// The bytes of the file.
    public var byteCount: Int { head.pageCount * FilterPage.byteCount }

    /// Returns the name of the filter file of the segment that begins at a position.
    public static func fileName(first: Position) -> String { IndexFile.name(first, ".filter") }

    /// Opens and maps a filter file.
    ///
    /// - Throws: `damaged` when the file is not as long as it says, or its first page is wrong;
    ///   `otherStore`, `unsupportedFormat`; `storage`, with ENOENT when it is missing.
    public static func open(
        path: String, store: StoreID, first: Position
    ) throws(IndexError) -> SegmentFilter {
        let file = try PlainFile(reading: path)
        let bytes = try file.byteCount()
        guard bytes >= FilterPage.byteCount, bytes % FilterPage.byteCount == 0 else {
            throw .damaged(file: file.name, what: "it is \(bytes) bytes long, not whole pages")
        }
        let page = try file.read(FilterPage.byteCount)
        let head = try check(page.rawSpan, file.name, store, first)
        // Checked before the map is used: what is missing from a mapped file ends the process.
        guard head.idPages > 0, head.streamPages > 0,
            bytes == head.pageCount * FilterPage.byteCount
        else {
            throw .damaged(
                file: file.name,
                what: "it is \(bytes) bytes long, not \(head.pageCount) pages")
        }
        return unsafe SegmentFilter(
            name: file.name, head: head, store: store, first: first, map: try file.map(bytes))
    }

    private static func check(
        _ page: RawSpan, _ name: String, _ store: StoreID, _ first: Position
    ) throws(IndexError) -> FilterPage.Head {
        guard page.byteCount == FilterPage.byteCount, FilterPage.isWhole(page),
            page.load(littleEndian: UInt64.self, at: 0) == FilterPage.magic
        else { throw .damaged(file: name, what: "its first page is wrong") }
        let version = page.load(littleEndian: UInt32.self, at: 8)
        guard (1...FilterPage.version).contains(version) else {
            throw .unsupportedFormat(file: name, found: version, newest: FilterPage.version)
        }
        guard FilterPage.belongs(page, to: store, first: first) else {
            throw .otherStore(file: name)
        }
        return FilterPage.Head(page)
    }

    private init(
        name: String, head: FilterPage.Head, store: StoreID, first: Position, map: UnsafeRawPointer
    ) {
        self.name = name
        self.head = head
        self.store = store
        self.first = first
        unsafe self.map = map
        checkedWords = (head.pageCount + 63) / 64
        unsafe checked = .allocate(capacity: checkedWords)
        for word in 0..<checkedWords { unsafe (checked + word).initialize(to: Atomic(0)) }
    }

    deinit {
        unsafe checked.deinitialize(count: checkedWords)
        unsafe checked.deallocate()
        unsafe munmap(UnsafeMutableRawPointer(mutating: map), byteCount)
    }

    /// Tells whether the segment may hold an id with this hash; `false` is certain.
    ///
    /// - Throws: `damaged`, whenever the page that would tell is wrong.
    public func mayContain(id: KeyHash) throws(IndexError) -> Bool {
        try mayContain(id.high, firstPage: 1, pages: head.idPages)
    }

    /// Tells whether the segment may hold events of a stream with this hash; `false` is certain.
    ///
    /// - Throws: as for an id.
    public func mayContain(stream: KeyHash) throws(IndexError) -> Bool {
        try mayContain(stream.high, firstPage: 1 + head.idPages, pages: head.streamPages)
    }

    private func mayContain(
        _ hash: UInt64, firstPage: Int, pages: Int
    ) throws(IndexError) -> Bool {
        let block = IndexFilter.block(hash, of: pages * FilterPage.blocks)
        let (page, place) = block.quotientAndRemainder(dividingBy: FilterPage.blocks)
        try check(page: firstPage + page)
        let start = (firstPage + page) * FilterPage.byteCount + place * IndexFilter.blockBytes
        for index in 0..<IndexFilter.wordsPerBlock {
            let word = unsafe map.load(fromByteOffset: start + index * 4, as: UInt32.self)
            if UInt32(littleEndian: word) & IndexFilter.bit(hash, index) == 0 { return false }
        }
        return true
    }

    /// Checks every page.
    ///
    /// - Throws: `damaged`.
    public func check() throws(IndexError) {
        for page in 0..<head.pageCount { try check(page: page) }
    }

    /// Checks a page unless that has been done. Two threads may both do it: the file never changes.
    private func check(page number: Int) throws(IndexError) {
        let bit: UInt64 = 1 &<< UInt64(number & 63)
        let word = number / 64
        guard unsafe checked[word].load(ordering: .relaxed) & bit == 0 else { return }
        let bytes = unsafe UnsafeRawBufferPointer(
            start: map + number * FilterPage.byteCount, count: FilterPage.byteCount)
        let page = unsafe bytes.bytes
        guard FilterPage.isWhole(page), FilterPage.belongs(page, to: store, first: first),
            page.load(littleEndian: UInt32.self, at: FilterPage.numberAt) == UInt32(number)
        else { throw .damaged(file: name, what: "its page \(number) is wrong") }
        unsafe checked[word].bitwiseOr(bit, ordering: .relaxed)
    }
}
