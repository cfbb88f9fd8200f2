internal import CLMDB
internal import Glibc

/// A committed state that a file can be taken back to after a power cut, although later commits
/// waited for nothing (`Durability.noSync`).
///
/// Three things keep it: its pages were flushed, a read transaction keeps them from being reused,
/// and its meta page, over which later commits write, lies in a file beside the environment's. That
/// file is there as long as commits may be that no flush has followed; the next opening finds it
/// and goes back, whatever the process or the machine died of.
///
///     offset  bytes  field, twice in each slot, at 0 and at 2,048; native byte order
///          0      8  magic "TLROLLBK"
///          8      8  number of the transaction
///         16    152  the beginning of its meta page
///
/// Two slots of 4,096 bytes; the points go into them in turn, so that one that is torn leaves the
/// one before, whose pages are still kept.
@safe
public struct RollbackPoint: ~Copyable, @unchecked Sendable {
    // Unchecked: what it holds may move between threads, and its one owner uses it on one at a time.

    private let environment: Environment
    private let path: String
    private let file: PointFile
    private var kept: ReadTransaction
    private var slot = 0

    static let slotBytes = 4_096
    static let copyBytes = 2_048
    static let magic = Array("TLROLLBK".utf8)

    /// Flushes what is committed and keeps it as the state to go back to.
    ///
    /// - Parameter path: The file beside, made anew.
    /// - Throws: errno of the flush (`.sync`), after which nothing of the file is known, and of writing the
    ///   point's own (`.keepState`).
    public init(of environment: Environment, at path: String) throws(LMDBError) {
        let draft = path + ".new"
        let kept = try environment.beginRead()
        try environment.sync()
        let slot = try Self.slot(of: kept.number, environment)
        let file = try OpenFile(
            path: draft, flags: O_RDWR | O_CREAT | O_TRUNC, mode: 0o600, for: .keepState)
        try file.write(slot, at: 0)
        try file.write([UInt8](repeating: 0, count: Self.slotBytes), at: UInt64(Self.slotBytes))
        try file.sync()
        guard unsafe rename(draft, path) == 0 else {
            throw LMDBError(.keepState, file: environment.name, cause: .system(errno: errno))
        }
        try OpenFile.syncFolder(of: path, for: .keepState)
        self.environment = environment
        self.path = path
        self.file = PointFile(file)
        self.kept = kept
    }

    /// The point's file, as long as somebody may write into it.
    fileprivate final class PointFile: Sendable {
        let file: OpenFile

        init(_ file: consuming OpenFile) { self.file = file }
    }

    /// A committed state on its way to the disk. While it is there, others may commit.
    public struct Draft: ~Copyable, @unchecked Sendable {
        // Unchecked: as the point, it moves between threads and is used on one at a time.
        fileprivate let kept: ReadTransaction
        fileprivate let slot: Int
        private let bytes: [UInt8]
        private let environment: Environment
        private let file: PointFile

        fileprivate init(
            _ kept: consuming ReadTransaction, in environment: Environment, into slot: Int,
            of file: PointFile
        ) throws(LMDBError) {
            bytes = try RollbackPoint.slot(of: kept.number, environment)
            self.kept = kept
            self.slot = slot
            self.environment = environment
            self.file = file
        }

        /// Flushes it, and then what tells of it.
        ///
        /// - Throws: as the point's beginning.
        public borrowing func flush() throws(LMDBError) {
            try environment.sync()
            try file.file.write(bytes, at: UInt64(slot * RollbackPoint.slotBytes))
            try file.file.syncContents()
        }
    }

    /// The state that is committed now; nil where that is the one that is kept.
    ///
    /// Between two transactions of the one thread that writes.
    public func draft() throws(LMDBError) -> Draft? {
        let next = try environment.beginRead()
        guard next.number != kept.number else { return nil }
        return try Draft(next, in: environment, into: 1 - slot, of: file)
    }

    /// Keeps a state, which has been flushed, instead of the one before.
    public mutating func keep(_ flushed: consuming Draft) {
        slot = flushed.slot
        // Only now may the pages of the state before be reused.
        kept = flushed.kept
    }

    /// Flushes what is committed and keeps it instead of the state before.
    ///
    /// Between two transactions of the one thread that writes.
    public mutating func renew() throws(LMDBError) {
        guard let draft = try draft() else { return }
        try draft.flush()
        keep(draft)
    }

    /// Flushes what is committed and gives the point up: nothing is left to go back from.
    public consuming func settle() throws(LMDBError) {
        try environment.sync()
        try Self.remove(path)
    }

    private static func slot(
        of transaction: UInt64, _ environment: Environment
    ) throws(LMDBError) -> [UInt8] {
        let source = try environment.file(for: .keepState)
        guard
            let page = try MetaPage.bytes(
                ofTransaction: transaction, in: source, name: environment.name)
        else {
            // Readers of another time have left the lock file behind, with a number of theirs.
            throw LMDBError(.keepState, file: environment.name, cause: .notInitialised)
        }
        var copy = magic
        unsafe withUnsafeBytes(of: transaction) { unsafe copy.append(contentsOf: $0) }
        copy += page
        copy += [UInt8](repeating: 0, count: copyBytes - copy.count)
        return copy + copy
    }

    /// Removes a point's file, if there is one.
    public static func remove(_ path: String) throws(LMDBError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else {
            throw LMDBError(
                .remove, file: FileIdentity.lastComponent(path), cause: .system(errno: errno))
        }
        try OpenFile.syncFolder(of: path, for: .remove)
    }
}

extension Environment {
    /// The environment's file, wherever it has been moved.
    fileprivate func file(for operation: LMDBError.Operation) throws(LMDBError) -> OpenFile {
        var descriptor: Int32 = -1
        let code = unsafe mdb_env_get_fd(pointer, &descriptor)
        guard code == 0 else { throw failure(operation, code) }
        return try OpenFile(duplicating: descriptor, name: name, for: operation)
    }

    /// Takes a file, not open, back to the state that a point keeps, if there is one.
    ///
    /// - Parameters:
    ///   - path: The environment's file; when there is none, the point goes.
    ///   - rollback: The file beside it.
    /// - Returns: Whether there was a point.
    /// - Throws: `.notInitialised` for a point that is damaged: the environment's file is worth
    ///   nothing then; errno of reading and writing.
    @discardableResult
    public static func rollBack(path: String, to rollback: String) throws(LMDBError) -> Bool {
        guard try FileIdentity.of(path: rollback, for: .open) != nil else { return false }
        if try FileIdentity.of(path: path, for: .open) != nil {
            try restore(path, try newest(in: rollback))
        }
        try RollbackPoint.remove(rollback)
        return true
    }

    private static func newest(
        in rollback: String
    ) throws(LMDBError) -> (transaction: UInt64, page: [UInt8]) {
        let file = try OpenFile(path: rollback, flags: O_RDONLY, for: .open)
        var found: (transaction: UInt64, page: [UInt8])?
        for slot in 0..<2 {
            let bytes = try file.read(
                at: UInt64(slot * RollbackPoint.slotBytes), byteCount: RollbackPoint.slotBytes)
            let half = RollbackPoint.copyBytes
            guard bytes.count == 2 * half, bytes[..<half] == bytes[half...],
                bytes.starts(with: RollbackPoint.magic)
            else { continue }
            let transaction = bytes.rawSpan.load(UInt64.self, at: 8)
            if let found, found.transaction > transaction { continue }
            found = (transaction, Array(bytes[16..<16 + MetaPage.byteCount]))
        }
        guard let found else {
            throw LMDBError(
                .open, file: FileIdentity.lastComponent(rollback), cause: .notInitialised)
        }
        return found
    }

    /// Writes a state's meta page into its place, and one step older into the other's, so that
    /// none of a later state is left. The lock file goes: where somebody still has it open, the number
    /// of the state that was lost stands in it.
    private static func restore(
        _ path: String, _ state: (transaction: UInt64, page: [UInt8])
    ) throws(LMDBError) {
        guard unsafe unlink(path + "-lock") == 0 || errno == ENOENT else {
            throw LMDBError(
                .remove, file: FileIdentity.lastComponent(path), cause: .system(errno: errno))
        }
        let file = try OpenFile(path: path, flags: O_RDWR, for: .open)
        let pageBytes = UInt64(state.page.rawSpan.load(UInt32.self, at: 40))
        for step: UInt64 in 0...min(1, state.transaction) {
            let transaction = state.transaction - step
            let number = transaction & 1
            var page = state.page
            unsafe page.withUnsafeMutableBytes { bytes in
                unsafe bytes.storeBytes(of: number, toByteOffset: 0, as: UInt64.self)
                unsafe bytes.storeBytes(
                    of: transaction, toByteOffset: MetaPage.transactionOffset, as: UInt64.self)
            }
            try file.write(page, at: number * pageBytes)
        }
        try file.sync()
    }
}
