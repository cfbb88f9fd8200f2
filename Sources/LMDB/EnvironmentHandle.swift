internal import CLMDB
internal import Glibc

/// LMDB's environment while it is being opened: closed again on every way out but success.
struct EnvironmentHandle: ~Copyable {
    private let owned: OwnedPointer
    private let name: String

    /// LMDB's handle alone: to discard a value, its members must be trivial.
    @safe
    private struct OwnedPointer: ~Copyable {
        let pointer: OpaquePointer

        init(_ pointer: OpaquePointer) {
            unsafe self.pointer = pointer
        }

        deinit {
            unsafe mdb_env_close(pointer)
        }

        consuming func take() -> OpaquePointer {
            let pointer = unsafe self.pointer
            discard self
            return unsafe pointer
        }
    }

    init(name: String) throws(LMDBError) {
        var created: OpaquePointer?
        let code = unsafe mdb_env_create(&created)
        guard code == 0, let pointer = unsafe created else {
            throw LMDBError(.open, file: name, code: code)
        }
        owned = unsafe OwnedPointer(pointer)
        self.name = name
    }

    func configure(mapBytes: Int, maxReaders: Int?, maxDatabases: Int) throws(LMDBError) {
        let page = Int(getpagesize())
        // What a file holds already is mapped all the same: LMDB sees to that.
        let mapBytes = min(mapBytes, EnvironmentRegistry.mapBytesMax)
        let (rounded, overflow) = mapBytes.addingReportingOverflow(page - 1)
        guard !overflow else {
            throw LMDBError(.open, file: name, cause: .option("a map of \(mapBytes) bytes"))
        }
        try check(unsafe mdb_env_set_mapsize(owned.pointer, rounded / page * page))
        if let maxReaders {
            try check(unsafe mdb_env_set_maxreaders(owned.pointer, UInt32(maxReaders)))
        }
        try check(unsafe mdb_env_set_maxdbs(owned.pointer, MDB_dbi(maxDatabases)))
    }

    func open(path: String, flags: UInt32, mode: UInt32) throws(LMDBError) {
        try check(unsafe mdb_env_open(owned.pointer, path, flags, mode))
        // Key lengths are checked before LMDB sees a key, so its limit has to be ours.
        let keyBytesMax = Int(unsafe mdb_env_get_maxkeysize(owned.pointer))
        guard keyBytesMax == Limits.keyBytesMax else {
            let text = "this liblmdb allows keys of \(keyBytesMax) bytes, not \(Limits.keyBytesMax)"
            throw LMDBError(.open, file: name, cause: .option(text))
        }
    }

    func checkReaders() throws(LMDBError) {
        try check(unsafe mdb_reader_check(owned.pointer, nil))
    }

    /// Hands the open environment over to its owner and enters it into the registry.
    consuming func environment(
        path: String,
        readOnly: Bool,
        in open: inout Set<FileIdentity.Key>
    ) throws(LMDBError) -> Environment {
        // By descriptor, not by path: the file registered is the file that LMDB has open.
        var descriptor: Int32 = -1
        try check(unsafe mdb_env_get_fd(owned.pointer, &descriptor))
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw LMDBError(.open, file: name, cause: .system(errno: errno))
        }
        let key = FileIdentity.Key(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        guard open.insert(key).inserted else {
            throw LMDBError(.open, file: name, cause: .alreadyOpen)
        }
        let name = self.name
        return unsafe Environment(
            path: path,
            name: name,
            pointer: owned.take(),
            key: key,
            readOnly: readOnly
        )
    }

    private func check(_ code: Int32) throws(LMDBError) {
        guard code == 0 else { throw LMDBError(.open, file: name, code: code) }
    }
}
