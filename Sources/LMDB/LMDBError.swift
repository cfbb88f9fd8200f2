/// An LMDB operation that was refused or failed.
///
/// Holds what was tried, on which file (the last component of its path only) and why. It never
/// holds a key or a value.
public struct LMDBError: Error, Hashable, Sendable {
    /// What was tried.
    public enum Operation: String, Hashable, Sendable {
        case open
        case openDatabase = "open database"
        case beginRead = "begin read transaction"
        case resumeRead = "resume read transaction"
        case beginWrite = "begin write transaction"
        case commit
        case get
        case put
        case append
        case delete
        case clear
        case openCursor = "open cursor"
        case moveCursor = "move cursor"
        case sync
        case keepState = "keep a state"
        case copy
        case checkReaders = "check readers"
        case readStatistics = "read statistics"
        case remove
    }

    /// Why it was refused or failed.
    public enum Cause: Hashable, Sendable {
        /// LMDB answered one of its own codes (`MDB_MAP_FULL` = -30792 …).
        case library(code: Int32)
        /// A system call failed with this errno, directly or inside LMDB.
        case system(errno: Int32)
        /// The file is already open in this process; share the one `Environment`.
        case alreadyOpen
        /// The path names something that is not a regular file.
        case notAFile
        /// The file is empty or ends within its first two pages: its creation never finished.
        case notInitialised
        /// The first two pages are not those of an LMDB 0.9 file.
        case notAnEnvironment
        /// The file ends before pages its newest transaction needs.
        case truncated(expectedBytes: UInt64, actualBytes: UInt64)
        /// A key has this length, outside 1 ... `Limits.keyBytesMax`.
        case keyLength(Int)
        /// A value has this length, beyond `Limits.valueBytesMax`.
        case valueLength(Int)
        /// The stored database has other flags than the ones it was opened with.
        case databaseFlags(stored: UInt32, expected: UInt32)
        /// The environment was opened read-only.
        case readOnly
        /// An option lies outside what LMDB can do.
        case option(String)
    }

    /// What was tried.
    public let operation: Operation
    /// The last component of the environment's path.
    public let file: String
    /// Why it was refused or failed.
    public let cause: Cause

    /// Creates an error.
    public init(_ operation: Operation, file: String, cause: Cause) {
        self.operation = operation
        self.file = file
        self.cause = cause
    }

    /// Creates an error from a return code of liblmdb: its own codes are negative, errno positive.
    init(_ operation: Operation, file: String, code: Int32) {
        let cause: Cause = code < 0 ? .library(code: code) : .system(errno: code)
        self.init(operation, file: file, cause: cause)
    }
}
