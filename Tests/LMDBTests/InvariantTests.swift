import Glibc
import LMDB
import Testing

/// What no type can forbid ends the process, and does so before LMDB is asked.
@Suite("Broken invariants end the process")
struct InvariantTests {
    // Each folder belongs to the parent process, so that the child's end leaves nothing behind.
    private let folder: TemporaryFolder
    private var path: String { folder.path }

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("a second write transaction on the same thread, which would wait for itself")
    func secondWriter() async {
        await #expect(processExitsWith: .signal(SIGILL)) { [path = path as String] in
            try beginTwoWrites(Tables("\(path)/a.mdb"))
        }
    }

    @Test("a write transaction that ends on another thread than it began on")
    func otherThread() async {
        await #expect(processExitsWith: .signal(SIGILL)) { [path = path as String] in
            try commitElsewhere(Tables("\(path)/a.mdb"))
        }
    }

    @Test("a database used with the other kind of key")
    func otherKind() async {
        await #expect(processExitsWith: .signal(SIGILL)) { [path = path as String] in
            try readInteger(Tables("\(path)/a.mdb"))
        }
        await #expect(processExitsWith: .signal(SIGILL)) { [path = path as String] in
            try readBytes(Tables("\(path)/a.mdb"))
        }
    }

    @Test("a database used with another environment")
    func otherEnvironment() async {
        await #expect(processExitsWith: .signal(SIGILL)) { [path = path as String] in
            try readOther(Tables("\(path)/a.mdb"), Tables("\(path)/b.mdb"))
        }
    }

    @Test("the key of a cursor that stands on no pair")
    func nowhere() async {
        await #expect(processExitsWith: .signal(SIGILL)) { [path = path as String] in
            try askNowhere(Tables("\(path)/a.mdb"))
        }
    }

    @Test("none of it ends the process when used as it should be")
    func control() async {
        await #expect(processExitsWith: .exitCode(7)) { [path = path as String] in
            try useWell(Tables("\(path)/a.mdb"))
        }
    }
}

private struct Tables {
    let environment: Environment
    let texts: Database
    let numbers: Database

    init(_ path: String) throws {
        environment = try Environment.open(path: path)
        let databases = try environment.openDatabases(Fixture.definitions)
        texts = databases[0]
        numbers = databases[1]
    }
}

private func beginTwoWrites(_ tables: Tables) throws {
    let first = try tables.environment.beginWrite()
    let second = try tables.environment.beginWrite()
    #expect(first.number == second.number)
}

/// Holds a transaction where another thread can end it; the compiler would not let it travel.
private final class Smuggler: @unchecked Sendable {
    private var transaction: WriteTransaction?

    init(_ transaction: consuming WriteTransaction) {
        self.transaction = consume transaction
    }

    func end() {
        transaction = nil
    }
}

private func commitElsewhere(_ tables: Tables) throws {
    let smuggler = Smuggler(try tables.environment.beginWrite())
    var thread = pthread_t()
    let argument = unsafe Unmanaged.passRetained(smuggler).toOpaque()
    let code = unsafe pthread_create(
        &thread, nil,
        { argument in
            guard let argument = unsafe argument else { return nil }
            unsafe Unmanaged<Smuggler>.fromOpaque(argument).takeRetainedValue().end()
            return nil
        }, argument)
    guard code == 0 else { _exit(8) }
    pthread_join(thread, nil)
}

private func readInteger(_ tables: Tables) throws {
    _ = try tables.environment.beginRead().value(tables.texts, 1)
}

private func readBytes(_ tables: Tables) throws {
    _ = try tables.environment.beginRead().value(tables.numbers, "ana")
}

private func readOther(_ first: Tables, _ second: Tables) throws {
    _ = try first.environment.beginRead().value(second.texts, "ana")
}

private func askNowhere(_ tables: Tables) throws {
    let transaction = try tables.environment.beginRead()
    let cursor = try transaction.cursor(tables.texts)
    _ = cursor.key.byteCount
}

private func useWell(_ tables: Tables) throws {
    var transaction = try tables.environment.beginWrite()
    try transaction.put(tables.texts, "ana", "one")
    try transaction.put(tables.numbers, 1, "one")
    try transaction.commit()
    let second = try tables.environment.beginWrite()
    _exit(try second.value(tables.numbers, 1) == "one" ? 7 : 8)
}
