internal import CLMDB
internal import Glibc
internal import Synchronization

/// One LMDB file, open, with its one owner in this process.
///
/// The environment is a single file (`MDB_NOSUBDIR`) with a lock file `<path>-lock` beside it
/// while open for writing. Read transactions are not bound to threads (`MDB_NOTLS`); the file is
/// never written through the map (`MDB_WRITEMAP`), whose SIGBUS on a full disk nobody survives.
/// Every transaction keeps its environment alive; it closes when the last holder lets go.
///
/// Source: lmdb.h 0.9.24, "Environment Flags" and "Caveats".
@safe
public final class Environment: @unchecked Sendable {
    // Unchecked: the one unsafe member is LMDB's environment handle, immutable here, and LMDB's own
    // locks guard what it points to.

    /// The path it was opened under.
    public let path: String
    /// The last component of the path, which errors name.
    public let name: String
    /// Whether it was opened without locks, for reading only.
    public let isReadOnly: Bool

    let pointer: OpaquePointer
    /// Tells the handles of one environment from those of another; never 0.
    @usableFromInline let number: UInt32
    private let key: FileIdentity.Key
    /// The thread that holds the write transaction, 0 when none does: LMDB's mutex would let a
    /// thread wait for itself for ever.
    let writerThread = Atomic<UInt>(0)
    /// Opening databases changes tables that transactions copy at their begin.
    let databasesLock = Mutex<Void>(())

    private static let numbers = Atomic<UInt32>(0)

    init(path: String, name: String, pointer: OpaquePointer, key: FileIdentity.Key, readOnly: Bool)
    {
        self.path = path
        self.name = name
        unsafe self.pointer = pointer
        self.key = key
        isReadOnly = readOnly
        number = Self.numbers.add(1, ordering: .relaxed).newValue
    }

    deinit {
        EnvironmentRegistry.exclusively { open in
            unsafe mdb_env_close(pointer)
            open.remove(key)
        }
    }

    func failure(_ operation: LMDBError.Operation, _ code: Int32) -> LMDBError {
        LMDBError(operation, file: name, code: code)
    }
}

extension Environment {
    /// Whether an environment file may or must be created by `Environment.open`.
    public enum Creation: Hashable, Sendable {
        /// A missing or empty file becomes an empty environment.
        case ifMissing
        /// The file must not exist.
        case always
        /// The file must exist and hold an environment: what is precious is never replaced by an
        /// empty one because a file went missing.
        case never
    }

    /// How an environment is opened for reading and writing.
    public struct Options: Hashable, Sendable {
        /// The address space reserved, and so the most the file can grow to; rounded up to pages.
        /// Never changed while open: choose it large.
        public var mapBytes: Int
        /// The most read transactions that exist at a time, parked ones included.
        public var maxReaders: Int
        /// The most named databases.
        public var maxDatabases: Int
        /// What a commit waits for.
        public var durability: Durability
        /// Whether the file may or must be created.
        public var creation: Creation
        /// The mode of created files, before the process's umask.
        public var mode: UInt32

        /// Creates options; every default is the careful choice.
        public init(
            mapBytes: Int = Limits.mapBytesDefault,
            maxReaders: Int = Limits.readersDefault,
            maxDatabases: Int = Limits.databasesDefault,
            durability: Durability = .full,
            creation: Creation = .ifMissing,
            mode: UInt32 = 0o600
        ) {
            self.mapBytes = mapBytes
            self.maxReaders = maxReaders
            self.maxDatabases = maxDatabases
            self.durability = durability
            self.creation = creation
            self.mode = mode
        }
    }
}
