internal import CLMDB

extension Environment {
    /// Reads every page of a file that nobody writes: all keys and values of all databases, and the
    /// list of free pages.
    ///
    /// LMDB trusts its own pages: a damaged one may end the process. So this is for a process that
    /// has nothing else to do.
    ///
    /// - Returns: A sum over all bytes, so that none is left unread.
    /// - Throws: What `openReadOnlyLockless` throws, and what LMDB finds.
    @available(*, noasync)
    public static func walk(path: String) throws(LMDBError) -> UInt64 {
        let environment = try openReadOnlyLockless(path: path)
        let transaction = try environment.beginRead()
        var walk = Walk(environment: environment, transaction: transaction.handle)
        // The free pages and the table of databases, by LMDB's own numbers.
        try walk.read(database: 0, naming: false)
        try walk.read(database: 1, naming: true)
        return walk.sum
    }
}

/// One walk over all databases of a file.
private struct Walk {
    let environment: Environment
    let transaction: TransactionHandle
    var sum: UInt64 = 0

    /// Reads a database, and those that it names if it is the table of them.
    mutating func read(database: MDB_dbi, naming: Bool) throws(LMDBError) {
        var opened: OpaquePointer?
        try check(unsafe mdb_cursor_open(transaction.pointer, database, &opened))
        defer { unsafe mdb_cursor_close(opened) }
        var (key, value) = unsafe (MDB_val(), MDB_val())
        while true {
            let code = unsafe mdb_cursor_get(opened, &key, &value, MDB_NEXT)
            if code == MDB_NOTFOUND { return }
            try check(code)
            unsafe add(key)
            unsafe add(value)
            if naming, let name = unsafe name(key) { try read(named: name) }
        }
    }

    private mutating func read(named name: String) throws(LMDBError) {
        var database: MDB_dbi = 0
        let code = unsafe mdb_dbi_open(transaction.pointer, name, 0, &database)
        // A record of the table that is no database.
        if code == MDB_INCOMPATIBLE || code == MDB_NOTFOUND { return }
        try check(code)
        try read(database: database, naming: false)
    }

    private mutating func add(_ bytes: MDB_val) {
        let bytes = unsafe UnsafeRawBufferPointer(start: bytes.mv_data, count: bytes.mv_size)
        sum = unsafe bytes.reduce(sum) { $0 &+ UInt64($1) }
    }

    private func name(_ bytes: MDB_val) -> String? {
        guard unsafe bytes.mv_size <= Limits.keyBytesMax else { return nil }
        let bytes = unsafe UnsafeRawBufferPointer(start: bytes.mv_data, count: bytes.mv_size)
        return unsafe String(validating: bytes, as: UTF8.self)
    }

    private func check(_ code: Int32) throws(LMDBError) {
        guard code == 0 else { throw environment.failure(.readStatistics, code) }
    }
}
