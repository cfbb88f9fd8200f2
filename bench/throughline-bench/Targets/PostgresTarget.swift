internal import EventModel
internal import Foundation
internal import Glibc

/// PostgreSQL 15: a function that appends with stream version and unique id, prepared, one
/// transaction per event.
final class PostgresTarget: LoadTarget {
    private static let settings = [
        "listen_addresses": "", "shared_buffers": "2GB", "max_connections": "200",
        "fsync": "on", "full_page_writes": "on",
        "wal_compression": "off", "max_wal_size": "8GB", "checkpoint_timeout": "30min",
        "autovacuum": "off", "jit": "off", "wal_init_zero": "on", "wal_recycle": "on",
    ]

    let name = "postgres"
    let wire = Wire.postgres
    private let folder: String
    private let settings: [String: String]
    private let initdb: String
    private let program: String
    /// Whom the server runs as: it refuses root.
    private let user: String?
    private var server: ServerProcess?

    /// - Returns: nil when PostgreSQL 15 is not installed.
    init?(scratch: String, _ durability: Durability) {
        guard let initdb = Programs.locate("initdb"), let program = Programs.locate("postgres")
        else { return nil }
        self.initdb = initdb.path
        self.program = program.path
        folder = scratch + "/pg"
        settings = Self.settings.merging(durability.postgres) { $1 }
        user = getuid() == 0 ? "postgres" : nil
    }

    var socketPath: String { folder + "/.s.PGSQL.5432" }

    var facts: [String] {
        let settings = settings.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value.isEmpty ? "''" : $0.value)" }
        return [
            (try? Programs.run(program, ["--version"])) ?? "?",
            "  " + settings.joined(separator: " "),
            "  append(stream, id, jsonb): advisory lock of the stream, next version, insert; stream"
                + " = interaction, order, else customer; TRUNCATE between rounds; no views",
        ]
    }

    func begin() throws {
        if server != nil { return try settle() }
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        var command = [initdb, "-D", folder + "/data", "-U", "bench", "-A", "trust", "-E", "UTF8"]
        if let user {
            try Programs.run("chown", [user, folder])
            command =
                ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "--"] + command
        }
        try Programs.run(command[0], Array(command.dropFirst()))
        server = try ServerProcess(
            program,
            ["-D", folder + "/data", "-k", folder]
                + settings.flatMap { ["-c", "\($0.key)=\($0.value)"] },
            user: user, readyWords: "ready to accept connections")
        try query(Self.schema)
    }

    /// SIGINT: at once, without waiting for clients.
    func end() {
        server?.stop(signal: SIGINT)
        server = nil
    }

    func cpuSeconds() throws -> Double { try server?.cpuSeconds(withChildren: true) ?? 0 }

    func settle() throws {
        try query("TRUNCATE events RESTART IDENTITY")
        try query("CHECKPOINT")
    }

    /// The bytes of the table and of its indexes.
    func sizes() throws -> (table: Int, indexes: Int) {
        func number(_ function: String) throws -> Int {
            let text = try Programs.run(
                "psql",
                [
                    "-h", folder, "-U", "bench", "-d", "postgres", "-Atqc",
                    "SELECT \(function)('events')",
                ])
            guard let number = Int(text) else { throw BenchFailure("\(function): \(text)") }
            return number
        }
        return (try number("pg_table_size"), try number("pg_indexes_size"))
    }

    private func query(_ text: String) throws {
        var channel = try Channel(socketPath: socketPath, wire: wire, depth: 1)
        try channel.greet(PostgresRequest.startup)
        try channel.greet(PostgresRequest.query(text))
    }

    var greeting: [[UInt8]] {
        [
            PostgresRequest.startup,
            PostgresRequest.prepare("SELECT append($1::text, $2::uuid, $3::jsonb)"),
        ]
    }

    /// Replaces all events by the rows of a file, in the text format of COPY: stream, version, id,
    /// body.
    func load(rows path: String) throws {
        try settle()
        try copy(path, into: "events (stream, version, id, body)")
        try query("VACUUM ANALYZE events")
        try query("CHECKPOINT")
    }

    /// Makes a table of documents by key from the rows of a file in the text format of COPY.
    func load(documents path: String) throws {
        try query("CREATE TABLE cards (key text PRIMARY KEY, body jsonb NOT NULL)")
        try copy(path, into: "cards")
        try query("VACUUM ANALYZE cards")
    }

    private func copy(_ path: String, into table: String) throws {
        try Programs.run(
            "psql",
            [
                "-h", folder, "-U", "bench", "-d", "postgres", "-qc",
                "\\copy \(table) from '\(path)'",
            ])
    }

    /// Bytes as a field in the text format of COPY, in which a backslash escapes.
    static func field(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { $0 == UInt8(ascii: "\\") ? [$0, $0] : [$0] }
    }

    func request(for event: EventDraft, json: [UInt8]) -> [UInt8] {
        let stream = event.streamName.isEmpty ? event.customerKey : event.streamName
        return PostgresRequest.execute([Array(stream.utf8), Array(event.id.utf8), json])
    }

    private static let schema = """
        CREATE TABLE events (
          position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          stream text NOT NULL, version bigint NOT NULL, id uuid NOT NULL UNIQUE,
          body jsonb NOT NULL, UNIQUE (stream, version));
        CREATE FUNCTION append(s text, i uuid, b jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
        DECLARE p bigint;
        BEGIN
          PERFORM pg_advisory_xact_lock(hashtextextended(s, 0));
          INSERT INTO events (stream, version, id, body)
            SELECT s, coalesce(max(version), 0) + 1, i, b FROM events WHERE stream = s
            RETURNING position INTO p;
          RETURN p;
        END $$;
        """
}
