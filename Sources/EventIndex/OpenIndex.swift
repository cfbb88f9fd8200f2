internal import LMDB

/// An index's environment and its databases, in the order ids, streams, filters, meta.
struct OpenIndex {
    let environment: Environment
    let databases: [Database]

    private static let definitions = [
        Database.Definition("ids", keys: .bytes),
        Database.Definition("streams", keys: .bytes),
        Database.Definition("filters", keys: .bytes),
        Database.Definition("meta", keys: .bytes),
    ]

    /// Opens the file without locks, for reading only; nobody writes it.
    static func sealed(_ path: String) throws(IndexError) -> OpenIndex {
        do throws(LMDBError) {
            let environment = try Environment.openReadOnlyLockless(
                path: path, maxDatabases: IndexLimits.databasesMax)
            return OpenIndex(
                environment: environment, databases: try environment.openDatabases(definitions))
        } catch {
            throw finding(error)
        }
    }

    /// Opens the file that another process may be writing, for reading only.
    static func shared(_ path: String) throws(IndexError) -> OpenIndex {
        do throws(LMDBError) {
            let environment = try Environment.openReadOnlyShared(
                path: path, mapBytes: IndexLimits.mapBytes, maxDatabases: IndexLimits.databasesMax)
            return OpenIndex(
                environment: environment, databases: try environment.openDatabases(definitions))
        } catch {
            throw finding(error)
        }
    }

    /// Opens the file for writing; it is there, or it is made.
    static func growing(_ path: String, isNew: Bool) throws(IndexError) -> OpenIndex {
        // Opening for writing would make anew, and empty, a database that damage has hidden.
        if !isNew { _ = try sealed(path) }
        let options = Environment.Options(
            mapBytes: IndexLimits.mapBytes, maxDatabases: IndexLimits.databasesMax,
            durability: .noMetaSync, creation: isNew ? .always : .never)
        do throws(LMDBError) {
            let environment = try Environment.open(path: path, options: options)
            return OpenIndex(
                environment: environment, databases: try environment.openDatabases(definitions))
        } catch {
            throw finding(error)
        }
    }

    /// A database that is not there is damage: all were made together with the file.
    private static func finding(_ error: LMDBError) -> IndexError {
        error.operation == .openDatabase && error.isMissing
            ? .damaged(file: error.file, what: "a database in it is missing") : IndexError(error)
    }
}
