import Glibc
import LMDB
import Testing

@Suite("Damaged files")
struct DamageTests {
    /// The bytes of a healthy file with a few hundred keys, some on overflow pages.
    private func healthy(_ folder: TemporaryFolder) throws -> [UInt8] {
        do {
            let environment = try Environment.open(path: folder.file("healthy.mdb"))
            let databases = try environment.openDatabases(Fixture.definitions)
            var random = SeededRandom(seed: 4)
            var transaction = try environment.beginWrite()
            for key in 0..<300 {
                let value = random.bytes(key % 10 == 0 ? 9_000 : 50)
                try transaction.put(databases[1], key: UInt64(key), value: value.rawSpan)
            }
            try transaction.commit()
        }
        return try folder.contents(of: "healthy.mdb")
    }

    private func refusal(_ folder: TemporaryFolder, _ name: String) -> LMDBError? {
        do throws(LMDBError) {
            _ = try Environment.openReadOnlyLockless(path: folder.file(name))
            return nil
        } catch {
            return error
        }
    }

    @Test("an empty file is not initialised when it must exist, and new when it may be created")
    func empty() throws {
        let folder = try TemporaryFolder()
        try folder.write([], to: "a.mdb")
        #expect(refusal(folder, "a.mdb")?.cause == .notInitialised)
        #expect(throws: LMDBError(.open, file: "a.mdb", cause: .notInitialised)) {
            _ = try Environment.open(path: folder.file("a.mdb"), options: .init(creation: .never))
        }
        let environment = try Environment.open(path: folder.file("a.mdb"))
        #expect(try environment.openDatabases(Fixture.definitions).count == 2)
    }

    @Test("garbage is refused as no environment", arguments: [0, 5, 100] as [UInt64])
    func garbage(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        var random = SeededRandom(seed: seed)
        try folder.write(random.bytes(20_000), to: "a.mdb")
        #expect(refusal(folder, "a.mdb")?.cause == .notAnEnvironment)
        #expect(throws: LMDBError(.open, file: "a.mdb", cause: .notAnEnvironment)) {
            _ = try Environment.open(path: folder.file("a.mdb"))
        }
        #expect(try folder.contents(of: "a.mdb").count == 20_000)
    }

    @Test("a file cut at any place is refused before LMDB maps it")
    func truncated() throws {
        let folder = try TemporaryFolder()
        let bytes = try healthy(folder)
        var lengths = Array(stride(from: 0, to: bytes.count, by: 4_096))
        lengths += lengths.map { $0 + 1 } + lengths.dropFirst().map { $0 - 1 }
        for length in lengths.sorted() {
            try folder.write(Array(bytes.prefix(length)), to: "cut.mdb")
            let error = refusal(folder, "cut.mdb")
            if length < 4_096 + 152 {
                #expect(error?.cause == .notInitialised, "cut at \(length)")
            } else {
                let expected = LMDBError.Cause.truncated(
                    expectedBytes: UInt64(bytes.count), actualBytes: UInt64(length))
                #expect(error?.cause == expected, "cut at \(length)")
            }
            #expect(error?.isCorrupted == true)
        }
    }

    @Test("flipped bits in the meta pages never end the process before the first read")
    func flippedMeta() throws {
        let folder = try TemporaryFolder()
        let bytes = try healthy(folder)
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<300 {
            var damaged = bytes
            let place = Int.random(in: 0..<152, using: &random)
            let page = Bool.random(using: &random) ? 0 : 4_096
            damaged[page + place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            try folder.write(damaged, to: "flipped.mdb")
            let error = refusal(folder, "flipped.mdb")
            #expect(error == nil || error?.isCorrupted == true, "seed \(seed)")
        }
    }

    @Test(
        "a wrong bit in the number of a transaction is told before it makes an older state the newest"
    )
    func flippedNumber() throws {
        let folder = try TemporaryFolder()
        let bytes = try healthy(folder)
        // A number that is two off may still be next to the other one, so bit 1 cannot tell.
        for bit in 0..<128 where bit % 64 != 1 {
            var damaged = bytes
            damaged[(bit < 64 ? 0 : 4_096) + 144 + bit % 64 / 8] ^= 1 << UInt8(bit % 8)
            try folder.write(damaged, to: "flipped.mdb")
            let path = folder.file("flipped.mdb")
            #expect(
                throws: LMDBError(.open, file: "flipped.mdb", cause: .notAnEnvironment),
                "bit \(bit)"
            ) {
                _ = try Environment.open(path: path, options: .init(creation: .never))
            }
        }
    }

    @Test(
        "a healthy file that ends before its last page, which is free, opens",
        arguments: [false, true])
    func shortButHealthy(manyFreeLists: Bool) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("short.mdb")
        let needed =
            if manyFreeLists {
                try writeShortFileWithManyFreeLists(path)
            } else {
                try writeShortFile(path)
            }
        let length = try folder.status(of: "short.mdb").st_size
        #expect(UInt64(length) < needed, "the file was to end early for this test to mean anything")
        let bytes = try folder.contents(of: "short.mdb")
        do {
            let environment = try Environment.openReadOnlyLockless(path: path)
            let databases = try environment.openDatabases(Fixture.definitions)
            #expect(try environment.beginRead().statistics(databases[1]).entries == 1)
        }
        do {
            let environment = try Environment.open(path: path)
            let databases = try environment.openDatabases(Fixture.definitions)
            #expect(try environment.beginRead().statistics(databases[1]).entries == 1)
        }
        // Cut further, it opens as long as only free pages go missing; that the process lives and
        // reads all there is proves the answer right.
        var refusals = 0
        let pages = bytes.count / 4_096
        let cuts = (1...40).map { pages - $0 } + (2...40).map { pages * $0 / 41 }
        for kept in Set(cuts) where kept >= 2 {
            try folder.write(Array(bytes.prefix(kept * 4_096)), to: "cut.mdb")
            if let error = refusal(folder, "cut.mdb") {
                #expect(error.isCorrupted)
                refusals += 1
            } else {
                try readAll(folder.file("cut.mdb"))
            }
        }
        #expect(refusals > 0)
    }

    private func readAll(_ path: String) throws {
        let environment = try Environment.open(path: path)
        let databases = try environment.openDatabases(Fixture.definitions)
        #expect(try environment.beginRead().pairs(databases[1]).values.contains(bytes("kept")))
        try environment.copyCompacting(to: path + "-copy")
        try Environment.remove(path: path + "-copy")
    }

    /// Leaves a file whose newest transaction took pages at the end and gave them back unwritten,
    /// which LMDB does once it has loaded a list of free pages; returns the bytes of all pages.
    private func writeShortFile(_ path: String) throws -> UInt64 {
        let environment = try Environment.open(path: path)
        let numbers = try environment.openDatabases(Fixture.definitions)[1]
        for round in 0..<5 {
            var transaction = try environment.beginWrite()
            try transaction.put(numbers, 1, "round \(round)")
            try transaction.commit()
        }
        let value = [UInt8](repeating: 1, count: 100_000)
        var transaction = try environment.beginWrite()
        try transaction.put(numbers, 1, "kept")
        try transaction.put(numbers, key: 2, value: value.rawSpan)
        try transaction.delete(numbers, key: 2)
        try transaction.commit()
        return environment.information.usedBytes
    }

    /// The same with free lists by the hundred, so that their table has inner pages, and one so
    /// long that it lies on overflow pages.
    private func writeShortFileWithManyFreeLists(_ path: String) throws -> UInt64 {
        let environment = try Environment.open(path: path, options: .init(durability: .noSync))
        let numbers = try environment.openDatabases(Fixture.definitions)[1]
        let long = [UInt8](repeating: 1, count: 8 << 20)
        try commit(environment, numbers, long.prefix(7 << 20))
        try commit(environment, numbers, [1])
        try commit(environment, numbers, [2])
        // What is freed while a reader looks on stays in lists of its own.
        let reader = try environment.beginRead()
        for round in 0..<250 { try commit(environment, numbers, [UInt8(round % 256)]) }
        var transaction = try environment.beginWrite()
        try transaction.put(numbers, 1, "kept")
        try transaction.put(numbers, key: 2, value: long.rawSpan)
        try transaction.delete(numbers, key: 2)
        try transaction.commit()
        #expect(reader.number + 251 == environment.information.lastTransaction)
        return environment.information.usedBytes
    }

    private func commit(
        _ environment: Environment, _ numbers: Database, _ value: some Collection<UInt8>
    ) throws {
        var transaction = try environment.beginWrite()
        try transaction.put(numbers, key: 1, value: Array(value).rawSpan)
        try transaction.commit()
    }

    @Test("counts that cannot be, in the table of databases, are told as they stand there")
    func impossibleCounts() throws {
        let folder = try TemporaryFolder()
        let bytes = try healthy(folder)
        let name = Array(Fixture.definitions[1].name.utf8)
        let places = (8_192..<bytes.count - 64).filter {
            bytes[$0..<$0 + name.count].elementsEqual(name)
        }
        try #require(!places.isEmpty)
        // Behind the name: flags, then the numbers of branches, leaves, overflow pages, entries.
        for count in 0..<4 {
            var flipped = bytes
            for place in places { flipped[place + name.count + 8 + count * 8 + 7] ^= 0x80 }
            try folder.write(flipped, to: "counts.mdb")
            let environment = try Environment.openReadOnlyLockless(path: folder.file("counts.mdb"))
            let databases = try environment.openDatabases(Fixture.definitions)
            let found = try environment.beginRead().statistics(databases[1])
            let counts = [
                found.branchPages, found.leafPages, found.overflowPages, found.entries,
            ]
            #expect(counts.firstIndex { $0 >> 63 == 1 } == count)
        }
    }

    @Test("a key that is no integer's, where all are, is told by a cursor that comes to it")
    func shortIntegerKey() throws {
        let folder = try TemporaryFolder()
        let key: UInt64 = 0x1122_3344_5566_7788
        do {
            let environment = try Environment.open(path: folder.file("short.mdb"))
            let databases = try environment.openDatabases(Fixture.definitions)
            var transaction = try environment.beginWrite()
            try transaction.put(databases[1], key: key, value: bytes("value").rawSpan)
            try transaction.commit()
        }
        var damaged = try folder.contents(of: "short.mdb")
        let stored = (0..<8).map { UInt8(truncatingIfNeeded: key >> (8 * $0)) }
        let places = (8_192..<damaged.count - 8).filter {
            damaged[$0..<$0 + 8].elementsEqual(stored)
        }
        try #require(places.count == 1)
        #expect(damaged[places[0] - 2] == 8)
        damaged[places[0] - 2] = 4
        try folder.write(damaged, to: "short.mdb")
        let environment = try Environment.openReadOnlyLockless(path: folder.file("short.mdb"))
        let databases = try environment.openDatabases(Fixture.definitions)
        let transaction = try environment.beginRead()
        var cursor = try transaction.cursor(databases[1])
        do throws(LMDBError) {
            _ = try cursor.next()
            Issue.record("a key of four bytes was taken for eight")
        } catch {
            #expect(error.isCorrupted)
        }
        let isOnPair = cursor.isOnPair
        #expect(!isOnPair)
    }
}
