internal import CLMDB
internal import Glibc

extension Environment {
    /// Bounds the map of every file that this process opens from now on, whatever its options say:
    /// for processes with little address space, as under valgrind or `ulimit -v`. Address space is
    /// the process's, and so is the bound.
    ///
    /// - Parameter bytes: At least `Limits.mapBytesMin`; a file that grows to it is full.
    public static func limitMaps(toBytes bytes: Int) {
        precondition(bytes >= Limits.mapBytesMin, "a map of \(bytes) bytes holds nothing")
        EnvironmentRegistry.mapBytesMax = bytes
    }

    /// Opens the environment file at `path` for reading and writing, and clears the reader slots
    /// of processes that ended without letting go.
    ///
    /// The folder's entry of the file is on disk when this returns; its contents are with the
    /// first commit.
    ///
    /// - Throws: `.alreadyOpen` when this process has the file open; `.truncated`,
    ///   `.notAnEnvironment` or `.notInitialised` when the file is damaged, found out before LMDB
    ///   maps it; ENOENT or EEXIST as `options.creation` demands; `.option` for a nonsensical
    ///   option; and what LMDB and the system answer. Nothing stays open.
    public static func open(
        path: String,
        options: Options = Options()
    ) throws(LMDBError) -> Environment {
        let name = FileIdentity.lastComponent(path)
        try check(options, name: name)
        return try EnvironmentRegistry.exclusively { (open) throws(LMDBError) -> Environment in
            let before = try FileIdentity.of(path: path, for: .open)
            try check(before, options, path: path, name: name, open: open)
            let flags = UInt32(MDB_NOSUBDIR | MDB_NOTLS) | options.durability.flags
            let handle = try EnvironmentHandle(name: name)
            try handle.configure(
                mapBytes: options.mapBytes,
                maxReaders: options.maxReaders,
                maxDatabases: options.maxDatabases
            )
            try handle.open(path: path, flags: flags, mode: options.mode)
            // Also when the file existed: an earlier process may have died before doing this.
            try OpenFile.syncFolder(of: path, for: .open)
            try handle.checkReaders()
            return try handle.environment(path: path, readOnly: false, in: &open)
        }
    }

    /// Opens a file that nobody writes, a sealed segment or a backup, for reading only: without
    /// lock file, reader slots, or a trace on disk.
    ///
    /// The map is as long as the file. The caller answers for it that no process writes the file
    /// while it is open.
    ///
    /// - Throws: `.alreadyOpen`, ENOENT, `.truncated`, `.notAnEnvironment`, `.notInitialised`, and
    ///   what LMDB and the system answer. Nothing stays open.
    public static func openReadOnlyLockless(
        path: String,
        maxDatabases: Int = Limits.databasesDefault
    ) throws(LMDBError) -> Environment {
        try openReadOnly(
            path: path, flags: MDB_NOLOCK, mapBytes: nil, maxReaders: nil,
            maxDatabases: maxDatabases)
    }

    /// Opens a file for reading only.
    ///
    /// - Parameter mapBytes: The address space; nil for as much as the file has bytes.
    static func openReadOnly(
        path: String, flags: Int32, mapBytes: Int?, maxReaders: Int?, maxDatabases: Int
    ) throws(LMDBError) -> Environment {
        let name = FileIdentity.lastComponent(path)
        return try EnvironmentRegistry.exclusively { (open) throws(LMDBError) -> Environment in
            guard let file = try FileIdentity.of(path: path, for: .open) else {
                throw LMDBError(.open, file: name, cause: .system(errno: ENOENT))
            }
            guard !open.contains(file.key) else {
                throw LMDBError(.open, file: name, cause: .alreadyOpen)
            }
            // How it was written is not known here, and a commit may come between the looks at the
            // two meta pages.
            try EnvironmentFile.check(path: path, flushedInTurn: false)
            let handle = try EnvironmentHandle(name: name)
            try handle.configure(
                mapBytes: mapBytes ?? max(Int(file.byteCount), Limits.mapBytesMin),
                maxReaders: maxReaders, maxDatabases: maxDatabases)
            let all = UInt32(MDB_NOSUBDIR | MDB_NOTLS | MDB_RDONLY | flags)
            // The mode is that of a lock file, where one is to be made.
            try handle.open(path: path, flags: all, mode: 0o600)
            return try handle.environment(path: path, readOnly: true, in: &open)
        }
    }

    private static func check(_ options: Options, name: String) throws(LMDBError) {
        let refusal: String? =
            if options.mapBytes < Limits.mapBytesMin {
                "a map of \(options.mapBytes) bytes is below \(Limits.mapBytesMin)"
            } else if !(1...Int(Int32.max)).contains(options.maxReaders) {
                "\(options.maxReaders) readers"
            } else if !(0...Int(Int32.max)).contains(options.maxDatabases) {
                "\(options.maxDatabases) databases"
            } else {
                nil
            }
        if let refusal { throw LMDBError(.open, file: name, cause: .option(refusal)) }
    }

    private static func check(
        _ file: FileIdentity?,
        _ options: Options,
        path: String,
        name: String,
        open: Set<FileIdentity.Key>
    ) throws(LMDBError) {
        guard let file else {
            guard options.creation != .never else {
                throw LMDBError(.open, file: name, cause: .system(errno: ENOENT))
            }
            return
        }
        guard !open.contains(file.key) else {
            throw LMDBError(.open, file: name, cause: .alreadyOpen)
        }
        guard options.creation != .always else {
            throw LMDBError(.open, file: name, cause: .system(errno: EEXIST))
        }
        // LMDB takes an empty file for a new one, as it is after a crash during creation.
        if file.byteCount == 0 && options.creation == .ifMissing { return }
        try EnvironmentFile.check(path: path, flushedInTurn: options.durability == .full)
    }
}
