internal import EventModel
internal import LMDB

/// One page of a sealed segment's filter file; each says where it belongs and guards itself.
///
///        0  127 blocks of a filter, 32 bytes each: words (4, LE); in page 0 the head:
///              0: "TLFILTER"   8: version (4, LE)  12: pages of ids (4)  16: pages of streams (4)
///             20: number of positions (4)  24: number of streams (4)  28: zeros
///     4064  store id (16)
///     4080  first position of the segment (8, LE)
///     4088  number of the page (4, LE)
///     4092  CRC-32C of the 4,092 bytes before (4, LE)
enum FilterPage {
    static let byteCount = 4_096
    static let blocks = 127
    static let wordsPerPage = blocks * IndexFilter.wordsPerBlock
    static let storeAt = 4_064
    static let firstAt = 4_080
    static let numberAt = 4_088
    static let checksumAt = 4_092

    static let magic: UInt64 = 0x5245_544C_4946_4C54  // "TLFILTER", least significant byte first
    static let version: UInt32 = 1

    /// What the head says.
    struct Head: Hashable {
        var idPages: Int
        var streamPages: Int
        var positions: Int
        var streams: Int

        var pageCount: Int { 1 + idPages + streamPages }

        /// Chooses the pages for a segment: at most 2 bytes for each position, since streams share
        /// what the ids leave; below 65,536 positions up to three pages more.
        init(positions: Int, streams: Int) {
            func pages(_ bits: Int) -> Int {
                max(1, (bits + FilterPage.blocks * 256 - 1) / (FilterPage.blocks * 256))
            }
            let room =
                positions * IndexLimits.sealedFilterBitsPerEvent / 8 / FilterPage.byteCount
            idPages = pages(positions * IndexLimits.sealedFilterBitsPerID)
            streamPages = min(
                pages(streams * IndexLimits.sealedFilterBitsPerStream), max(1, room - 1 - idPages))
            self.positions = positions
            self.streams = streams
        }

        /// Reads the head of a page 0 that is whole.
        init(_ page: RawSpan) {
            func number(_ offset: Int) -> Int {
                Int(page.load(littleEndian: UInt32.self, at: offset))
            }
            idPages = number(12)
            streamPages = number(16)
            positions = number(20)
            streams = number(24)
        }

        func append(to page: inout [UInt8]) {
            page.append(littleEndian: FilterPage.magic)
            page.append(littleEndian: FilterPage.version)
            for number in [idPages, streamPages, positions, streams] {
                page.append(littleEndian: UInt32(number))
            }
        }
    }

    /// Fills the rest of a page and ends it.
    static func finish(
        _ page: inout [UInt8], number: Int, store: StoreID, first: Position
    ) {
        precondition(page.count <= storeAt, "a page's blocks leave room for its end")
        page.append(contentsOf: repeatElement(0, count: storeAt - page.count))
        page.append(littleEndian: store.first)
        page.append(littleEndian: store.second)
        page.append(littleEndian: first.rawValue)
        page.append(littleEndian: UInt32(number))
        page.append(littleEndian: CRC32C.checksum(page.rawSpan))
    }

    /// Tells whether a page has its checksum.
    static func isWhole(_ page: RawSpan) -> Bool {
        CRC32C.checksum(page.extracting(0..<checksumAt))
            == page.load(littleEndian: UInt32.self, at: checksumAt)
    }

    /// Tells whether a page belongs to this store and segment.
    static func belongs(_ page: RawSpan, to store: StoreID, first: Position) -> Bool {
        page.load(littleEndian: UInt64.self, at: storeAt) == store.first
            && page.load(littleEndian: UInt64.self, at: storeAt + 8) == store.second
            && page.load(littleEndian: UInt64.self, at: firstAt) == first.rawValue
    }
}
