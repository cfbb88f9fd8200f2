public import CLMDB

/// A handle to one named database (table) of an environment.
///
/// Open handles once, with `Environment.openDatabases`, before the transactions that use them. It
/// is a few plain bytes; using it with a transaction of another environment, or with the other
/// kind of key, is a broken invariant and ends the process.
@frozen
public struct Database: Hashable, Sendable {
    /// How the keys of a database are compared.
    @frozen
    public enum Keys: UInt8, Hashable, Sendable {
        /// 1 to 511 bytes, compared byte by byte, a prefix before its continuations.
        case bytes
        /// UInt64 in the machine's byte order, compared as numbers (`MDB_INTEGERKEY`).
        case integer
    }

    /// The name and kind of a database that is to be opened.
    public struct Definition: Hashable, Sendable {
        /// The name under which the environment keeps it.
        public let name: String
        /// How its keys are compared.
        public let keys: Keys

        /// Creates a definition; names within an environment are unique.
        public init(_ name: String, keys: Keys) {
            self.name = name
            self.keys = keys
        }
    }

    @usableFromInline let handle: MDB_dbi
    @usableFromInline let environmentNumber: UInt32
    /// How the keys are compared.
    public let keys: Keys

    init(handle: MDB_dbi, environmentNumber: UInt32, keys: Keys) {
        self.handle = handle
        self.environmentNumber = environmentNumber
        self.keys = keys
    }
}
