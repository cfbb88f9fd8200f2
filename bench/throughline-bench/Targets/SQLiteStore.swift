/// A table of events in one file, behind a write-ahead log.
@safe
final class SQLiteStore {
    private static let ok: Int32 = 0
    private static let done: Int32 = 101
    /// SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    private static let flags: Int32 = 6
    static let settings = [
        "journal_mode=WAL", "locking_mode=EXCLUSIVE", "temp_store=MEMORY",
        "cache_size=-262144",
    ]

    private let library: SQLiteLibrary
    private var database: SQLiteLibrary.Handle
    private var insert: SQLiteLibrary.Handle

    init(_ library: SQLiteLibrary, path: String, settings: [String]) throws {
        self.library = library
        var handle: SQLiteLibrary.Handle?
        guard unsafe library.open(path, &handle, Self.flags, nil) == Self.ok,
            let database = unsafe handle
        else { throw BenchFailure("SQLite cannot open \(path)") }
        unsafe self.database = database
        let schema =
            settings.map { "PRAGMA \($0);" }.joined()
                + """
                CREATE TABLE events (
                  position INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL,
                  id TEXT NOT NULL UNIQUE, body TEXT NOT NULL, UNIQUE (stream, version));
                """
        guard unsafe library.execute(database, schema, nil, nil, nil) == Self.ok else {
            throw BenchFailure("SQLite refuses the schema")
        }
        let statement = """
            INSERT INTO events (stream, version, id, body)
              SELECT ?1, coalesce(max(version), 0) + 1, ?2, ?3 FROM events WHERE stream = ?1
            """
        var prepared: SQLiteLibrary.Handle?
        guard unsafe library.prepare(database, statement, -1, &prepared, nil) == Self.ok,
            let insert = unsafe prepared
        else { throw BenchFailure("SQLite refuses the statement") }
        unsafe self.insert = insert
    }

    deinit {
        _ = unsafe library.finalize(insert)
        _ = unsafe library.close(database)
    }

    func begin() throws { try run("BEGIN IMMEDIATE") }
    func commit() throws { try run("COMMIT") }
    /// Forgets all events.
    func clear() throws { try run("DELETE FROM events; PRAGMA wal_checkpoint(TRUNCATE)") }

    func add(stream: ArraySlice<UInt8>, id: ArraySlice<UInt8>, body: ArraySlice<UInt8>) throws {
        for (index, bytes) in [stream, id, body].enumerated() {
            let result = unsafe bytes.withUnsafeBufferPointer {
                // -1 is SQLITE_TRANSIENT: SQLite copies what it is given.
                unsafe library.bindText(
                    insert, Int32(index + 1), $0.baseAddress, Int32($0.count), -1)
            }
            guard result == Self.ok else { throw failure("bind") }
        }
        guard unsafe library.step(insert) == Self.done else { throw failure("insert") }
        guard unsafe library.reset(insert) == Self.ok else { throw failure("reset") }
    }

    private func run(_ statement: String) throws {
        guard unsafe library.execute(database, statement, nil, nil, nil) == Self.ok else {
            throw failure(statement)
        }
    }

    private func failure(_ what: String) -> BenchFailure {
        let message = unsafe library.message(database).map { unsafe String(cString: $0) } ?? "?"
        return BenchFailure("SQLite: \(what): \(message)")
    }
}
