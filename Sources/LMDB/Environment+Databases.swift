internal import CLMDB
internal import Synchronization

extension Environment {
    /// Opens named databases, creating those that do not exist, in one committed transaction.
    ///
    /// Call once after opening the environment and before any transaction that shall use them: a
    /// transaction that is older than a handle does not know it. In a read-only environment they
    /// must exist.
    ///
    /// - Returns: Handles in the order of the definitions.
    /// - Throws: `.databaseFlags` when one is stored with other flags; `MDB_NOTFOUND` when it is
    ///   missing in a read-only environment; `MDB_DBS_FULL` beyond `maxDatabases`. No database was
    ///   then created.
    @available(*, noasync)
    public func openDatabases(
        _ definitions: [Database.Definition]
    ) throws(LMDBError) -> [Database] {
        try databasesLock.withLock { (_) throws(LMDBError) -> [Database] in
            if isReadOnly {
                let transaction = try beginRead()
                let databases = try openDatabases(definitions, in: transaction.handle, create: 0)
                try transaction.keepDatabases()
                return databases
            }
            let transaction = try beginWrite()
            let databases = try openDatabases(
                definitions,
                in: transaction.handle,
                create: UInt32(MDB_CREATE)
            )
            try transaction.commit()
            return databases
        }
    }

    private func openDatabases(
        _ definitions: [Database.Definition],
        in transaction: TransactionHandle,
        create: UInt32
    ) throws(LMDBError) -> [Database] {
        var databases: [Database] = []
        databases.reserveCapacity(definitions.count)
        for definition in definitions {
            let expected: UInt32 = definition.keys == .integer ? UInt32(MDB_INTEGERKEY) : 0
            var handle: MDB_dbi = 0
            let code = unsafe mdb_dbi_open(
                transaction.pointer,
                definition.name,
                expected | create,
                &handle
            )
            guard code == 0 else { throw failure(.openDatabase, code) }
            // LMDB takes the flags of an existing database from the file, silently.
            var stored: UInt32 = 0
            let flagsCode = unsafe mdb_dbi_flags(transaction.pointer, handle, &stored)
            guard flagsCode == 0 else { throw failure(.openDatabase, flagsCode) }
            guard stored == expected else {
                let cause = LMDBError.Cause.databaseFlags(stored: stored, expected: expected)
                throw LMDBError(.openDatabase, file: name, cause: cause)
            }
            databases.append(
                Database(
                    handle: handle,
                    environmentNumber: number,
                    keys: definition.keys
                )
            )
        }
        return databases
    }
}
