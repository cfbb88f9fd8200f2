internal import Glibc

/// What lies in a folder, for those to whom a folder that cannot be read is an empty one.
public enum FolderListing {
    /// Whether there is a file or folder.
    public static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// The names in a folder, in order, dots left out; none where it cannot be read.
    public static func names(_ folder: String) -> [String] {
        guard let entries = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(entries) }
        var names: [String] = []
        while let entry = unsafe readdir(entries) {
            let name = unsafe FolderEntry.name(entry)
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
