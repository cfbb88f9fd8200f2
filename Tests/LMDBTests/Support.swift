import LMDB

/// A small generator of pseudo-random numbers (SplitMix64), so that a printed seed replays a test.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }
}

/// A copy of borrowed bytes, for expectations.
func copy(_ span: RawSpan) -> [UInt8] {
    unsafe span.withUnsafeBytes { unsafe Array($0) }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

extension Transaction where Self: ~Copyable {
    /// A copy of what is stored, for expectations.
    func value(_ database: Database, _ key: String) throws -> String? {
        let key = bytes(key)
        guard let value = try get(database, key: key.rawSpan) else { return nil }
        return String(decoding: copy(value), as: UTF8.self)
    }

    func value(_ database: Database, _ key: UInt64) throws -> String? {
        guard let value = try get(database, key: key) else { return nil }
        return String(decoding: copy(value), as: UTF8.self)
    }

    func integerKeys(_ database: Database) throws -> [UInt64] {
        var keys: [UInt64] = []
        var cursor = try cursor(database)
        while try cursor.next() { keys.append(cursor.integerKey) }
        return keys
    }

    func pairs(_ database: Database) throws -> [[UInt8]: [UInt8]] {
        var pairs: [[UInt8]: [UInt8]] = [:]
        try forEach(in: database) { key, value in
            pairs[copy(key)] = copy(value)
            return true
        }
        return pairs
    }
}

extension WriteTransaction {
    mutating func put(
        _ database: Database, _ key: String, _ value: String, _ placement: Placement = .upsert
    ) throws(LMDBError) {
        let key = bytes(key)
        let value = bytes(value)
        try put(database, key: key.rawSpan, value: value.rawSpan, placement)
    }

    mutating func put(
        _ database: Database, _ key: UInt64, _ value: String, _ placement: Placement = .upsert
    ) throws(LMDBError) {
        let value = bytes(value)
        try put(database, key: key, value: value.rawSpan, placement)
    }

    mutating func delete(_ database: Database, _ key: String) throws(LMDBError) -> Bool {
        let key = bytes(key)
        return try delete(database, key: key.rawSpan)
    }
}

/// An environment in a folder of its own, with a database of each kind.
struct Fixture {
    let folder: TemporaryFolder
    let environment: Environment
    let texts: Database
    let numbers: Database

    static let definitions: [Database.Definition] = [
        .init("texts", keys: .bytes), .init("numbers", keys: .integer),
    ]

    init(_ options: Environment.Options = .init()) throws {
        folder = try TemporaryFolder()
        environment = try Environment.open(path: folder.file("test.mdb"), options: options)
        let databases = try environment.openDatabases(Self.definitions)
        texts = databases[0]
        numbers = databases[1]
    }

    /// Commits one text.
    func commit(_ key: String, _ value: String) throws {
        var transaction = try environment.beginWrite()
        try transaction.put(texts, key, value)
        try transaction.commit()
    }
}
