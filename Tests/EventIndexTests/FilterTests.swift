import EventModel
import Testing

@testable import EventIndex

@Suite("filters")
struct FilterTests {
    @Test("whatever was put in may be there, and hardly anything else")
    func rates() {
        let seed = Scale.seed
        print("filter rates: seed \(seed)")
        var random = SeededRandom(seed: seed)
        for (bits, perMille) in [(16, 2), (12, 10), (4, 400)] {
            var filter = IndexFilter(keys: 20_000, bitsPerKey: bits)
            let keys = (0..<20_000).map { _ in random.next() }
            for key in keys { filter.insert(key) }
            #expect(keys.allSatisfy { filter.mayContain($0) })
            let wrong = (0..<20_000).count { _ in filter.mayContain(random.next()) }
            #expect(wrong <= 20 * perMille, "\(bits) bits: \(wrong) of 20,000")
            #expect(filter.byteCount <= 20_000 * bits / 8 + IndexFilter.blockBytes)
        }
    }

    @Test("all values of both halves find their block and bits")
    func extremes() {
        var filter = IndexFilter(blocks: 3)
        for hash in [0, UInt64.max, 1 << 32, UInt64(UInt32.max)] {
            filter.insert(hash)
            #expect(filter.mayContain(hash))
        }
    }

    @Test("a sealed segment's filters take at most two bytes a position, a small one's little more")
    func room() {
        for positions in [1, 100, 6_000, 6_200, 65_536, 1_000_000, 4_194_304] {
            for streams in [0, 1, positions / 3, positions, positions * 9] {
                let head = FilterPage.Head(positions: positions, streams: streams)
                #expect(head.idPages > 0 && head.streamPages > 0)
                let bytes = head.pageCount * FilterPage.byteCount
                let more = positions < 65_536 ? 3 * FilterPage.byteCount : 0
                #expect(bytes <= 2 * positions + more)
            }
        }
        #expect(FilterPage.blocks * IndexFilter.blockBytes == FilterPage.storeAt)
        #expect(FilterPage.checksumAt + IndexLimits.checksumBytes == FilterPage.byteCount)
    }
}

@Suite("the filter file of a sealed segment")
struct SegmentFilterTests {
    private static let store = StoreID(first: 11, second: 12)
    private static let first = Position(1)

    /// A filter file of 40 events and what is in it.
    private struct Sealed {
        let folder: TemporaryFolder
        let ids: [KeyHash]
        let streams: [KeyHash]

        init() throws {
            folder = try TemporaryFolder()
            let file = try IndexFile.open(
                path: folder.file("growing"), store: store, first: first)
            let tail = TailIndex(first: first)
            var maker = EventMaker(seed: 3)
            var named: Set<KeyHash> = []
            for number in 1...40 {
                let event = maker.event()
                tail.insert(id: event.id, at: Position(UInt64(number)))
                for stream in event.streams {
                    tail.insert(stream: stream, at: Position(UInt64(number)))
                }
                named.formUnion(event.streams)
            }
            ids = tail.chains.ids.hashes
            streams = Array(named)
            tail.seal()
            try file.write(tail)
            try IndexMerge.merge(file, index: folder.file("index"), filter: path)
        }

        var path: String { folder.file("filter") }

        func open(
            store: StoreID = SegmentFilterTests.store, first: Position = SegmentFilterTests.first
        ) throws(IndexError) -> SegmentFilter {
            try SegmentFilter.open(path: path, store: store, first: first)
        }

        /// Tells whether everything that is there may be there, or an error was thrown.
        func isSafe() -> (safe: Bool, told: Bool) {
            do throws(IndexError) {
                let filter = try open()
                var told = false
                for id in ids {
                    do throws(IndexError) {
                        if try !filter.mayContain(id: id) { return (false, told) }
                    } catch {
                        guard case .damaged = error else { return (false, told) }
                        told = true
                    }
                }
                for stream in streams {
                    do throws(IndexError) {
                        if try !filter.mayContain(stream: stream) { return (false, told) }
                    } catch {
                        guard case .damaged = error else { return (false, told) }
                        told = true
                    }
                }
                return (true, told)
            } catch {
                guard case .damaged = error else { return (false, true) }
                return (true, true)
            }
        }
    }

    @Test("a wrong bit anywhere is told as damage and never makes a wrong 'not there'")
    func flips() throws {
        let seed = Scale.seed
        print("filter flips: seed \(seed)")
        var random = SeededRandom(seed: seed)
        let sealed = try Sealed()
        let bytes = try File.contents(sealed.path)
        #expect(bytes.count == 3 * FilterPage.byteCount)
        for (offset, byte) in bytes.enumerated() {
            let bits = (0...7).filter { _ in Scale.isLong || random.once(in: 64) }
            for bit in bits {
                try File.patch([byte ^ 1 << UInt8(bit)], at: offset, of: sealed.path)
                let (safe, told) = sealed.isSafe()
                #expect(safe && told, "bit \(bit) of byte \(offset), seed \(seed)")
            }
            try File.patch([byte], at: offset, of: sealed.path)
        }
        let (safe, told) = sealed.isSafe()
        #expect(safe && !told)
    }

    @Test("a file of another length is refused before it is mapped")
    func lengths() throws {
        let sealed = try Sealed()
        let bytes = try File.contents(sealed.path)
        for length in [0, 1, 4_095, 4_096, 4_097, 8_192, 12_287] {
            try File.write(Array(bytes[..<length]), to: sealed.path)
            try expectDamaged(sealed)
        }
        for more in [1, 4_096] {
            try File.write(bytes + [UInt8](repeating: 0, count: more), to: sealed.path)
            try expectDamaged(sealed)
        }
    }

    private func expectDamaged(_ sealed: Sealed) throws {
        do throws(IndexError) {
            _ = try sealed.open()
            Issue.record("a damaged file was opened")
        } catch {
            guard case .damaged(file: "filter", _) = error else {
                Issue.record(error)
                return
            }
        }
    }

    @Test("another store's, another segment's and a later program's file are refused by name")
    func others() throws {
        let sealed = try Sealed()
        #expect(throws: IndexError.otherStore(file: "filter")) {
            try sealed.open(store: StoreID(first: 11, second: 13))
        }
        #expect(throws: IndexError.otherStore(file: "filter")) {
            try sealed.open(first: Position(4_194_305))
        }
        var bytes = try File.contents(sealed.path)
        bytes[8] = 2
        bytes.store(
            littleEndian: unsafe CRC32C.checksum(
                bytes.span.bytes.extracting(0..<FilterPage.checksumAt)),
            at: FilterPage.checksumAt)
        try File.write(bytes, to: sealed.path)
        #expect(throws: IndexError.unsupportedFormat(file: "filter", found: 2, newest: 1)) {
            try sealed.open()
        }
        try File.remove(sealed.path)
        #expect(throws: IndexError.self) { try sealed.open() }
    }

    @Test("two pages that changed places are damage")
    func swapped() throws {
        let sealed = try Sealed()
        let bytes = try File.contents(sealed.path)
        let (one, two) = (bytes[4_096..<8_192], bytes[8_192..<12_288])
        try File.write(Array(bytes[..<4_096] + two + one), to: sealed.path)
        let (safe, told) = sealed.isSafe()
        #expect(safe && told)
    }

    @Test("the file begins and ends with these bytes")
    func format() throws {
        let sealed = try Sealed()
        let bytes = try File.contents(sealed.path)
        let streams = UInt8(sealed.streams.count)
        #expect(
            Array(bytes[..<32])
                == Array("TLFILTER".utf8) + [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 40, 0, 0, 0]
                + [streams, 0, 0, 0, 0, 0, 0, 0])
        #expect(
            Array(bytes[12_256..<12_284])
                == [11, 0, 0, 0, 0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0]
                + [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0])
    }
}
