import Glibc
import LMDB
import Testing

@Suite("Compacting copy")
struct CopyTests {
    private func filled() throws -> Fixture {
        let fixture = try Fixture(.init(durability: .noSync))
        var random = SeededRandom(seed: 3)
        for round in 0..<20 {
            var transaction = try fixture.environment.beginWrite()
            for key in 0..<50 {
                let value = random.bytes(Int.random(in: 0...3_000, using: &random))
                try transaction.put(fixture.numbers, key: UInt64(key), value: value.rawSpan)
                try transaction.put(fixture.texts, "\(round)-\(key)", "value")
            }
            try transaction.commit()
        }
        return fixture
    }

    @Test("a copy opens, equals its original, is smaller and is its owner's alone")
    func copies() throws {
        let fixture = try filled()
        try fixture.environment.copyCompacting(to: fixture.folder.file("copy.mdb"))
        let status = try fixture.folder.status(of: "copy.mdb")
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(status.st_size < (try fixture.folder.status(of: "test.mdb")).st_size)

        let copied = try Environment.openReadOnlyLockless(path: fixture.folder.file("copy.mdb"))
        let databases = try copied.openDatabases(Fixture.definitions)
        let original = try fixture.environment.beginRead()
        let reader = try copied.beginRead()
        #expect(try reader.pairs(databases[0]) == original.pairs(fixture.texts))
        #expect(try reader.pairs(databases[1]) == original.pairs(fixture.numbers))
        #expect(try reader.statistics(databases[0]).entries == 1_000)
    }

    @Test("a copy refuses an existing file and leaves it as it was")
    func refusesToOverwrite() throws {
        let fixture = try filled()
        try fixture.folder.write(bytes("precious"), to: "copy.mdb")
        let error = #expect(throws: LMDBError.self) {
            try fixture.environment.copyCompacting(to: fixture.folder.file("copy.mdb"))
        }
        #expect(error?.isAlreadyThere == true)
        #expect(error?.operation == .copy)
        #expect(try fixture.folder.contents(of: "copy.mdb") == bytes("precious"))
    }

    @Test("a copy into a missing folder is refused")
    func missingFolder() throws {
        let fixture = try filled()
        let error = #expect(throws: LMDBError.self) {
            try fixture.environment.copyCompacting(to: fixture.folder.file("missing/copy.mdb"))
        }
        #expect(error?.isMissing == true)
    }

    @Test("a copy that fails half-way leaves no file")
    func failsHalfWay() async throws {
        let fixture = try filled()
        let path = fixture.environment.path
        let copy = fixture.folder.file("copy.mdb")
        await #expect(processExitsWith: .exitCode(7)) {
            [path = path as String, copy = copy as String] in
            try copyWithSmallFileLimit(path, copy)
        }
        #expect(!fixture.folder.exists("copy.mdb"))
    }

    @Test("an empty environment is copied too")
    func empty() throws {
        let fixture = try Fixture()
        try fixture.environment.copyCompacting(to: fixture.folder.file("copy.mdb"))
        let copied = try Environment.open(path: fixture.folder.file("copy.mdb"))
        #expect(try copied.openDatabases(Fixture.definitions).count == 2)
    }

    @Test("what was deleted is not in a copy")
    func forgets() throws {
        let fixture = try Fixture()
        let canary = bytes("canary-5d1f2c")
        try fixture.commit("ana", "canary-5d1f2c")
        var transaction = try fixture.environment.beginWrite()
        _ = try transaction.delete(fixture.texts, "ana")
        try transaction.commit()
        try fixture.environment.copyCompacting(to: fixture.folder.file("copy.mdb"))
        #expect(try fixture.folder.contents(of: "test.mdb").contains(run: canary))
        #expect(try !fixture.folder.contents(of: "copy.mdb").contains(run: canary))
    }
}

/// Copies where no file may grow beyond 32 KiB, and ends the process with 7 when it was refused.
private func copyWithSmallFileLimit(_ path: String, _ copy: String) throws {
    let environment = try Environment.openReadOnlyLockless(path: path)
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit(rlim_cur: 32_768, rlim_max: 32_768)
    guard unsafe setrlimit(__rlimit_resource_t(1), &limit) == 0 else { _exit(8) }
    do throws(LMDBError) {
        try environment.copyCompacting(to: copy)
    } catch {
        _exit(error.cause == .system(errno: EFBIG) ? 7 : 9)
    }
}

extension [UInt8] {
    func contains(run: [UInt8]) -> Bool {
        guard count >= run.count else { return false }
        return (0...(count - run.count)).contains { start in
            run.indices.allSatisfy { self[start + $0] == run[$0] }
        }
    }
}
