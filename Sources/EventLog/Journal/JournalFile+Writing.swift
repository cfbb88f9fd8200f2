internal import EventModel
internal import Glibc

extension JournalFile {
    /// Writes into the ring, past the page cache. A short write goes on with its rest: the record
    /// is whole or its checksum is wrong, whatever number of writes it took.
    ///
    /// - Throws: `full`, which a file system that never overwrites may answer although every block
    ///   was written before; `system`.
    func write(
        _ bytes: UnsafeRawBufferPointer, at offset: Int
    ) throws(EventLogError) {
        var done = 0
        while done < bytes.count {
            let count = unsafe pwrite(
                descriptor, bytes.baseAddress! + done, bytes.count - done,
                off_t(Journal.alignment + offset + done))
            if count > 0 {
                done += count
            } else if count == 0 {
                throw .system(operation: "write journal", path: path, errno: EIO)
            } else if errno != EINTR {
                let failure = Self.failure("write journal", path)
                if case .full = failure { throw .full(operation: "append") }
                throw failure
            }
        }
    }

    /// Sees to it that a record whose write had no room is never taken for one, though all of it
    /// may have reached the disk: nobody is told that it is stored.
    ///
    /// Its head is overwritten. Where there is no room for that either, the place is read back: what
    /// is not whole now stays so.
    ///
    /// - Parameters:
    ///   - sequence: The record's own.
    ///   - buffer: Aligned room for the record; overwritten.
    /// - Throws: `system` when the record may be whole: the next start would replay it.
    func revoke(
        sequence: UInt64, _ buffer: UnsafeMutableRawBufferPointer, at offset: Int
    ) throws(EventLogError) {
        let head = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[..<Journal.alignment])
        unsafe head.initializeMemory(as: UInt8.self, repeating: 0)
        do throws(EventLogError) {
            return try unsafe write(UnsafeRawBufferPointer(head), at: offset)
        } catch {
            guard case .full = error else { throw error }
        }
        let count = unsafe pread(
            descriptor, buffer.baseAddress, buffer.count, off_t(Journal.alignment + offset))
        let found = unsafe JournalRecord(
            checking: UnsafeRawBufferPointer(buffer).bytes, key: key)
        guard count == buffer.count, found?.sequence != sequence else {
            throw .system(operation: "revoke a round in journal", path: path, errno: ENOSPC)
        }
    }

    /// Sees to it that records are never found again, and that all others are on disk: a process that
    /// was killed may have left them to the system, and whoever asks for them now may be told that
    /// they are stored.
    ///
    /// - Parameter offsets: Where those begin that go.
    func settle(without offsets: [Int]) throws(EventLogError) {
        let zeros = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Journal.alignment, alignment: Journal.alignment)
        defer { unsafe zeros.deallocate() }
        unsafe zeros.initializeMemory(as: UInt8.self, repeating: 0)
        for offset in offsets { try unsafe write(UnsafeRawBufferPointer(zeros), at: offset) }
        guard fdatasync(descriptor) == 0 else { throw Self.failure("flush journal", path) }
    }

    /// Asks a file system that never overwrites to do so in this file, so that a commit needs no new
    /// room; others refuse, which changes nothing. The file must be empty.
    static func overwriteInPlace(_ descriptor: Int32) {
        var flags: Int = 0
        // FS_IOC_GETFLAGS, FS_IOC_SETFLAGS and FS_NOCOW_FL of linux/fs.h.
        guard unsafe ioctl(descriptor, 0x8008_6601, &flags) == 0 else { return }
        flags |= 0x0080_0000
        _ = unsafe ioctl(descriptor, 0x4008_6602, &flags)
    }
}
