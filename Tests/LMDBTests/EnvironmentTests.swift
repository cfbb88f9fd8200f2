import Glibc
import LMDB
import Testing

@Suite("Environment")
struct EnvironmentTests {
    @Test("a second open of the same file is refused, by whatever path, until the first has ended")
    func secondOpen() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mdb")
        do {
            let environment = try Environment.open(path: path)
            #expect(environment.name == "a.mdb")
            #expect(environment.path == path)
            unsafe #expect(link(path, folder.file("hard.mdb")) == 0)
            unsafe #expect(symlink(path, folder.file("soft.mdb")) == 0)
            for name in ["a.mdb", "hard.mdb", "soft.mdb"] {
                let other = folder.file(name)
                #expect(throws: LMDBError(.open, file: name, cause: .alreadyOpen)) {
                    _ = try Environment.open(path: other)
                }
                #expect(throws: LMDBError(.open, file: name, cause: .alreadyOpen)) {
                    _ = try Environment.openReadOnlyLockless(path: other)
                }
            }
        }
        _ = try Environment.open(path: path)
    }

    @Test("a transaction keeps its environment open")
    func keptAlive() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mdb")
        let transaction = try Environment.open(path: path).beginRead()
        let error = #expect(throws: LMDBError.self) { _ = try Environment.open(path: path) }
        #expect(error?.isAlreadyOpen == true)
        #expect(transaction.number == 0)
    }

    @Test("two environments are open side by side")
    func twoFiles() throws {
        let first = try Fixture()
        let second = try Fixture()
        try first.commit("ana", "one")
        #expect(try second.environment.beginRead().value(second.texts, "ana") == nil)
    }

    @Test("files are created for their owner alone")
    func mode() throws {
        let fixture = try Fixture()
        #expect(try fixture.folder.status(of: "test.mdb").st_mode & 0o777 == 0o600)
        #expect(try fixture.folder.status(of: "test.mdb-lock").st_mode & 0o777 == 0o600)
    }

    @Test("creation is allowed, demanded or forbidden as asked")
    func creation() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mdb")
        let missing = #expect(throws: LMDBError.self) {
            _ = try Environment.open(path: path, options: .init(creation: .never))
        }
        #expect(missing?.isMissing == true)
        #expect(!folder.exists("a.mdb"))
        _ = try Environment.open(path: path, options: .init(creation: .always))
        _ = try Environment.open(path: path, options: .init(creation: .never))
        let existing = #expect(throws: LMDBError.self) {
            _ = try Environment.open(path: path, options: .init(creation: .always))
        }
        #expect(existing?.isAlreadyThere == true)
    }

    @Test("a missing folder, a folder and an overlong name are refused with the system's reason")
    func paths() throws {
        let folder = try TemporaryFolder()
        let missing = #expect(throws: LMDBError.self) {
            _ = try Environment.open(path: folder.file("missing/a.mdb"))
        }
        #expect(missing?.cause == .system(errno: ENOENT))
        let directory = #expect(throws: LMDBError.self) {
            _ = try Environment.open(path: folder.path)
        }
        #expect(directory?.cause == .notAFile)
        let overlong = #expect(throws: LMDBError.self) {
            _ = try Environment.open(path: folder.file(String(repeating: "x", count: 300)))
        }
        #expect(overlong?.cause == .system(errno: ENAMETOOLONG))
        let lockless = #expect(throws: LMDBError.self) {
            _ = try Environment.openReadOnlyLockless(path: folder.file("a.mdb"))
        }
        #expect(lockless?.isMissing == true)
    }

    @Test(
        "nonsensical options are refused before anything is created",
        arguments: [
            Environment.Options(mapBytes: 0), .init(mapBytes: -1), .init(mapBytes: .max),
            .init(maxReaders: 0), .init(maxReaders: .max), .init(maxDatabases: -1),
        ])
    func options(_ options: Environment.Options) throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: LMDBError.self) {
            _ = try Environment.open(path: folder.file("a.mdb"), options: options)
        }
        guard case .option = error?.cause else {
            Issue.record("refused for another reason: \(String(describing: error))")
            return
        }
        #expect(!folder.exists("a.mdb"))
    }

    @Test(
        "every durability stores, syncs and reopens",
        arguments: [Durability.full, .noMetaSync, .noSync])
    func durability(_ durability: Durability) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mdb")
        do {
            let environment = try Environment.open(
                path: path, options: .init(durability: durability))
            let texts = try environment.openDatabases([.init("texts", keys: .bytes)])[0]
            var transaction = try environment.beginWrite()
            try transaction.put(texts, "ana", "one")
            try transaction.commit()
            try environment.sync()
            try environment.writeOut(from: 0, byteCount: 4_096)
            try environment.writeOut(from: 4_096, byteCount: 1 << 30)
            try environment.sync(force: false)
        }
        let environment = try Environment.open(path: path)
        let texts = try environment.openDatabases([.init("texts", keys: .bytes)])[0]
        #expect(try environment.beginRead().value(texts, "ana") == "one")
    }

    @Test("information tells map, pages, transactions and readers")
    func information() throws {
        let fixture = try Fixture(.init(mapBytes: 1_000_001, maxReaders: 7))
        try fixture.commit("ana", "one")
        let transaction = try fixture.environment.beginRead()
        let information = fixture.environment.information
        #expect(information.mapBytes == 1_003_520)
        #expect(information.maxReaders == 7)
        #expect(information.readersInUse == 1)
        #expect(information.pageBytes == 4_096)
        #expect(information.lastTransaction == 2)
        #expect(information.lastTransaction == transaction.number)
        #expect(information.usedBytes == (information.lastPage + 1) * 4_096)
        #expect(fixture.environment.statistics.entries == 2)
        #expect(try transaction.statistics(fixture.texts).entries == 1)
        #expect(try transaction.statistics(fixture.texts).depth == 1)
        #expect(try fixture.environment.availableBytes() > 0)
    }

    @Test("removing takes file and lock file, and is refused while open")
    func remove() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.mdb")
        do {
            let environment = try Environment.open(path: path)
            let error = #expect(throws: LMDBError.self) { try Environment.remove(path: path) }
            #expect(error?.isAlreadyOpen == true)
            #expect(environment.information.lastTransaction == 0)
        }
        #expect(folder.exists("a.mdb") && folder.exists("a.mdb-lock"))
        try Environment.remove(path: path)
        #expect(!folder.exists("a.mdb") && !folder.exists("a.mdb-lock"))
        try Environment.remove(path: path)
    }
}
