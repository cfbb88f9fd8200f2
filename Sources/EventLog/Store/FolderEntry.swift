internal import Glibc

/// What readdir(3) tells of a folder.
enum FolderEntry {
    /// Returns an entry's name.
    ///
    /// Where it lies, and no further than it goes: the system gives an entry the room that its name
    /// takes, so that a copy of all of `d_name` reads beyond the last one of what was read at once.
    static func name(_ entry: UnsafeMutablePointer<dirent>) -> String {
        unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
