internal import Glibc

/// An environment file looked at with plain reads, before LMDB maps it: what is missing from a
/// mapped file ends the process with SIGBUS.
enum EnvironmentFile {
    /// Checks that the file's first two pages are meta pages of LMDB 0.9 and that the file is as
    /// long as its newest transaction needs.
    ///
    /// A healthy file may end before its last page: pages that a transaction took at the end and
    /// gave back were never written. Then each missing page has to be in the list of free pages.
    ///
    /// - Parameter flushedInTurn: Whether every commit to the file waited for its meta page.
    /// - Throws: `.notInitialised`, `.notAnEnvironment`, `.truncated`, and errno of reading.
    static func check(path: String, flushedInTurn: Bool) throws(LMDBError) {
        let name = FileIdentity.lastComponent(path)
        let file = try OpenFile(path: path, flags: O_RDONLY, for: .open)
        let meta = try MetaPage.newest(in: file, name: name, flushedInTurn: flushedInTurn)
        guard let status = try FileIdentity.of(path: path, for: .open) else {
            throw LMDBError(.open, file: name, cause: .system(errno: ENOENT))
        }
        let wholePages = status.byteCount / UInt64(meta.pageBytes)
        guard meta.pageCount > wholePages else { return }
        let missing = wholePages..<meta.pageCount
        var freePages = FreePages(file: file, meta: meta, wholePages: wholePages)
        guard try freePages.containAll(missing) else {
            let needed = meta.pageCount.multipliedReportingOverflow(by: UInt64(meta.pageBytes))
            throw LMDBError(
                .open,
                file: name,
                cause: .truncated(
                    expectedBytes: needed.overflow ? .max : needed.partialValue,
                    actualBytes: status.byteCount
                )
            )
        }
    }
}
