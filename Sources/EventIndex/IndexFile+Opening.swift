public import EventModel
internal import Glibc
internal import LMDB

extension IndexFile {
    /// Returns the name of the index file of the segment that begins at a position.
    public static func fileName(first: Position) -> String { name(first, ".index") }

    static func name(_ first: Position, _ ending: String) -> String {
        let digits = String(first.rawValue)
        return String(repeating: "0", count: max(0, 20 - digits.utf8.count)) + digits + ending
    }

    /// Opens the index of the segment that grows, or makes an empty one when the file is missing.
    ///
    /// - Throws: `damaged`, `otherStore`, `unsupportedFormat`: remove the file and open again;
    ///   `storage`. Nothing stays open.
    public static func open(
        path: String, store: StoreID, first: Position
    ) throws(IndexError) -> IndexFile {
        if unsafe access(path, F_OK) != 0 { try create(path, store, first) }
        return try checked(OpenIndex.growing(path, isNew: false), store, first)
    }

    /// Makes an empty index beside its place and moves it there whole, so that one in its place
    /// without its databases is damaged, never one that was being made when its process died.
    private static func create(
        _ path: String, _ store: StoreID, _ first: Position
    ) throws(IndexError) {
        let temporary = path + ".new"
        // What a start that was killed left.
        try remove(path: temporary)
        try write(temporary, store, first)
        guard unsafe rename(temporary, path) == 0 else {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            throw .storage(LMDBError(.open, file: name, cause: .system(errno: errno)))
        }
        // What is left is the lock file; this flushes the folder too.
        try remove(path: temporary)
    }

    private static func write(
        _ path: String, _ store: StoreID, _ first: Position
    ) throws(IndexError) {
        let opened = try OpenIndex.growing(path, isNew: true)
        var sink = try LeafSink(opened.environment)
        try writeHead(store, first, [], opened.databases[3], to: &sink)
        try sink.commit()
    }

    /// Opens the index of a sealed segment for reading, without locks: as `IndexMerge` made it, or
    /// as it grew.
    ///
    /// - Throws: as `open`; a missing file is `storage`.
    public static func openSealed(
        path: String, store: StoreID, first: Position
    ) throws(IndexError) -> IndexFile {
        try checked(OpenIndex.sealed(path), store, first)
    }

    /// Removes the index at a path, its lock file too; a missing file counts as removed.
    ///
    /// - Throws: `storage`, also when this process has it open.
    public static func remove(path: String) throws(IndexError) {
        do throws(LMDBError) {
            try Environment.remove(path: path)
        } catch {
            throw .storage(error)
        }
    }

    static func writeHead(
        _ store: StoreID, _ first: Position, _ runs: [IndexRun], _ meta: Database,
        to sink: inout LeafSink
    ) throws(IndexError) {
        var version: [UInt8] = []
        version.append(littleEndian: IndexMeta.version)
        try IndexMeta.format.put(version, meta, in: &sink)
        try IndexMeta.segment.put(IndexMeta.segment(store, first), meta, in: &sink)
        try IndexMeta.runs.put(IndexMeta.runs(runs), meta, in: &sink)
    }

    static func checked(
        _ opened: OpenIndex, _ store: StoreID, _ first: Position
    ) throws(IndexError) -> IndexFile {
        let result: Result<IndexFile, IndexError>
        do throws(LMDBError) {
            result = try read(opened, store, first)
        } catch {
            throw IndexError(error)
        }
        return try result.get()
    }

    /// Reads the head; what is wrong with it is wrapped, apart from what LMDB throws.
    private static func read(
        _ opened: OpenIndex, _ store: StoreID, _ first: Position
    ) throws(LMDBError) -> Result<IndexFile, IndexError> {
        let transaction = try opened.environment.beginRead()
        let meta = opened.databases[3]
        let name = opened.environment.name
        let format = try IndexMeta.format.content(meta, in: transaction)
        guard let format, format.count == 4 else { return damaged(name, "format") }
        let version = format.rawSpan.load(littleEndian: UInt32.self, at: 0)
        guard (1...IndexMeta.version).contains(version) else {
            return .failure(
                .unsupportedFormat(file: name, found: version, newest: IndexMeta.version))
        }
        let segment = try IndexMeta.segment.content(meta, in: transaction)
        guard let segment else { return damaged(name, "segment") }
        guard segment == IndexMeta.segment(store, first) else {
            return .failure(.otherStore(file: name))
        }
        let list = try IndexMeta.runs.content(meta, in: transaction)
        guard let list, list.count % 8 == 0 else { return damaged(name, "runs") }
        let runs = try IndexRun.read(list, opened, in: transaction)
        guard let runs else { return damaged(name, "runs") }
        return .success(IndexFile(opened, first: first, store: store, runs: runs))
    }

    private static func damaged(
        _ name: String, _ record: String
    ) -> Result<IndexFile, IndexError> {
        .failure(.damaged(file: name, what: "what it says of its \(record) is missing or wrong"))
    }
}
