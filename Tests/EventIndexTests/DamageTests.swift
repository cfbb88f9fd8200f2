import EventModel
import LMDB
import Testing

@testable import EventIndex

@Suite("a damaged index file")
struct DamageTests {
    private static let store = StoreID(first: 7, second: 8)

    /// Makes an index of one run at `path` and lets go of it.
    private func make(_ path: String, first: Position = Position(1)) throws {
        let file = try IndexFile.open(path: path, store: Self.store, first: first)
        let tail = TailIndex(first: first)
        tail.insert(id: .first, at: first)
        tail.seal()
        try file.write(tail)
    }

    private func expect(_ path: String, _ isExpected: (IndexError) -> Bool) {
        for isSealed in [true, false] {
            do throws(IndexError) {
                if isSealed {
                    _ = try IndexFile.openSealed(
                        path: path, store: Self.store, first: Position(1))
                } else {
                    _ = try IndexFile.open(path: path, store: Self.store, first: Position(1))
                }
                Issue.record("it was opened")
            } catch {
                #expect(isExpected(error), "\(error)")
            }
        }
    }

    private func isDamaged(_ error: IndexError) -> Bool {
        if case .damaged = error { true } else { false }
    }

    @Test("another store's or segment's index is refused, opened in either way")
    func others() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("index")
        try make(path, first: Position(4_194_305))
        expect(path) { $0 == .otherStore(file: "index") }
        #expect(throws: IndexError.otherStore(file: "index")) {
            try IndexFile.open(
                path: path, store: StoreID(first: 7, second: 9), first: Position(4_194_305))
        }
    }

    @Test("a later program's index is refused with both versions")
    func newer() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("index")
        do {
            let file = try IndexFile.open(path: path, store: Self.store, first: Position(1))
            var sink = try LeafSink(file.environment)
            try IndexMeta.format.put([2, 0, 0, 0], file.meta, in: &sink)
            try sink.commit()
        }
        expect(path) { $0 == .unsupportedFormat(file: "index", found: 2, newest: 1) }
    }

    @Test("an index without its head, as after a crash while it was made, is damage")
    func headless() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("index")
        do { _ = try OpenIndex.growing(path, isNew: true) }
        expect(path, isDamaged)
    }

    @Test("a file cut short anywhere, empty, or of anything else is damage")
    func truncated() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("index")
        try make(path)
        let bytes = try File.contents(path)
        for length in stride(from: 0, to: bytes.count, by: 4_096) {
            try File.write(Array(bytes[..<length]), to: path)
            expect(path, isDamaged)
        }
        try File.write([UInt8](repeating: 0x5A, count: bytes.count), to: path)
        expect(path, isDamaged)
    }

    @Test("removing takes the lock file along, and a missing file is nothing to remove")
    func removing() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("index")
        try make(path)
        try IndexFile.remove(path: path)
        #expect(!File.exists(path) && !File.exists(path + "-lock"))
        try IndexFile.remove(path: path)
        #expect(throws: IndexError.self) {
            try IndexFile.openSealed(path: path, store: Self.store, first: Position(1))
        }
    }

    @Test("a merge of a damaged index says so and leaves no file")
    func merging() throws {
        let folder = try TemporaryFolder()
        let file = try IndexFile.open(
            path: folder.file("index"), store: Self.store, first: Position(1))
        let tail = TailIndex(first: Position(1))
        for number in 1...1_000 {
            tail.insert(
                id: KeyHash(high: UInt64(number), low: 1), at: Position(UInt64(number)))
        }
        tail.seal()
        try file.write(tail)
        var key: [UInt8] = []
        IDLeaf.write(run: 0, lowest: 168, to: &key)
        var sink = try LeafSink(file.environment)
        try sink.put(file.ids, key: key.rawSpan, value: [1, 2, 3, 4, 5].rawSpan)
        try sink.commit()
        #expect(throws: IndexError.self) {
            try IndexMerge.merge(file, index: folder.file("m"), filter: folder.file("f"))
        }
        #expect(!File.exists(folder.file("m")) && !File.exists(folder.file("f")))
        #expect(!File.exists(folder.file("m-lock")))
        var reader = file.reader()
        var found: [Position] = []
        try reader.candidates(id: KeyHash(high: 1, low: 1), into: &found)
        #expect(found == [Position(1)])
        do throws(IndexError) {
            try reader.candidates(id: KeyHash(high: 200, low: 1), into: &found)
            Issue.record("a damaged leaf was read")
        } catch {
            #expect(isDamaged(error))
        }
    }

    @Test("a merge touches no file that is there")
    func existing() throws {
        let folder = try TemporaryFolder()
        try make(folder.file("index"))
        let file = try IndexFile.open(
            path: folder.file("index"), store: Self.store, first: Position(1))
        try File.write([1], to: folder.file("f"))
        #expect(throws: IndexError.self) {
            try IndexMerge.merge(file, index: folder.file("m"), filter: folder.file("f"))
        }
        #expect(try File.contents(folder.file("f")) == [1])
    }
}
