internal import LMDB

/// Takes the leaves of an index in key order and commits them, all at once or in portions.
struct LeafSink: ~Copyable {
    private let environment: Environment
    private let leavesPerCommit: Int
    /// What writes portions out between the commits; nil where all is one.
    private var growth: FileGrowth?
    private var transaction: WriteTransaction?
    private var leaves = 0

    init(_ environment: Environment, leavesPerCommit: Int = .max) throws(IndexError) {
        self.environment = environment
        self.leavesPerCommit = leavesPerCommit
        growth = leavesPerCommit < .max ? FileGrowth(environment) : nil
        transaction = try Self.begin(environment)
    }

    private static func begin(
        _ environment: Environment
    ) throws(IndexError) -> WriteTransaction {
        do throws(LMDBError) {
            return try environment.beginWrite()
        } catch {
            throw IndexError(error)
        }
    }

    /// Adds a pair behind the last one of its database.
    mutating func append(
        _ database: Database, key: RawSpan, value: RawSpan
    ) throws(IndexError) {
        if leaves == leavesPerCommit {
            try commit()
            transaction = try Self.begin(environment)
        }
        try put(database, key: key, value: value, .append)
        leaves += 1
    }

    /// Stores a pair wherever it belongs.
    mutating func put(
        _ database: Database, key: RawSpan, value: RawSpan,
        _ placement: WriteTransaction.Placement = .upsert
    ) throws(IndexError) {
        do throws(LMDBError) {
            try transaction?.put(database, key: key, value: value, placement)
        } catch {
            // Nothing is put after an error: it is one that liblmdb has kept to itself, of the page
            // that leads to the database.
            throw error.isBadTransaction
                ? .damaged(file: error.file, what: "\(error)") : IndexError(error)
        }
    }

    /// Commits what has come; nothing may follow but the end.
    mutating func commit() throws(IndexError) {
        leaves = 0
        do throws(LMDBError) {
            try transaction.take()?.commit()
            try growth?.writeOut()
        } catch {
            throw IndexError(error)
        }
    }
}
