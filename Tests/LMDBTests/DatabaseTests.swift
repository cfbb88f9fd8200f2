import CLMDB
import LMDB
import Testing

@Suite("Databases")
struct DatabaseTests {
    @Test("a database opened with the other kind of keys is refused, and nothing is created")
    func otherKind() throws {
        let fixture = try Fixture()
        let error = #expect(throws: LMDBError.self) {
            _ = try fixture.environment.openDatabases([
                .init("new", keys: .bytes), .init("texts", keys: .integer),
            ])
        }
        #expect(error?.operation == .openDatabase)
        #expect(error?.cause == .databaseFlags(stored: 0, expected: UInt32(MDB_INTEGERKEY)))
        #expect(fixture.environment.statistics.entries == 2)
    }

    @Test("opening again answers the same handles")
    func again() throws {
        let fixture = try Fixture()
        let again = try fixture.environment.openDatabases(Fixture.definitions)
        #expect(again == [fixture.texts, fixture.numbers])
    }

    @Test("more databases than the environment allows are refused")
    func tooMany() throws {
        let fixture = try Fixture(.init(maxDatabases: 2))
        let error = #expect(throws: LMDBError.self) {
            _ = try fixture.environment.openDatabases([.init("third", keys: .bytes)])
        }
        #expect(error?.cause == .library(code: MDB_DBS_FULL))
    }

    @Test("a missing database of a read-only environment is refused as missing")
    func missing() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mdb")
        do { _ = try Environment.open(path: path).openDatabases(Fixture.definitions) }
        let environment = try Environment.openReadOnlyLockless(path: path)
        let error = #expect(throws: LMDBError.self) {
            _ = try environment.openDatabases([.init("other", keys: .bytes)])
        }
        #expect(error?.isMissing == true)
        #expect(try environment.openDatabases(Fixture.definitions).count == 2)
    }
}
