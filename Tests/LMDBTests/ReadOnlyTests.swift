import LMDB
import Testing

@Suite("Lockless read-only environments")
struct ReadOnlyTests {
    private func sealed() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let environment = try Environment.open(path: folder.file("sealed.mdb"))
        let databases = try environment.openDatabases(Fixture.definitions)
        var transaction = try environment.beginWrite()
        try transaction.put(databases[0], "ana", "one")
        try transaction.put(databases[1], 7, "seven")
        try transaction.commit()
        try environment.copyCompacting(to: folder.file("copy.mdb"))
        return folder
    }

    @Test("reads, leaves no lock file and the file as it was")
    func reads() throws {
        let folder = try sealed()
        let before = try folder.contents(of: "copy.mdb")
        do {
            let environment = try Environment.openReadOnlyLockless(path: folder.file("copy.mdb"))
            #expect(environment.isReadOnly)
            let databases = try environment.openDatabases(Fixture.definitions)
            let transaction = try environment.beginRead()
            #expect(try transaction.value(databases[0], "ana") == "one")
            let resumed = try transaction.park().resume()
            #expect(try resumed.value(databases[1], 7) == "seven")
            #expect(environment.information.readersInUse == 0)
            #expect(environment.information.mapBytes >= UInt64(before.count))
            #expect(try environment.checkReaders() == 0)
        }
        #expect(!folder.exists("copy.mdb-lock"))
        #expect(try folder.contents(of: "copy.mdb") == before)
    }

    @Test("more transactions than reader slots are open at a time")
    func manyReaders() throws {
        let folder = try sealed()
        let environment = try Environment.openReadOnlyLockless(path: folder.file("copy.mdb"))
        let numbers = try environment.openDatabases(Fixture.definitions)[1]
        try nest(200, environment, numbers)
    }

    private func nest(_ depth: Int, _ environment: Environment, _ numbers: Database) throws {
        let transaction = try environment.beginRead()
        if depth > 0 { try nest(depth - 1, environment, numbers) }
        #expect(try transaction.value(numbers, 7) == "seven")
    }

    @Test("refuses to write and to sync")
    func refusesWrites() throws {
        let folder = try sealed()
        let environment = try Environment.openReadOnlyLockless(path: folder.file("copy.mdb"))
        let write = #expect(throws: LMDBError.self) { _ = try environment.beginWrite() }
        #expect(write?.cause == .readOnly)
        let sync = #expect(throws: LMDBError.self) { try environment.sync() }
        #expect(sync?.cause == .readOnly)
    }
}
